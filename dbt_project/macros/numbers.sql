{%- macro float(number) -%}
    {#- A float64 literal: a bare 0.25 would be a DECIMAL in DuckDB. -#}
    cast({{ number }} as double)
{%- endmacro -%}

{%- macro published_number(expression) -%}
    {#- The number as published: 12 significant digits, so that the last bits of
        float arithmetic neither break ties nor change bytes. -#}
    cast(format('{:.12g}', {{ expression }}) as double)
{%- endmacro -%}
