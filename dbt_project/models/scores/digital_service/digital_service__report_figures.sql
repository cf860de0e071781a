-- The figures of a report, and what only this framework's reports count: the indicators of each
-- level, the range of the totals, provinces with a mean of 80 or more (municipalities are no
-- provinces here), where a point was not found, and by class of region how many have fewer than
-- 10 or more than 100 of what a point counts.
{{ report_figures() }}
union all
select
    '{{ var("edition") }}' as edition,
    '' as indicator_code,
    role || '_indicators' as statistic,
    'level' as group_kind,
    cast(level as varchar) as group_name,
    count(*) as value,
    cast(null as varchar) as detail
from {{ ref('digital_service__indicator_tree') }}
where {{ in_this_edition() }} and level > 0
group by role, level
union all
select
    '{{ var("edition") }}' as edition,
    '' as indicator_code,
    'indicators' as statistic,
    'level' as group_kind,
    cast(level as varchar) as group_name,
    count(*) as value,
    cast(null as varchar) as detail
from {{ ref('digital_service__indicator_tree') }}
where {{ in_this_edition() }} and level > 0
group by level
union all
select
    '{{ var("edition") }}' as edition,
    'total' as indicator_code,
    'range' as statistic,
    'nation' as group_kind,
    '' as group_name,
    {{ published_number('max(score) - min(score)') }} as value,
    cast(null as varchar) as detail
from {{ ref('digital_service__rankings') }}
where {{ in_this_edition() }}
union all
select
    '{{ var("edition") }}' as edition,
    'total' as indicator_code,
    'provinces_from_80' as statistic,
    'nation' as group_kind,
    '' as group_name,
    count(*) as value,
    string_agg(means.group_name, '|' order by means.group_name) as detail
from {{ ref('digital_service__statistics') }} as means
inner join {{ ref('digital_service__statistics') }} as counts
    on means.indicator_code = counts.indicator_code
        and means.group_kind = counts.group_kind
        and means.group_name = counts.group_name
        and {{ in_this_edition('counts') }}
        and counts.statistic = 'count'
where {{ in_this_edition('means') }}
    and means.indicator_code = 'total'
    and means.group_kind = 'province'
    and means.statistic = 'mean'
    and means.value >= 80
    and counts.value > 1
union all
select
    '{{ var("edition") }}' as edition,
    indicator_code,
    'without_share' as statistic,
    group_kind,
    group_name,
    {{ published_number('1 - value') }} as value,
    detail
from {{ ref('digital_service__statistics') }}
where {{ in_this_edition() }} and statistic = 'found_share'
union all
select
    '{{ var("edition") }}' as edition,
    counted.indicator_code,
    counted.statistic,
    'point_class' as group_kind,
    counted.point_code || ' ' || counted.region_class as group_name,
    {{ published_number('counted.value') }} as value,
    counted.point_name as detail
from (
    select
        points.indicator_code,
        points.point_code,
        points.point_name,
        regions.region_class,
        {{ figures({
            'below_10_count': 'count(*) filter (where found.value < 10)',
            'below_10_share': 'count(*) filter (where found.value < 10) / count(*)',
            'above_100_count': 'count(*) filter (where found.value > 100)',
        }) }}
    from {{ ref('digital_service__point_values') }} as found
    inner join {{ ref('digital_service__points') }} as points
        on found.point_code = points.point_code
    inner join {{ ref('digital_service__regions') }} as regions
        on found.region_code = regions.region_code and found.object_group = regions.object_group
    where {{ in_this_edition('found') }}
        and {{ in_this_edition('regions') }}
        and found.value is not null
        and points.point_type = 'volume'
    group by points.indicator_code, points.point_code, points.point_name, regions.region_class
) as counted
