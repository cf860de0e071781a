{%- macro steps(point, thresholds) -%}
    {#-
        Piecewise steps: the rate of the highest threshold that is reached; below the first, 0.

        thresholds  list of [threshold, rate], rising
        Domain      any number
        Missing     no value, no rate
        Source      value type "graded" (分级) over volumes
    -#}
    case
        when {{ point }} is null then null
        {%- for threshold, rate in thresholds | reverse %}
        when {{ point }} >= {{ threshold }} then {{ rate }}
        {%- endfor %}
        else 0
    end
{%- endmacro -%}
