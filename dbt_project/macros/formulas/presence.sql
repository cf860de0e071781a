{%- macro presence(point) -%}
    {#-
        Presence (有无): 1 if the thing that was looked for was found, else 0.

        Domain    value of the point; any positive value counts as found
        Missing   a point that was not collected gives no rate
        Source    value type "presence" of the 2019 report (fact 35); items of the
                  Chilean index (method text of the data set)
    -#}
    case when {{ point }} is null then null when {{ point }} > 0 then 1 else 0 end
{%- endmacro -%}
