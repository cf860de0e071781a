-- Every reading of every point: the cell of the collected file, one row a municipality
-- and point whose row is there.
with websites as (
    select * from {{ ref('chile_egi__websites') }}
    where {{ in_this_edition() }}
),

collected as (
    select *
    from websites
    unpivot include nulls (
        number for point_code in (
            forms, news, search, webmap, streetmap, transport,
            socialmedia, email, phone, mobile, transac, followup,
            digital_certificate, citizen, payments, personalization, part, pladeco,
            pagespeed_mobile, pagespeed_desktop
        )
    )
),

chosen as (
    select distinct
        regions.region_code,
        points.point_code,
        points.method
    from {{ ref('chile_egi__regions') }} as regions
    cross join {{ ref('chile_egi__points') }} as points
    where {{ in_this_edition('regions') }} and {{ register_in_effect() }}
)

select
    '{{ var("edition") }}' as edition,
    collected.region_code,
    collected.point_code,
    chosen.method as kind,
    'websites' as collected_in,
    cast(null as integer) as round,
    cast(null as varchar) as assessor,
    format('{:.12g}', collected.number) as value,
    collected.number,
    case
        when collected.number is null then 'blank'
        when collected.number = 0 then 'not_found'
        else 'observed'
    end as status,
    collected.number is not null as counts,
    case when collected.number is null then 'not_collected' end as set_aside,
    collected.url as evidence,
    cast(null as varchar) as note,
    collected.date_review + collected.time_review as read_at,
    collected.source_file as raw_file,
    collected.source_sheet as sheet,
    collected.source_row as row,
    collected.point_code as place_column
from collected
inner join chosen
    on collected.region_code = chosen.region_code
        and collected.point_code = chosen.point_code
