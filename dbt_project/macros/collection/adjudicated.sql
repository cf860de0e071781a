{%- macro adjudicated(readings) -%}
{#-
    Readings of points by people, in the order in which they count (place 1 is what counts), one
    row a region, point and person whose reading can count (parameter adjudication). Where two
    differ the reading with evidence counts, if only one has it; else the less favourable one
    (register of points, column better: the smaller, or where fewer is better the larger; not
    found, where that has no number, before all), because what cannot be confirmed does not
    count.

    Two points of which one counts a part of the other (share_of in the register: answered
    correctly, asked) are one reading: they are judged by their share, evidence for either is
    evidence for both, and who read only one of them has no row.

    readings   relation with region_code, point_code, assessor, number, has_evidence and whatever
               else; its rows get people (how many can count) and differ (whether they do)
-#}
{%- if execute and parameter('adjudication') != 'evidence' %}
{{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework_code() ~ '.adjudication: known: evidence') }}
{%- endif -%}
{%- set points = ref(framework_code() ~ '__points') -%}
select
    *,
    count(*) over (partition by region_code, point_code) as people,
    count(distinct coalesce(number, -1)) over (partition by region_code, point_code) > 1 as differ,
    row_number() over (
        partition by region_code, point_code
        order by is_evident desc, favour asc nulls first, assessor asc
    ) as place
from (
    select
        one.*,
        one.has_evidence or coalesce(other.has_evidence, false) as is_evident,
        case
            when pairs.is_part then coalesce(one.number / nullif(other.number, 0), 0)
            when not pairs.is_part then coalesce(other.number / nullif(one.number, 0), 0)
            when points.better = 'fewer' then -one.number
            else one.number
        end as favour
    from {{ readings }} as one
    inner join {{ points }} as points
        on one.point_code = points.point_code
    left join (
        select
            point_code,
            share_of as other_point,
            true as is_part
        from {{ points }}
        where share_of is not null
        union all
        select
            share_of as point_code,
            point_code as other_point,
            false as is_part
        from {{ points }}
        where share_of is not null
    ) as pairs
        on one.point_code = pairs.point_code
    left join {{ readings }} as other
        on one.region_code = other.region_code
            and one.assessor = other.assessor
            and pairs.other_point = other.point_code
    where pairs.point_code is null or other.assessor is not null
) as judged
{%- endmacro -%}
