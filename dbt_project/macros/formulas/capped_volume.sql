{%- macro capped_volume(point, cap) -%}
    {#-
        Capped volume (量): the count as a share of what is enough; more than enough earns no more.

        cap       how many are enough, above 0
        Domain    0 and more; below 0 counts as 0
        Missing   no count, no rate
        Source    value type "volume" (fact 35)
    -#}
    {{ share_of(point, float(cap)) }}
{%- endmacro -%}
