{%- macro piecewise_linear(point, corners) -%}
    {#-
        Piecewise linear: straight lines between corners; outside them the nearer corner's rate.

        corners   list of [value, rate], values rising, two or more
        Domain    any number
        Missing   no value, no rate
        Source    value functions of multi-criteria evaluation (Keeney and Raiffa, 1976)
    -#}
    case
        when {{ point }} is null then null
        when {{ point }} <= {{ corners[0][0] }} then {{ float(corners[0][1]) }}
        {%- for x, y in corners[1:] %}
        {%- set x0, y0 = corners[loop.index0] %}
        when {{ point }} <= {{ x }}
            then {{ float(y0) }} + ({{ point }} - {{ x0 }}) * {{ float((y - y0) / (x - x0)) }}
        {%- endfor %}
        else {{ float(corners[-1][1]) }}
    end
{%- endmacro -%}
