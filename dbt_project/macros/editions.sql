{#- Editions: which rows, weights and parameters count in the edition of this run. -#}

{%- macro in_this_edition(relation=none) -%}
    {#- Condition: the row belongs to the edition of this run. -#}
    {{ relation ~ '.' if relation else '' }}edition = '{{ var("edition") }}'
{%- endmacro -%}

{%- macro in_effect(entry) -%}
    {#- Whether an entry (weight, parameter) with optional first_edition and
        last_edition, both inclusive, counts in the edition of this run. -#}
    {%- set edition = var('edition') | string -%}
    {{- return(
        (not entry.get('first_edition') or entry['first_edition'] | string <= edition)
        and (not entry.get('last_edition') or edition <= entry['last_edition'] | string)
    ) -}}
{%- endmacro -%}

{%- macro register_in_effect() -%}
    {#- Condition on a register: its row counts in the edition of this run. -#}
    coalesce(first_edition, '') <= '{{ var("edition") }}'
    and '{{ var("edition") }}' <= coalesce(last_edition, '9999')
{%- endmacro -%}
