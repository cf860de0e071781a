{%- macro weighted_mean(parts) -%}
    {#-
        Weighted mean of parts; parts without a rate are left out and the others' weights rescaled.

        parts     list of [weight, expression of a rate]; weights add up to 1
        Domain    rates as their own formulas give them, weights above 0; a mean of rates 0..1 is
                  0..1, and where a part lies beyond, the mean may too
        Missing   no part left: no rate
        Source    linear aggregation (OECD/JRC Handbook, 2008); missing points as stated in the method
    -#}
    list_sum([
        {%- for weight, rate in parts %}
        {{ float(weight) }} * {{ rate }}{{ ',' if not loop.last }}
        {%- endfor %}
    ]) / list_sum([
        {%- for weight, rate in parts %}
        case when {{ rate }} is not null then {{ float(weight) }} end{{ ',' if not loop.last }}
        {%- endfor %}
    ])
{%- endmacro -%}
