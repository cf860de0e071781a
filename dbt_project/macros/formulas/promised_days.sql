{%- macro promised_days(point, promised, zero_at) -%}
    {#-
        Days within a promise: 1 up to the promised time, then falling evenly to 0.

        promised  days that are promised; zero_at: days at which nothing is earned, above promised
        Domain    0 and more; no answer found: 0
        Missing   not collected, no rate
        Source    replies within the promised time (fact 148); value type "duration" (时效)
    -#}
    case
        when {{ point }}__status = 'not_found' then 0
        else {{ clip('(' ~ float(zero_at) ~ ' - ' ~ point ~ ') / ' ~ float(zero_at - promised), 0, 1) }}
    end
{%- endmacro -%}
