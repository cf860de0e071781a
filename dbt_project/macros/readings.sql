{#- How what was collected becomes a number. -#}

{%- macro reading_as_number(reading, point_type, window_end) -%}
    {#-
        A reading as a number, null if it was not found in a way that has a number.

        dates       age in days at the end of the collection window
        durations   days; not found has no number
        all others  the number; not found is 0 (未找到 is 0, 未采集 is missing)
    -#}
    case
        when {{ point_type }} = 'date'
            then date_diff('day', try_cast({{ reading }} as date), {{ window_end }})
        when {{ reading }} = 'not_found' and {{ point_type }} = 'duration' then null
        when {{ reading }} = 'not_found' then 0
        else try_cast({{ reading }} as double)
    end
{%- endmacro -%}
