{%- macro given_rate(point) -%}
    {#-
        Given rate: a rate that somebody else made and printed, taken as it is.

        Domain    any number; printed rates may lie beyond 1
        Missing   not printed, no rate
        Source    components of the UN E-Government Development Index (fact 267)
    -#}
    {{ point }}
{%- endmacro -%}
