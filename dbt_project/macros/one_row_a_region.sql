{#-
    What a framework needs whose collected table has a row a region and a column a point: a
    model is one call that names its columns.
-#}

{%- macro assessed_regions(register, others=(), parent_region=none) -%}
{#-
    Who the edition assesses, from a register.

    others         columns that the register has of region_class and economic_region
    parent_region  only the regions of this province
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'region_code': 'varchar',
    'region_name': 'varchar', 'parent_region': 'varchar', 'region_class': 'varchar',
    'economic_region': 'varchar',
}, 'Who the edition assesses, from the register') -%}
select
    '{{ var("edition") }}' as edition,
    'all' as object_group,
    region_code,
    region_name,
    parent_region,
    {{ 'region_class' if 'region_class' in others else 'cast(null as varchar) as region_class' }},
    {{ 'economic_region' if 'economic_region' in others else 'cast(null as varchar) as economic_region' }}
from {{ ref(register) }}
where {{ register_in_effect() }}
{%- if parent_region %} and parent_region = '{{ parent_region }}'{% endif %}
{%- endmacro -%}


{%- macro collected_columns(table, columns) -%}
{#-
    A landed table as it is: the region's code, the columns {name: type}, and the place in the
    raw files.
-#}
{%- set declared = {'edition': 'varchar', 'region_code': 'varchar'} -%}
{%- do declared.update(columns) -%}
{%- do declared.update({
    'source_file': 'varchar', 'source_sheet': 'varchar', 'source_row': 'integer'
}) -%}
{%- do has_columns(declared, 'Landed table ' ~ table ~ ', names and types') -%}
select
    edition,
    region_code,
    {%- for name, type in columns.items() %}
    cast({{ name }} as {{ type }}) as {{ name }},
    {%- endfor %}
    source_file,
    source_sheet,
    cast(source_row as integer) as source_row
from {{ source(framework_code(), table) }}
where {{ in_this_edition() }}
{%- endmacro -%}


{%- macro points_in_columns(table, points) -%}
{#-
    What was measured, one row a region and point of the register. A point that is blank, or
    whose region has no row, has a row that says so; so have all points of a region that was not
    surveyed: some files hold such regions with zeros, and the parameter not_surveyed names the
    points whose zero says it.
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'region_code': 'varchar',
    'point_code': 'varchar', 'value': 'double', 'status': 'varchar', 'rounds': 'integer',
    'assessors': 'integer', 'raw_file': 'varchar', 'sheet': 'varchar', 'row': 'integer',
}, 'What was measured, a row a region and point, with its place in the raw files') -%}
{%- set framework = framework_code() %}
with measured as (
    select
        *,
        0 in ({{ (parameter('not_surveyed') or ['null']) | join(', ') if execute else 'null' }})
            as is_unsurveyed
    from {{ ref(framework ~ '__' ~ table) }}
    where {{ in_this_edition() }}
),

collected as (
    unpivot measured
    on {{ points | join(', ') }}
    into name point_code value value -- noqa: LT02
)

select
    '{{ var("edition") }}' as edition,
    regions.object_group,
    regions.region_code,
    points.point_code,
    cast(case when collected.is_unsurveyed is not true then collected.value end as double)
        as value,
    case
        when collected.value is null or collected.is_unsurveyed then 'not_collected'
        when points.point_type = 'presence' and collected.value = 0 then 'not_found'
        else 'observed'
    end as status,
    case when collected.value is null then 0 else 1 end as rounds,
    0 as assessors,
    collected.source_file as raw_file,
    collected.source_sheet as sheet,
    collected.source_row as row
from {{ ref(framework ~ '__regions') }} as regions
cross join {{ ref(framework ~ '__points') }} as points
left join collected
    on regions.region_code = collected.region_code
        and points.point_code = collected.point_code
where {{ in_this_edition('regions') }} and {{ register_in_effect() }}
{%- endmacro -%}


{%- macro readings_in_columns(table, points, zh='采集文件中的数值', en='the value in the collected file') -%}
{#-
    Every cell of the points, one row a region and point whose row is there.

    zh, en   what the value of a point is, for readers of the results
-#}
{%- do has_columns({
    'edition': 'varchar', 'region_code': 'varchar', 'point_code': 'varchar', 'kind': 'varchar',
    'collected_in': 'varchar', 'round': 'integer', 'assessor': 'varchar', 'value': 'varchar',
    'number': 'double', 'status': 'varchar', 'counts': 'boolean', 'set_aside': 'varchar',
    'evidence': 'varchar', 'note': 'varchar', 'read_at': 'timestamp', 'raw_file': 'varchar',
    'sheet': 'varchar', 'row': 'integer', 'place_column': 'varchar',
}, 'Every reading of every point, with its place in the raw files') -%}
{%- set words = {'any': {'zh': zh, 'en': en}} -%}
{{- config(meta={'merging': {'technical': words, 'manual': words}}) -}}
{%- set framework = framework_code() %}
with measured as (
    select * from {{ ref(framework ~ '__' ~ table) }}
    where {{ in_this_edition() }}
),

collected as (
    select *
    from measured
    unpivot include nulls (number for point_code in ({{ points | join(', ') }}))
)

select
    '{{ var("edition") }}' as edition,
    collected.region_code,
    collected.point_code,
    points.method as kind,
    '{{ table }}' as collected_in,
    cast(null as integer) as round,
    cast(null as varchar) as assessor,
    format('{:.12g}', collected.number) as value,
    collected.number,
    case
        when collected.number is null then 'blank'
        when points.point_type = 'presence' and collected.number = 0 then 'not_found'
        else 'observed'
    end as status,
    found.status != 'not_collected' as counts,
    case when found.status = 'not_collected' then 'not_collected' end as set_aside,
    cast(null as varchar) as evidence,
    cast(null as varchar) as note,
    cast(null as timestamp) as read_at,
    collected.source_file as raw_file,
    collected.source_sheet as sheet,
    collected.source_row as row,
    collected.point_code as place_column
from collected
inner join {{ ref(framework ~ '__points') }} as points
    on collected.point_code = points.point_code
inner join (
    -- A region in several object groups was measured once.
    select distinct
        region_code,
        point_code,
        status
    from {{ ref(framework ~ '__point_values') }}
    where {{ in_this_edition() }}
) as found
    on collected.region_code = found.region_code
        and collected.point_code = found.point_code
where {{ register_in_effect() }}
{%- endmacro -%}
