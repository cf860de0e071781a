-- What was measured: one row a municipality and point. A municipality without a
-- row in the collected file, or with a blank in it, has a row that says so.
with expected as (
    select
        regions.object_group,
        regions.region_code,
        points.point_code,
        points.method
    from {{ ref('chile_egi__regions') }} as regions
    cross join {{ ref('chile_egi__points') }} as points
    where {{ in_this_edition('regions') }} and {{ register_in_effect() }}
),

websites as (
    select * from {{ ref('chile_egi__websites') }}
    where {{ in_this_edition() }}
),

collected as (
    unpivot websites
    on forms, news, search, webmap, streetmap, transport,
    socialmedia, email, phone, mobile, transac, followup,
    digital_certificate, citizen, payments, personalization, part, pladeco,
    pagespeed_mobile, pagespeed_desktop
    into name point_code value value -- noqa: LT02
)

select
    '{{ var("edition") }}' as edition,
    expected.object_group,
    expected.region_code,
    expected.point_code,
    collected.value,
    case
        when collected.value is null then 'not_collected'
        when collected.value = 0 then 'not_found'
        else 'observed'
    end as status,
    case when collected.value is null then 0 else 1 end as rounds,
    case
        when collected.value is not null and expected.method = 'manual' then 1
        else 0
    end as assessors,
    collected.source_file as raw_file,
    collected.source_sheet as sheet,
    collected.source_row as row
from expected
left join collected
    on expected.region_code = collected.region_code
        and expected.point_code = collected.point_code
