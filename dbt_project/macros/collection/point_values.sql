{%- macro point_values() -%}
{#-
    What counts of each point, one row a region and point of the register: the verified
    reading before the assessors' before the technical one; all three are kept. A point
    that nobody could collect has a row that says so.
-#}
{%- set framework = framework_code() %}
with expected as (
    select
        regions.object_group,
        regions.region_code,
        points.point_code,
        points.point_type
    from {{ ref(framework ~ '__regions') }} as regions
    cross join {{ ref(framework ~ '__points') }} as points
    where {{ in_this_edition('regions') }} and {{ register_in_effect() }}
),

technical as (
    select * from {{ ref(framework ~ '__technical_values') }}
    where {{ in_this_edition() }}
),

manual as (
    select * from {{ ref(framework ~ '__manual_values') }}
    where {{ in_this_edition() }}
),

-- Only a second person verifies: an assessor's own reading again is none.
read_again as (
    select
        verification.*,
        points.point_type,
        {{ reading_as_number('verification.answer', 'points', 'editions.collection_to') }}
            as number,
        verification.evidence is not null as has_evidence
    from {{ ref(framework ~ '__verification') }} as verification
    inner join {{ ref(framework ~ '__points') }} as points
        on verification.point_code = points.point_code
    inner join {{ ref('editions') }} as editions
        on verification.edition = editions.edition and editions.framework = '{{ framework }}'
    left join {{ ref(framework ~ '__manual_readings') }} as own
        on verification.edition = own.edition
            and verification.region_code = own.region_code
            and verification.point_code = own.point_code
            and verification.assessor = own.assessor
    where {{ in_this_edition('verification') }}
        and verification.answer is not null
        and verification.answer != 'not_collected'
        and own.assessor is null
),

-- Where several verify, it is adjudicated as between assessors.
verified as (
    select
        *,
        {{ reading_status('answer', 'number', 'point_type') }} as status
    from (
        {{ adjudicated('read_again') }}
    ) as weighed
    where place = 1
),

chosen as (
    select
        expected.*,
        case
            when verified.region_code is not null then 'verified'
            when manual.region_code is not null then 'manual'
            when technical.region_code is not null then 'technical'
        end as chosen_by,
        technical.value as technical_value,
        technical.status as technical_status,
        technical.rounds,
        technical.agreement,
        technical.round_numbers,
        technical.raw_file as technical_file,
        technical.sheet as technical_sheet,
        technical.row as technical_row,
        manual.value as manual_value,
        manual.status as manual_status,
        manual.assessors,
        manual.adjudicated,
        manual.raw_file as manual_file,
        manual.sheet as manual_sheet,
        manual.row as manual_row,
        verified.number as verified_value,
        verified.status as verified_status,
        verified.source_file as verified_file,
        verified.source_sheet as verified_sheet,
        verified.source_row as verified_row,
        verified.differ as verifiers_differ
    from expected
    left join technical
        on expected.region_code = technical.region_code
            and expected.point_code = technical.point_code
    left join manual
        on expected.region_code = manual.region_code
            and expected.point_code = manual.point_code
    left join verified
        on expected.region_code = verified.region_code
            and expected.point_code = verified.point_code
)

select
    '{{ var("edition") }}' as edition,
    object_group,
    region_code,
    point_code,
    case chosen_by
        when 'verified' then verified_value
        when 'manual' then manual_value
        when 'technical' then technical_value
    end as value,
    case
        when chosen_by is null then 'not_collected'
        when chosen_by = 'technical' then technical_status
        when chosen_by = 'manual' then manual_status
        else verified_status
    end as status,
    coalesce(rounds, 0) as rounds,
    coalesce(assessors, 0) as assessors,
    case chosen_by
        when 'verified' then verified_file
        when 'manual' then manual_file
        when 'technical' then technical_file
    end as raw_file,
    case chosen_by
        when 'verified' then verified_sheet
        when 'manual' then manual_sheet
        when 'technical' then technical_sheet
    end as sheet,
    case chosen_by
        when 'verified' then verified_row
        when 'manual' then manual_row
        when 'technical' then technical_row
    end as row,
    chosen_by,
    case
        when chosen_by = 'technical' or rounds is null then agreement
        when chosen_by = 'manual'
            then {{ rounds_in_agreement('round_numbers', 'manual_value', 'point_type') }}
        else {{ rounds_in_agreement('round_numbers', 'verified_value', 'point_type') }}
    end as agreement,
    technical_value,
    manual_value,
    verified_value,
    coalesce(adjudicated, false) or coalesce(verifiers_differ, false) as adjudicated
from chosen
{%- endmacro -%}
