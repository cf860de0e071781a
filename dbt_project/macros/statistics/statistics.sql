{#-
    Statistics of the report (facts 225, 274), long: a row a figure. A model is one
    line that names its macro.

    indicator_code is empty where a figure concerns no indicator. group_kind and group_name say
    over which regions it is taken: nation, economic_region, province, region_class, band,
    grade, region (a code), collection, point (a code). detail is a name that belongs to the
    figure, or why it has no value.
-#}

{%- macro statistics() -%}
{#- All statistics of the edition: those of the scores, their changes, those of the collection. -#}
{%- do has_columns(figure_columns(), 'The statistics of the report, a row a figure') -%}
{%- set framework = framework_code() %}
select * from {{ ref(framework ~ '__score_statistics') }}
where {{ in_this_edition() }}
union all
select * from {{ ref(framework ~ '__change_statistics') }}
where {{ in_this_edition() }}
union all
select * from {{ ref(framework ~ '__collection_statistics') }}
where {{ in_this_edition() }}
{%- endmacro -%}


{%- macro figure_columns() -%}
    {#- The columns of every table of statistics. -#}
    {{- return({
        'edition': 'varchar', 'object_group': 'varchar', 'indicator_code': 'varchar',
        'indicator_name': 'varchar', 'level': 'integer', 'statistic': 'varchar',
        'group_kind': 'varchar', 'group_name': 'varchar', 'value': 'double', 'detail': 'varchar',
    }) -}}
{%- endmacro -%}

{%- macro figures(named) -%}
    {#- Columns statistic, value and detail, a row each: {name: SQL} or {name: [SQL, SQL of the detail]}. -#}
    unnest([
        {%- for statistic, value in named.items() %}
        {
            'statistic': '{{ statistic }}',
            'value': cast({{ value if value is string else value[0] }} as double),
            'detail': cast({{ 'null' if value is string else value[1] }} as varchar)
        }{{ ',' if not loop.last }}
        {%- endfor %}
    ], recursive := true)
{%- endmacro -%}

{%- macro long_rows(collected) -%}
    {#- The rows of a relation of figures as the long table has them. -#}
select
    '{{ var("edition") }}' as edition,
    object_group,
    indicator_code,
    indicator_name,
    level,
    statistic,
    group_kind,
    group_name,
    {{ published_number('value') }} as value,
    detail
from {{ collected }}
{%- endmacro -%}

{%- macro printed(value, digits) -%}
    {#- Rounded half away from zero as a person rounds the decimal number, whatever its float64. -#}
    cast(round(cast({{ value }} as decimal(38, 14)), {{ digits }}) as double)
{%- endmacro -%}

{%- macro deviation(numbers, mean) -%}
    {#- Sample standard deviation (n - 1) of a list; null of fewer than two. -#}
    sqrt(
        list_sum(list_transform({{ numbers }}, lambda one: (one - {{ mean }}) * (one - {{ mean }})))
        / nullif(len({{ numbers }}) - 1, 0)
    )
{%- endmacro -%}
