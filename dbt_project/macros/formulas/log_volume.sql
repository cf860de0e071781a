{%- macro log_volume(point, cap) -%}
    {#-
        Logarithmic volume (量): ln(1 + count) / ln(1 + cap), so that the first ones count most.

        cap       how many are enough, above 0
        Domain    0 and more; below 0 counts as 0, above cap as cap
        Missing   no count, no rate
        Source    value type "volume" (fact 35), for counts that differ by orders of magnitude
    -#}
    {{ clip('ln(1 + ' ~ clip(point, 0) ~ ') / ln(' ~ float(1 + cap) ~ ')', none, 1) }}
{%- endmacro -%}
