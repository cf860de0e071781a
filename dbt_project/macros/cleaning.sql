{#- What was cleaned before a table was landed. -#}

{%- macro cleaning(tables) -%}
{#-
    The counts that landing wrote beside each landed table, a row a table, kind and reason:
    read, corrected (cells), excluded (by a correction), quarantined (all, then by reason),
    duplicate (of the quarantined), landed.

    They lie beside the table, so that its asset and its fingerprint are theirs.
-#}
{%- do has_columns({
    'edition': 'varchar', 'collected_table': 'varchar', 'kind': 'varchar', 'reason': 'varchar',
    'rows': 'integer'
}, 'What was cleaned before each table was landed, a row a table, kind and reason') -%}
{%- set framework = framework_code() -%}
{%- for table in tables %}
select
    edition,
    collected_table,
    kind,
    reason,
    cast(rows as integer) as rows
from {{ source(framework, table) | string | replace('/' ~ table ~ '.parquet', '/' ~ table ~ '_cleaning.parquet') }}
where {{ in_this_edition() }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro -%}
