{%- macro manual_values() -%}
{#-
    The assessors' readings of each manual point as one value, one row a region and point that
    somebody read. Where two differ it is adjudicated (macro adjudicated). Of two points of which
    one counts a part of the other, one assessor counts for both: who read only one does not.
-#}
{%- set framework = framework_code() %}
with readings as (
    select * from {{ ref(framework ~ '__manual_readings') }}
    where {{ in_this_edition() }}
),

weighed as (
    {{ adjudicated('readings') }}
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    number as value,
    status,
    cast(people as integer) as assessors,
    differ as adjudicated,
    source_file as raw_file,
    source_sheet as sheet,
    source_row as row
from weighed
where place = 1
{%- endmacro -%}
