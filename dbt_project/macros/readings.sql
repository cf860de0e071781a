{#- How what was collected becomes a number. -#}

{%- macro reading_as_number(reading, points, window_end) -%}
    {#-
        A reading as a number; null if it was not found and the register of points gives that no
        number (column not_found: 未找到 is 0, but for dates, durations and depths, which have none).

        points      relation of the register, joined by the point's code
        dates       age in days at the end of the collection window
        yes and no  1 and 0
    -#}
    case
        when {{ reading }} = 'not_found' then {{ points }}.not_found
        when {{ points }}.point_type = 'date'
            then date_diff('day', try_cast({{ reading }} as date), {{ window_end }})
        when {{ reading }} = 'yes' then 1
        when {{ reading }} = 'no' then 0
        else try_cast({{ reading }} as double)
    end
{%- endmacro -%}

{%- macro reading_status(reading, number, point_type) -%}
    {#- observed, or not_found: said so, or a thing that was looked for is not there. An observed
        count of 0 stays observed. -#}
    case
        when {{ reading }} = 'not_found' or ({{ point_type }} = 'presence' and {{ number }} = 0)
            then 'not_found'
        else 'observed'
    end
{%- endmacro -%}

{%- macro rounds_in_agreement(numbers, value, point_type) -%}
    {#-
        Share of the collected rounds that have a value: the same one, for counts, shares and
        days within 5 % of it.

        numbers   list with a number a round, null where the thing was not found
        value     null if it was not found
    -#}
    len(list_filter({{ numbers }}, lambda number: case
        when {{ value }} is null or number is null then {{ value }} is null and number is null
        when {{ point_type }} in ('presence', 'graded', 'date') then number = {{ value }}
        else abs(number - {{ value }}) <= 0.05 * abs({{ value }})
    end)) / len({{ numbers }})
{%- endmacro -%}
