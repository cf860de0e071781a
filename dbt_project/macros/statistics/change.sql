{#- Statistics of the change on the previous edition. -#}

{%- macro previous_edition(relation=none) -%}
    {#- Condition: the row belongs to the edition before that of this run. None does where that
        edition was not computed. -#}
    {{ relation ~ '.' if relation else '' }}edition = '{{ var("previous_edition") }}'
{%- endmacro -%}


{%- macro change_statistics() -%}
{#-
    What changed on the edition before, for the indicators that both have; no row where that
    edition was not computed.

    A change in points is null where the full marks are others: compare rates then (fact 276).
    Regions are the same if their codes are. beta is the slope of ln(score / score before) on
    ln(score before), by least squares over the regions above 0 in both: below 0, who was behind
    catches up. rank_change is positive for a region that rose.
-#}
{{- config(meta={'reads_previous_edition': true}) -}}
{%- set framework = framework_code() %}
with marks as (
    select
        now.indicator_code,
        now.indicator_name,
        now.level,
        now.max_score = before.max_score as comparable,
        case when now.max_score != before.max_score then
            'full marks ' || before.max_score || ', now ' || now.max_score
        end as why
    from {{ ref(framework ~ '__indicator_tree') }} as now
    inner join {{ ref(framework ~ '__indicator_tree') }} as before
        on now.indicator_code = before.indicator_code
    where {{ in_this_edition('now') }} and {{ previous_edition('before') }}
),

paired as (
    select
        now.object_group,
        now.indicator_code,
        now.statistic,
        now.group_kind,
        now.group_name,
        now.value,
        before.value as before_value,
        marks.comparable,
        marks.why
    from {{ ref(framework ~ '__score_statistics') }} as now
    inner join {{ ref(framework ~ '__score_statistics') }} as before
        on now.object_group = before.object_group
            and now.indicator_code = before.indicator_code
            and now.statistic = before.statistic
            and now.group_kind = before.group_kind
            and now.group_name = before.group_name
    inner join marks on now.indicator_code = marks.indicator_code
    where {{ in_this_edition('now') }} and {{ previous_edition('before') }}
),

changes as (
    {%- for statistic, kinds, change, points in [
        ('mean', ['nation', 'economic_region', 'province', 'region_class'], 'mean_change', true),
        ('score_rate', ['nation', 'economic_region', 'province', 'region_class'], 'score_rate_change', false),
        ('above_60_share', ['nation'], 'above_60_share_change', false),
        ('share_of_east', ['economic_region'], 'share_of_east_change', false),
        ('sigma', ['nation'], 'sigma_change', false),
    ] %}
    select
        object_group,
        indicator_code,
        group_kind,
        group_name,
        '{{ change }}' as statistic,
        {{ 'case when comparable then value - before_value end' if points else 'value - before_value' }} as value,
        {{ 'why' if points else 'cast(null as varchar)' }} as detail
    from paired
    where statistic = '{{ statistic }}' and group_kind in ('{{ kinds | join("', '") }}')
    union all
    {%- endfor %}
    {%- for statistic, kinds in [
        ('mean', ['nation', 'economic_region', 'province', 'region_class']),
        ('std', ['nation']),
        ('std_of_provinces', ['nation']),
    ] %}
    select
        object_group,
        indicator_code,
        group_kind,
        group_name,
        '{{ statistic }}_change_relative' as statistic,
        case when comparable then value / nullif(before_value, 0) - 1 end as value,
        why as detail
    from paired
    where statistic = '{{ statistic }}' and group_kind in ('{{ kinds | join("', '") }}')
    union all
    {%- endfor %}
    select
        object_group,
        indicator_code,
        group_kind,
        group_name,
        'count_change' as statistic,
        value - before_value as value,
        cast(null as varchar) as detail
    from paired
    where statistic = 'count' and indicator_code = 'total' and group_kind in ('band', 'grade')
),

regions as (
    select
        now.object_group,
        now.indicator_code,
        marks.level,
        marks.comparable,
        marks.why,
        now.region_code,
        now.region_name,
        now.score,
        now.rank,
        before.score as before_score,
        before.rank as before_rank,
        {{ published_number('now.score - before.score') }} as gain
    from {{ ref(framework ~ '__indicator_scores') }} as now
    inner join {{ ref(framework ~ '__indicator_scores') }} as before
        on now.object_group = before.object_group
            and now.indicator_code = before.indicator_code
            and now.region_code = before.region_code
    inner join marks on now.indicator_code = marks.indicator_code
    where {{ in_this_edition('now') }} and {{ previous_edition('before') }}
        and now.score is not null and before.score is not null
),

moved as (
    select
        object_group,
        indicator_code,
        'nation' as group_kind,
        '' as group_name,
        {{ figures({
            'gain_over_1_count': ['case when comparable then count(*) filter (where gain > 1) end', 'why'],
            'from_zero_count': 'count(*) filter (where before_score = 0 and score > 0)',
        }) }}
    from regions
    group by object_group, indicator_code, comparable, why
    union all
    select
        object_group,
        indicator_code,
        'region' as group_kind,
        region_code as group_name,
        {{ figures({
            'rank_change': ['before_rank - rank', 'region_name'],
            'score_change': ['case when comparable then gain end', 'coalesce(why, region_name)'],
        }) }}
    from regions
    where indicator_code = 'total'
),

grown as (
    select
        object_group,
        indicator_code,
        count(*) as regions,
        list(ln(before_score) order by region_code) as starts,
        list(ln(score / before_score) order by region_code) as growths
    from regions
    where level <= 1 and score > 0 and before_score > 0
    group by object_group, indicator_code
),

centred as (
    select
        object_group,
        indicator_code,
        list_transform(starts, lambda one: one - list_sum(starts) / regions) as starts,
        list_transform(growths, lambda one: one - list_sum(growths) / regions) as growths
    from grown
),

spread as (
    select
        object_group,
        indicator_code,
        list_sum(list_transform(starts, lambda one: one * one)) as of_starts,
        list_sum(list_transform(growths, lambda one: one * one)) as of_growths,
        list_sum(list_transform(starts, lambda one, place: one * growths[place])) as of_both
    from centred
),

-- What is this small is the rounding of equal numbers.
converged as (
    select
        object_group,
        indicator_code,
        'nation' as group_kind,
        '' as group_name,
        {{ figures({
            'beta': 'case when of_starts > 1e-12 then of_both / of_starts end',
            'beta_r2': 'case when of_starts > 1e-12 and of_growths > 1e-12
                then of_both * of_both / (of_starts * of_growths) end',
        }) }}
    from spread
),

collected as (
    select * from changes
    union all
    select * from moved
    union all
    select * from converged
)

select
    '{{ var("edition") }}' as edition,
    collected.object_group,
    collected.indicator_code,
    marks.indicator_name,
    marks.level,
    collected.statistic,
    collected.group_kind,
    collected.group_name,
    {{ published_number('collected.value') }} as value,
    collected.detail
from collected
inner join marks on collected.indicator_code = marks.indicator_code
{%- endmacro -%}
