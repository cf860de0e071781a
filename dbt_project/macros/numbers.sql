{%- macro float(number) -%}
    {#- A float64 literal: a bare 0.25 would be a DECIMAL in DuckDB. -#}
    cast({{ number }} as double)
{%- endmacro -%}

{%- macro published_number(expression) -%}
    {#- The number as published: 12 significant digits, so that the last bits of
        float arithmetic neither break ties nor change bytes. -#}
    cast(format('{:.12g}', {{ expression }}) as double)
{%- endmacro -%}

{%- macro rounded(rate, rule, times=none) -%}
    {#-
        A rate as a method states it, by the parameter `rounding`: `half_up 1 of 100` rounds to
        one decimal on the scale on which full marks are 100; without `of` they are 1.

        half_up     a half goes away from zero
        half_even   a half goes to the even neighbour
        The decimal number is rounded as a person would, whatever its float64: 2.675 to two
        digits is 2.68 half up, -0.5 to none -1 half up and 0 half even.

        times   the rounded rate is multiplied with it, before the only division
    -#}
    {%- set words = rule.split() -%}
    {%- set known = 'none, half_up or half_even with digits, as in `half_up 2` or `half_even 1 of 100`' -%}
    {%- if words | length not in (2, 4) or words[0] not in ('half_up', 'half_even') or not modules.re.fullmatch('-?[0-9]+', words[1]) or (words | length == 4 and (words[2] != 'of' or words[3] | float <= 0)) -%}
        {{ refuse_value('rounding', rule, known) }}
    {%- endif -%}
    {%- set unit = 10 ** (words[1] | int) * (words[3] | float if words | length == 4 else 1.0) -%}
    {%- set units = published_number(rate ~ ' * ' ~ float(unit)) -%}
    ({{ 'round(' ~ units ~ ')' if words[0] == 'half_up' else 'round_even(' ~ units ~ ', 0)' }} + 0){{ ' * ' ~ times if times }} / {{ float(unit) }}
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
