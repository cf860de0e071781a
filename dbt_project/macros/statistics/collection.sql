{#- Statistics of the collection (facts 20 to 24, 27, 28, 30, 31, 33, 37, 38). -#}

{%- macro collection_statistics(samples=false) -%}
{#-
    What was collected, what was cleaned of it, and of every point in how many regions it was
    found.

    samples   whether the framework has rounds of technical samples and readings of assessors
              (models samples, manual_readings, verification); else a point is read once

    samples          readings that entered (fact 38): technical ones of all rounds, assessors',
                     verifications
    values           regions x points of which somebody brought a reading
    collection_rate  share of what a complete collection of technical points would bring,
                     regions x points x rounds, that was observed or not found; refused is not
                     collected. Without rounds: of regions x points
    points_collected_share   values over regions x points, technical and manual
    assessors        people who read points or read them again (fact 33)
    formulas         how many formulas the indicators of the edition use (fact 37)
    rows_read, cells_corrected, rows_excluded, rows_quarantined, duplicate_rows, rows_landed
                     what was cleaned of the collected tables before they were landed (fact 30):
                     excluded by a correction, quarantined by the gate; duplicates are among the
                     quarantined. quarantined_count is of one table and reason (cleaning)
    late_samples     samples taken after the day on which the round after theirs began
    first_month, last_month   when samples were taken (fact 31), as detail
    found_count      regions in which a point was found, and their share of those looked at
    full_count       regions in which all questions asked were answered correctly (fact 123);
                     their share of those in which something was asked
-#}
{%- do has_columns(figure_columns(), 'What was collected, and where each point was found, a row a figure') -%}
{%- set framework = framework_code() %}
{%- set point_rows = [] -%}
{%- set formulas = [] -%}
{%- set nodes = indicator_nodes(framework) if execute else {} -%}
{%- for row in (indicator_tree(framework) if execute else []) -%}
    {%- if row['points'] -%}
        {%- do formulas.extend(nodes[row['code']].depends_on.macros) -%}
    {%- endif -%}
    {%- for point in row['points'] -%}
        {%- do point_rows.append([point, row['code']]) -%}
    {%- endfor -%}
{%- endfor %}
{%- set formulas = formulas | unique | reject('equalto', 'macro.govindex.indicator') | list %}
with registered as (
    select
        point_code,
        point_name,
        method,
        point_type
    from {{ ref(framework ~ '__points') }}
    where {{ register_in_effect() }}
),

values_of_points as (
    select * from {{ ref(framework ~ '__point_values') }}
    where {{ in_this_edition() }}
),

groups as (
    select
        object_group,
        count(distinct region_code) as regions
    from values_of_points
    group by object_group
),

counted as (
    select
        count(*) as points,
        count(*) filter (where method = 'technical') as technical,
        count(*) filter (where method = 'manual') as manual
    from registered
),

cleaned as (
    select
        coalesce(sum(rows) filter (where kind = 'read'), 0) as read,
        coalesce(sum(rows) filter (where kind = 'corrected'), 0) as corrected,
        coalesce(sum(rows) filter (where kind = 'excluded'), 0) as excluded,
        coalesce(sum(rows) filter (where kind = 'quarantined'), 0) as quarantined,
        coalesce(sum(rows) filter (where kind = 'duplicate'), 0) as duplicate,
        coalesce(sum(rows) filter (where kind = 'landed'), 0) as landed
    from {{ ref(framework ~ '__cleaning') }}
    where {{ in_this_edition() }} and reason = ''
),

brought as (
    select
        object_group,
        count(*) as expected,
        count(*) filter (where status != 'not_collected') as collected,
        max(rounds) as rounds
        {%- if samples %},
        count(*) filter (where chosen_by = 'verified') as verified,
        count(*) filter (where adjudicated) as adjudicated
        {%- endif %}
    from values_of_points
    group by object_group
),
{% if samples %}
expected_samples as (
    select
        object_group,
        region_code,
        point_code
    from values_of_points
),

rounds as (
    select
        round,
        cast(min(collected_at) as date) as first_day
    from {{ ref(framework ~ '__samples') }}
    where {{ in_this_edition() }}
    group by round
),

sampled as (
    select
        expected_samples.object_group,
        count(*) filter (where cast(samples.collected_at as date) > following.first_day) as late,
        strftime(min(samples.collected_at), '%Y-%m') as first_month,
        strftime(max(samples.collected_at), '%Y-%m') as last_month,
        count(*) filter (where samples.status in ('observed', 'not_found')) as readings,
        count(*) filter (where samples.status = 'refused') as refused,
        count(distinct samples.round) as rounds
    from expected_samples
    inner join {{ ref(framework ~ '__samples') }} as samples
        on expected_samples.region_code = samples.region_code
            and expected_samples.point_code = samples.point_code
    left join rounds as following on samples.round + 1 = following.round
    where {{ in_this_edition('samples') }}
    group by expected_samples.object_group
),

read_by_people as (
    select
        region_code,
        point_code,
        assessor
    from {{ ref(framework ~ '__manual_readings') }}
    where {{ in_this_edition() }}
    union all
    select
        region_code,
        point_code,
        assessor
    from {{ ref(framework ~ '__verification') }}
    where {{ in_this_edition() }} and answer is not null and answer != 'not_collected'
),

by_people as (
    select
        expected_samples.object_group,
        count(*) as readings,
        count(distinct read_by_people.assessor) as assessors
    from expected_samples
    inner join read_by_people
        on expected_samples.region_code = read_by_people.region_code
            and expected_samples.point_code = read_by_people.point_code
    group by expected_samples.object_group
),
{% endif %}
over_collection as (
    select
        groups.object_group,
        {{ figures({
            'points': 'counted.points',
            'technical_points': 'counted.technical',
            'manual_points': 'counted.manual',
            'technical_share': 'counted.technical / nullif(counted.points, 0)',
            'manual_share': 'counted.manual / nullif(counted.points, 0)',
            'rounds': 'coalesce(sampled.rounds, 0)' if samples else 'brought.rounds',
            'samples': 'coalesce(sampled.readings, 0) + coalesce(by_people.readings, 0)' if samples else 'brought.collected',
            'values': 'brought.collected',
            'collection_rate': 'coalesce(sampled.readings, 0) / nullif(groups.regions * counted.technical * sampled.rounds, 0)'
                if samples else 'brought.collected / nullif(brought.expected, 0)',
            'points_collected_share': 'brought.collected / nullif(brought.expected, 0)',
            'formulas': formulas | length | string,
            'rows_read': 'cleaned.read',
            'cells_corrected': 'cleaned.corrected',
            'rows_excluded': 'cleaned.excluded',
            'rows_quarantined': 'cleaned.quarantined',
            'duplicate_rows': 'cleaned.duplicate',
            'rows_landed': 'cleaned.landed',
        }) }}
    from groups
    cross join counted
    cross join cleaned
    inner join brought on groups.object_group = brought.object_group
    {%- if samples %}
    left join sampled on groups.object_group = sampled.object_group
    left join by_people on groups.object_group = by_people.object_group
    union all
    select
        brought.object_group,
        {{ figures({
            'refused_count': 'coalesce(sampled.refused, 0)',
            'late_samples': 'coalesce(sampled.late, 0)',
            'first_month': ['null', 'sampled.first_month'],
            'last_month': ['null', 'sampled.last_month'],
            'assessors': 'coalesce(by_people.assessors, 0)',
            'verified_points': 'brought.verified',
            'adjudicated': 'brought.adjudicated',
        }) }}
    from brought
    left join sampled on brought.object_group = sampled.object_group
    left join by_people on brought.object_group = by_people.object_group
    {%- endif %}
),

indicators_of_points (point_code, indicator_code) as (
    values
    {%- for point, code in point_rows %}
    ('{{ point }}', '{{ code }}'){{ ',' if not loop.last }}
    {%- else %}
    (null, null)
    {%- endfor %}
),

of_indicator as (
    select
        indicators_of_points.point_code,
        tree.indicator_code,
        tree.indicator_name,
        tree.level
    from indicators_of_points
    inner join {{ ref(framework ~ '__indicator_tree') }} as tree
        on indicators_of_points.indicator_code = tree.indicator_code
    where {{ in_this_edition('tree') }}
),

found as (
    select
        values_of_points.object_group,
        values_of_points.point_code,
        -- Of a count 0 was found of nothing; a date of today is 0 days old.
        count(*) filter (
            where values_of_points.status = 'observed'
                and (values_of_points.value != 0 or registered.point_type in ('date', 'duration'))
        ) as found,
        count(*) filter (where values_of_points.status != 'not_collected') as looked_at
    from values_of_points
    inner join registered on values_of_points.point_code = registered.point_code
    group by values_of_points.object_group, values_of_points.point_code
),

-- Questions answered correctly beside the questions asked, by the names of their points.
answered as (
    select
        correct.object_group,
        correct.point_code,
        count(*) filter (where asked.value > 0 and correct.value >= asked.value) as correct,
        count(*) filter (where asked.value > 0) as asked
    from values_of_points as correct
    inner join values_of_points as asked
        on correct.object_group = asked.object_group
            and correct.region_code = asked.region_code
            and asked.point_code = replace(correct.point_code, '_correct', '_asked')
    where correct.point_code like '%!_correct' escape '!'
        and correct.value is not null
    group by correct.object_group, correct.point_code
),

over_points as (
    select
        object_group,
        point_code,
        {{ figures({'found_count': 'found', 'found_share': 'found / nullif(looked_at, 0)'}) }}
    from found
    union all
    select
        object_group,
        point_code,
        {{ figures({'full_count': 'correct', 'full_share': 'correct / nullif(asked, 0)'}) }}
    from answered
),

over_cleaning as (
    select
        groups.object_group,
        cleaning.collected_table || ': ' || cleaning.reason as group_name,
        'quarantined_count' as statistic,
        cast(cleaning.rows as double) as value
    from groups
    cross join {{ ref(framework ~ '__cleaning') }} as cleaning
    where {{ in_this_edition('cleaning') }} and cleaning.reason != ''
),

collected as (
    select
        *,
        'collection' as group_kind,
        '' as group_name,
        '' as indicator_code
    from over_collection
    union all by name
    select
        *,
        'cleaning' as group_kind,
        '' as indicator_code
    from over_cleaning
    union all by name
    select
        over_points.object_group,
        over_points.statistic,
        over_points.value,
        registered.point_name as detail,
        'point' as group_kind,
        over_points.point_code as group_name,
        coalesce(of_indicator.indicator_code, '') as indicator_code,
        of_indicator.indicator_name,
        of_indicator.level
    from over_points
    left join of_indicator on over_points.point_code = of_indicator.point_code
    left join registered on over_points.point_code = registered.point_code
)

{{ long_rows('collected') }}
{%- endmacro -%}
