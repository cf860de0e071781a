{#-
    The materialization `edition`: a table that keeps all editions, of which a run
    overwrites one, whole.

    In one transaction the rows of the edition of this run are taken out and the new
    ones put in, so a region that left the edition leaves no row, and a run that is
    killed leaves the old ones. A table whose columns are no longer those of the
    contract is built anew; its other editions are stale by then and are computed again.
-#}
{% materialization edition, adapter='duckdb' -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- do model.update({'columns': declared_columns()}) -%}
    {%- do get_assert_columns_equivalent(sql) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none -%}
        {#- adapter.get_columns_in_relation asks the same through a macro, which takes as long as
            computing a small model. -#}
        {%- set columns = adapter.get_column_schema_from_query('select * from ' ~ existing) -%}
        {%- set found = columns | map(attribute='name') | list -%}
        {%- if found != model['columns'].keys() | list -%}
            {%- do adapter.drop_relation(existing) -%}
            {%- set existing = none -%}
        {%- endif -%}
    {%- endif -%}
    {%- call statement('main') %}
        {%- if existing is none %}
        create table {{ target }} {{ get_table_columns_and_constraints() }};
        {%- endif %}
        delete from {{ target }} where {{ in_this_edition() }};
        insert into {{ target }} by name (
            {{ sql }}
        );
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target]}) }}
{%- endmaterialization %}
