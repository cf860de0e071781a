{%- macro inverse_goalposts(point, best, worst) -%}
    {#-
        Fewer is better, between goalposts: 1 at best or below, 0 at worst or above.

        best, worst  counts, best below worst
        Domain       any number; what lies outside the goalposts counts as the nearer one
        Missing      not collected, no rate; a duration of what was not found: 0
        Source       goalposts (UNDP, Human Development Report, technical note 1)
    -#}
    case
        when {{ point }} is null and {{ point }}__status = 'not_found' then 0
        else {{ clip('(' ~ float(worst) ~ ' - ' ~ point ~ ') / ' ~ float(worst - best), 0, 1) }}
    end
{%- endmacro -%}
