{%- macro report_figures(grade_table=false) -%}
{#-
    Every computed figure by which the report's figures and sentences can be checked: the
    statistics, scores and ranks of regions down to level 2, and what only the report
    counts. Keyed as statistics are; of the object group that the report ranks.

    grade_table  whether the grades of all regions were published (register published_grades)
-#}
{%- set framework = framework_code() %}
with totals as (
    select
        rankings.region_code,
        rankings.region_name,
        rankings.parent_region,
        rankings.region_class,
        rankings.score,
        rankings.rank,
        rankings.band,
        rankings.grade,
        count(rankings.score) over () as regions
    from {{ ref(framework ~ '__rankings') }} as rankings
    where {{ in_this_edition('rankings') }} and rankings.object_group = 'all'
),

of_regions as (
    select
        indicator_code,
        'region' as group_kind,
        region_code as group_name,
        {{ figures({
            'score': 'score',
            'score_rate': 'score_rate',
            'rank': 'rank',
            'rank_in_parent': 'rank_in_parent',
        }) }}
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }} and object_group = 'all' and level <= 2
),

bands as (
    select
        'total' as indicator_code,
        'region' as group_kind,
        region_code as group_name,
        {{ figures({'band': ['null', 'band'], 'grade': ['null', 'grade']}) }}
    from totals
    union all
    select distinct
        'total' as indicator_code,
        'band' as group_kind,
        band as group_name,
        'last_region' as statistic,
        band_lower as value,
        last_region_name as detail
    from {{ ref(framework ~ '__grade_cuts') }}
    where {{ in_this_edition() }} and object_group = 'all'
),

bands_and_grades as (
    select
        'total' as indicator_code,
        'nation' as group_kind,
        '' as group_name,
        {{ figures({'bands': 'count(distinct band)'}) }}
    from {{ ref(framework ~ '__grade_cuts') }}
    where {{ in_this_edition() }} and object_group = 'all'
    having count(*) > 0
    union all
    select
        'total' as indicator_code,
        'band' as group_kind,
        band as group_name,
        {{ figures({'grades': 'count(distinct grade)'}) }}
    from {{ ref(framework ~ '__grade_cuts') }}
    where {{ in_this_edition() }} and object_group = 'all'
    group by band
),

of_tree as (
    select
        tree.indicator_code,
        'nation' as group_kind,
        '' as group_name,
        {{ figures({
            'max_score': 'tree.max_score',
            'children': 'count(children.indicator_code)',
        }) }}
    from {{ ref(framework ~ '__indicator_tree') }} as tree
    left join {{ ref(framework ~ '__indicator_tree') }} as children
        on tree.indicator_code = children.parent_code and {{ in_this_edition('children') }}
    where {{ in_this_edition('tree') }}
    group by tree.indicator_code, tree.max_score
),

-- The first by name; more where several share the last of the ranks.
first_ones as (
    select
        indicator_code,
        'nation' as group_kind,
        '' as group_name,
        {{ figures({
            'first_3': [
                'null', "string_agg(region_name, '|' order by region_name) filter (where rank <= 3)"
            ],
            'first_4': [
                'null', "string_agg(region_name, '|' order by region_name) filter (where rank <= 4)"
            ],
        }) }}
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }} and object_group = 'all' and level <= 2
    group by indicator_code
),

months as (
    select
        '' as indicator_code,
        'collection' as group_kind,
        '' as group_name,
        'collection_months' as statistic,
        cast(null as double) as value,
        string_agg(detail, '|' order by detail) as detail
    from {{ ref(framework ~ '__statistics') }}
    where {{ in_this_edition() }}
        and object_group = 'all'
        and statistic in ('first_month', 'last_month')
    having count(*) > 0
),

-- The three provinces of the largest and of the smallest deviation within, as a list.
three_provinces as (
    select
        indicator_code,
        group_kind,
        group_name,
        left(statistic, -1) || 'three' as statistic,
        cast(null as double) as value,
        string_agg(detail, '|' order by detail) as detail
    from {{ ref(framework ~ '__statistics') }}
    where {{ in_this_edition() }}
        and object_group = 'all'
        and regexp_full_match(statistic, '(largest|smallest)_within_province_std_[123]')
    group by indicator_code, group_kind, group_name, left(statistic, -1) || 'three'
),
{% if grade_table %}
-- Places in the published table of grades: within a cell (grade, class of region) names
-- stand in falling order of the score (facts 57, 228).
placed as (
    select
        published.grade,
        published.city_class,
        published.rank_in_cell,
        totals.grade as found_grade,
        row_number() over (
            partition by published.grade, published.city_class
            order by totals.score desc nulls last, published.rank_in_cell asc
        ) as place
    from {{ ref(framework ~ '__published_grades') }} as published
    left join totals on published.code = totals.region_code
    where {{ in_this_edition('published') }}
),

cells as (
    select
        grade || ' ' || city_class as cell,
        count(*) filter (where found_grade = grade and place = rank_in_cell) as in_place
    from placed
    group by grade, city_class
),

in_place as (
    select
        'total' as indicator_code,
        'grade_cell' as group_kind,
        cell as group_name,
        'in_published_place' as statistic,
        in_place as value,
        cast(null as varchar) as detail
    from cells
    union all
    select
        'total' as indicator_code,
        'nation' as group_kind,
        '' as group_name,
        'in_published_place' as statistic,
        sum(in_place) as value,
        cast(null as varchar) as detail
    from cells
    having count(*) > 0
),
{% endif %}
first_tenth as (
    select
        'total' as indicator_code,
        'province' as group_kind,
        parent_region as group_name,
        {{ figures({
            'first_tenth_count': 'count(*) filter (where rank <= floor(regions / 10))',
            'first_tenth_share': 'count(*) filter (where rank <= floor(regions / 10)) / count(*)',
        }) }}
    from totals
    group by parent_region, regions
),

below_province as (
    select
        'total' as indicator_code,
        'nation' as group_kind,
        '' as group_name,
        'count_below_province' as statistic,
        count(score) as value,
        cast(null as varchar) as detail
    from totals
    where region_class is distinct from '直辖市'
),

-- Of a graded point, the regions that do not reach its highest grade.
below_full as (
    select
        points.indicator_code,
        'point' as group_kind,
        points.point_code as group_name,
        'below_full_share' as statistic,
        count(*) filter (where found.value < points.highest) / count(*) as value,
        points.point_name as detail
    from {{ ref(framework ~ '__point_values') }} as found
    inner join {{ ref(framework ~ '__points') }} as points
        on found.point_code = points.point_code
    where {{ in_this_edition('found') }}
        and {{ register_in_effect() }}
        and found.object_group = 'all'
        and found.value is not null
        and points.point_type = 'graded'
    group by points.indicator_code, points.point_code, points.point_name
),

further as (
    select * from of_regions
    union all
    select * from bands
    union all
    select * from bands_and_grades
    union all
    select * from of_tree
    union all
    select * from first_ones
    union all
    select * from months
    union all
    select * from three_provinces
    {%- if grade_table %}
    union all
    select * from in_place
    {%- endif %}
    union all
    select * from first_tenth
    union all
    select * from below_province
    union all
    select * from below_full
)

select
    '{{ var("edition") }}' as edition,
    indicator_code,
    statistic,
    group_kind,
    group_name,
    value,
    detail
from {{ ref(framework ~ '__statistics') }}
where {{ in_this_edition() }} and object_group = 'all'
union all
select
    '{{ var("edition") }}' as edition,
    indicator_code,
    statistic,
    group_kind,
    group_name,
    {{ published_number('value') }} as value,
    detail
from further
{%- endmacro -%}
