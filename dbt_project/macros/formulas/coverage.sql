{%- macro coverage(point, required) -%}
    {#-
        Coverage: how many of a required set were found.

        required  size of the required set, above 0
        Domain    0..required; what lies outside counts as the nearer end
        Missing   no count, no rate
        Source    coverage of lists and domains (facts 2, 4); value type "volume" (fact 35)
    -#}
    {{ share_of(point, float(required)) }}
{%- endmacro -%}
