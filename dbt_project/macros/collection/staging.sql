{#- Staging of a collection by rounds and assessors: names, types, nothing else. -#}

{%- macro assessed_divisions() -%}
{#- The governments that the edition assesses, from the register of divisions. -#}
select
    '{{ var("edition") }}' as edition,
    'all' as object_group,
    region_code,
    region_name,
    parent_region,
    region_class,
    economic_region
from {{ ref('divisions') }}
where {{ register_in_effect() }}
{%- endmacro -%}


{%- macro collected_samples() -%}
{#- Technical points as crawled, one row a region, point and round. -#}
select
    edition,
    region_code,
    point_code,
    cast(round as integer) as round,
    value,
    status,
    address,
    cast(depth as integer) as depth,
    cast(time as timestamp) as collected_at,
    collector,
    source_file,
    source_sheet,
    cast(source_row as integer) as source_row
from {{ source(framework_code(), 'samples') }}
where {{ in_this_edition() }}
{%- endmacro -%}


{%- macro collected_answers(table) -%}
{#- What people read (table manual or verification), one row a region, point and person. -#}
select
    edition,
    region_code,
    point_code,
    assessor,
    answer,
    evidence,
    note,
    source_file,
    source_sheet,
    cast(source_row as integer) as source_row,
    source_column
from {{ source(framework_code(), table) }}
where {{ in_this_edition() }}
{%- endmacro -%}
