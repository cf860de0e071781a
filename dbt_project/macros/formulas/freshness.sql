{%- macro freshness(point, half_life) -%}
    {#-
        Freshness (时效): halves with every half-life that has gone by since the last update.

        point      age in days at the end of the collection window
        half_life  days, above 0
        Domain     0 and more; a date after the window counts as fresh; no date found: 0
        Missing    not collected, no rate
        Source     value type "date" (时效); exponential decay
    -#}
    case
        when {{ point }}__status = 'not_found' then 0
        else pow(0.5, {{ clip(point, 0) }} / {{ float(half_life) }})
    end
{%- endmacro -%}
