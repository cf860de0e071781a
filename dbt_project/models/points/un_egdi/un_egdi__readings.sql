-- Every printed component, one row a state and component.
with components as (
    select * from {{ ref('un_egdi__components') }}
    where {{ in_this_edition() }}
),

printed as (
    select *
    from components
    unpivot include nulls (number for point_code in (osi, hci, tii))
)

select
    '{{ var("edition") }}' as edition,
    printed.region_code,
    printed.point_code,
    points.method as kind,
    'components' as collected_in,
    cast(null as integer) as round,
    cast(null as varchar) as assessor,
    format('{:.12g}', printed.number) as value,
    printed.number,
    case when printed.number is null then 'blank' else 'observed' end as status,
    found.status = 'observed' as counts,
    case when found.status != 'observed' then 'not_collected' end as set_aside,
    cast(null as varchar) as evidence,
    cast(null as varchar) as note,
    cast(null as timestamp) as read_at,
    printed.source_file as raw_file,
    printed.source_sheet as sheet,
    printed.source_row as row,
    printed.point_code as place_column
from printed
inner join {{ ref('un_egdi__points') }} as points
    on printed.point_code = points.point_code
inner join {{ ref('un_egdi__point_values') }} as found
    on printed.region_code = found.region_code
        and printed.point_code = found.point_code
where {{ in_this_edition('found') }}
