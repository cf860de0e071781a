{%- macro readings() -%}
{#-
    Every reading of every point as it was taken, one row a region, point and round,
    assessor or verification, with its place in the raw files and whether it counts. Why
    one does not: it could not be collected, another assessor's was chosen (adjudicated),
    a verified or manual reading stands before it (overruled), it is a verification that
    verifies nothing (not_verified), or the person read only one of two points that go
    together, and nobody read both (unpaired).
-#}
{%- set framework = framework_code() %}
with by_hand as (
    select
        'manual' as kind,
        *
    from {{ ref(framework ~ '__manual') }}
    where {{ in_this_edition() }}
    union all
    select
        'verification' as kind,
        *
    from {{ ref(framework ~ '__verification') }}
    where {{ in_this_edition() }}
),

collected as (
    select
        region_code,
        point_code,
        'technical' as kind,
        'samples' as collected_in,
        round,
        collector as assessor,
        value,
        status,
        address as evidence,
        cast(null as varchar) as note,
        collected_at as read_at,
        source_file,
        source_sheet,
        source_row,
        'value' as place_column
    from {{ ref(framework ~ '__samples') }}
    where {{ in_this_edition() }}
    union all
    select
        region_code,
        point_code,
        kind,
        kind as collected_in,
        cast(null as integer) as round,
        assessor,
        answer as value,
        case
            when answer is null then 'blank'
            when answer in ('not_collected', 'not_found') then answer
            else 'observed'
        end as status,
        evidence,
        note,
        cast(null as timestamp) as read_at,
        source_file,
        source_sheet,
        source_row,
        source_column as place_column
    from by_hand
),

numbered as (
    select
        collected.*,
        collected.status in ('observed', 'not_found') as has_answer,
        case when collected.status in ('observed', 'not_found')
                then {{ reading_as_number(
                    "case when collected.status = 'not_found' then 'not_found'"
                    ~ " else collected.value end",
                    'points', 'editions.collection_to'
                ) }}
        end as number
    from collected
    inner join {{ ref(framework ~ '__points') }} as points
        on collected.point_code = points.point_code
    inner join {{ ref('editions') }} as editions
        on editions.framework = '{{ framework }}' and {{ in_this_edition('editions') }}
),

chosen as (
    select distinct
        region_code,
        point_code,
        replace(chosen_by, 'verified', 'verification') as kind,
        raw_file,
        sheet,
        row
    from {{ ref(framework ~ '__point_values') }}
    where {{ in_this_edition() }}
),

weighed as (
    select
        numbered.*,
        case
            when not numbered.has_answer then 'not_collected'
            when numbered.kind = 'verification' and coalesce(chosen.kind, '') != 'verification'
                then 'not_verified'
            when chosen.kind is null then 'unpaired'
            when numbered.kind != chosen.kind then 'overruled'
            when numbered.kind != 'technical'
                and (
                    numbered.source_file is distinct from chosen.raw_file
                    or numbered.source_sheet is distinct from chosen.sheet
                    or numbered.source_row is distinct from chosen.row
                )
                then 'adjudicated'
        end as set_aside
    from numbered
    inner join chosen
        on numbered.region_code = chosen.region_code
            and numbered.point_code = chosen.point_code
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    kind,
    collected_in,
    round,
    assessor,
    value,
    number,
    status,
    set_aside is null as counts,
    set_aside,
    evidence,
    note,
    read_at,
    source_file as raw_file,
    source_sheet as sheet,
    source_row as row,
    place_column
from weighed
{%- endmacro -%}
