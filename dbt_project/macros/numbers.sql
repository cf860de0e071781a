{%- macro float(number) -%}
    {#- A float64 literal: a bare 0.25 would be a DECIMAL in DuckDB. -#}
    cast({{ number }} as double)
{%- endmacro -%}

{%- macro published_number(expression) -%}
    {#- The number as published: 12 significant digits, so that the last bits of
        float arithmetic neither break ties nor change bytes. -#}
    cast(format('{:.12g}', {{ expression }}) as double)
{%- endmacro -%}

{%- macro clip(value, lowest=none, highest=none) -%}
    {#- The value, or the nearer bound if it lies outside; null stays null, which
        DuckDB's least() and greatest() would pass over. -#}
    case
        {%- if lowest is not none %} when {{ value }} < {{ lowest }} then {{ lowest }}{% endif %}
        {%- if highest is not none %} when {{ value }} > {{ highest }} then {{ highest }}{% endif %}
        else {{ value }} end
{%- endmacro -%}

{%- macro share_of(value, whole) -%}
    {#- The value as a share of the whole, 0..1. -#}
    {{ clip(value ~ ' / ' ~ whole, 0, 1) }}
{%- endmacro -%}
