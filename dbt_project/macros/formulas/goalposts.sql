{%- macro goalposts(point, zero_at, one_at, clipped=true) -%}
    {#-
        Goalposts: a straight line from 0 at the one post to 1 at the other, whichever is larger.

        zero_at, one_at  values that differ
        clipped          whether what lies outside counts as the nearer post; else the line goes
                         on, below 0 and above 1
        Domain           any number
        Missing          no value, no rate
        Source           goalposts (UNDP, Human Development Report, technical note 1)
    -#}
    {%- set line = '(' ~ point ~ ' - ' ~ float(zero_at) ~ ') / ' ~ float(one_at - zero_at) -%}
    {{ clip(line, 0, 1) if clipped else line }}
{%- endmacro -%}
