{%- macro geometric_mean(rates) -%}
    {#-
        Geometric mean of parts: a part that is missing altogether cannot be made up for by others.

        rates     expressions of rates, 0..1
        Domain    a part of 0 makes it 0, and so does one below 0; one above 1 goes in as it is
        Missing   parts without a rate are left out; none left: no rate
        Source    geometric aggregation (OECD/JRC Handbook, 2008)
    -#}
    pow(
        list_product([
            {%- for rate in rates %}
            {{ clip(rate, 0) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]),
        1 / nullif(list_count([
            {%- for rate in rates %}
            {{ rate }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]), 0)
    )
{%- endmacro -%}
