{%- macro manual_readings() -%}
{#-
    The assessors' readings as numbers, one row a region, point and assessor who read it.
-#}
{%- set framework = framework_code() %}
with readings as (
    select
        manual.*,
        points.point_type,
        points.share_of,
        {{ reading_as_number('manual.answer', 'points', 'editions.collection_to') }} as number
    from {{ ref(framework ~ '__manual') }} as manual
    inner join {{ ref(framework ~ '__points') }} as points
        on manual.point_code = points.point_code
    inner join {{ ref('editions') }} as editions
        on manual.edition = editions.edition and editions.framework = '{{ framework }}'
    where {{ in_this_edition('manual') }}
        and manual.answer is not null
        and manual.answer != 'not_collected'
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    point_type,
    share_of,
    assessor,
    number,
    {{ reading_status('answer', 'number', 'point_type') }} as status,
    evidence is not null as has_evidence,
    source_file,
    source_sheet,
    source_row
from readings
{%- endmacro -%}
