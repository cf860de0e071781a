-- The components of every state, one row a state and component. A state that was not
-- surveyed stands in the early files with zeros: the parameter not_surveyed names the
-- component whose zero says so. All its components are missing then.
with components as (
    select
        *,
        0 in ({{ (parameter('not_surveyed') or ['null']) | join(', ') if execute else 'null' }})
            as is_unsurveyed
    from {{ ref('un_egdi__components') }}
    where {{ in_this_edition() }}
),

collected as (
    unpivot components
    on osi, hci, tii
    into name point_code value value -- noqa: LT02
)

select
    '{{ var("edition") }}' as edition,
    regions.object_group,
    regions.region_code,
    points.point_code,
    case when collected.is_unsurveyed is not true then collected.value end as value,
    case
        when collected.value is null or collected.is_unsurveyed then 'not_collected'
        else 'observed'
    end as status,
    case when collected.value is null then 0 else 1 end as rounds,
    0 as assessors,
    collected.source_file as raw_file,
    collected.source_sheet as sheet,
    collected.source_row as row
from {{ ref('un_egdi__regions') }} as regions
cross join {{ ref('un_egdi__points') }} as points
left join collected
    on regions.region_code = collected.region_code
        and points.point_code = collected.point_code
where {{ in_this_edition('regions') }} and {{ register_in_effect() }}
