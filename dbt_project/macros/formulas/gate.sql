{%- macro gate(precondition, rate) -%}
    {#-
        Gate: nothing without the precondition.

        precondition  a point; any positive value opens the gate
        rate          expression of the rate behind it
        Domain        the precondition any number, a negative one counts as 0; the rate as its own
                      formula gives it
        Missing       precondition not collected, no rate
        Source        regions without the service earn nothing for its quality (facts 108, 122, 123)
    -#}
    case
        when {{ precondition }} is null then null
        when {{ precondition }} > 0 then {{ rate }}
        else 0
    end
{%- endmacro -%}
