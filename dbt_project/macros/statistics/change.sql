{#- Statistics of the change on the previous edition. -#}

{%- macro previous_edition(relation=none) -%}
    {#- Condition: the row belongs to the edition before that of this run. None does where that
        edition was not computed. -#}
    {{ relation ~ '.' if relation else '' }}edition = '{{ var("previous_edition") }}'
{%- endmacro -%}


{%- macro comparable_figures() -%}
{#-
    The figures of an edition with which the next is compared: statistics, in how many regions
    each point was found, and every region's score, of the total its rank too. They have a table of their own, because what is read of
    two editions is read by change_statistics alone.
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'indicator_code': 'varchar',
    'indicator_name': 'varchar', 'level': 'integer', 'max_score': 'double',
    'statistic': 'varchar', 'group_kind': 'varchar', 'group_name': 'varchar', 'value': 'double',
    'detail': 'varchar',
}, 'The figures of the edition with which the next is compared') -%}
{%- set framework = framework_code() %}
with tree as (
    select
        indicator_code,
        indicator_name,
        level,
        max_score
    from {{ ref(framework ~ '__indicator_tree') }}
    where {{ in_this_edition() }}
),

figures_of_edition as (
    select
        object_group,
        indicator_code,
        group_kind,
        group_name,
        statistic,
        value,
        detail
    from {{ ref(framework ~ '__score_statistics') }}
    where {{ in_this_edition() }}
        and (
            (
                statistic in ('mean', 'score_rate')
                and group_kind in ('nation', 'economic_region', 'province', 'region_class')
            )
            or (
                statistic in ('std', 'std_of_provinces', 'sigma', 'above_60_share')
                and group_kind = 'nation'
            )
            or statistic = 'share_of_east'
            or (
                statistic = 'count'
                and indicator_code = 'total'
                and group_kind in ('band', 'grade')
            )
        )
    union all
    select
        object_group,
        indicator_code,
        'region' as group_kind,
        region_code as group_name,
        'score' as statistic,
        score as value,
        region_name as detail
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }} and score is not null
    union all
    select
        object_group,
        indicator_code,
        'region' as group_kind,
        region_code as group_name,
        'rank' as statistic,
        rank as value,
        region_name as detail
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }} and rank is not null and indicator_code = 'total'
    union all
    select
        object_group,
        indicator_code,
        group_kind,
        group_name,
        statistic,
        value,
        detail
    from {{ ref(framework ~ '__collection_statistics') }}
    where {{ in_this_edition() }} and statistic = 'found_count'
)

select
    '{{ var("edition") }}' as edition,
    figures_of_edition.object_group,
    tree.indicator_code,
    tree.indicator_name,
    tree.level,
    tree.max_score,
    figures_of_edition.statistic,
    figures_of_edition.group_kind,
    figures_of_edition.group_name,
    figures_of_edition.value,
    figures_of_edition.detail
from figures_of_edition
inner join tree on figures_of_edition.indicator_code = tree.indicator_code
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
{%- do has_columns(figure_columns(), 'What changed on the edition before, a row a figure') -%}
{{- config(meta={'reads_previous_edition': true}) -}}
{%- set framework = framework_code() %}
with paired as (
    select
        now.object_group,
        now.indicator_code,
        now.indicator_name,
        now.level,
        now.statistic,
        now.group_kind,
        now.group_name,
        now.detail as name,
        now.value,
        before.value as before_value,
        now.max_score = before.max_score as comparable,
        case when now.max_score != before.max_score then
            'full marks ' || before.max_score || ', now ' || now.max_score
        end as why
    from {{ ref(framework ~ '__comparable_figures') }} as now
    inner join {{ ref(framework ~ '__comparable_figures') }} as before
        on now.object_group = before.object_group
            and now.indicator_code = before.indicator_code
            and now.statistic = before.statistic
            and now.group_kind = before.group_kind
            and now.group_name = before.group_name
    where {{ in_this_edition('now') }} and {{ previous_edition('before') }}
),

changes as (
    {%- for statistic, points in [
        ('mean', true),
        ('score_rate', false),
        ('above_60_share', false),
        ('share_of_east', false),
        ('sigma', false),
    ] %}
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        group_kind,
        group_name,
        '{{ statistic }}_change' as statistic,
        {{ 'case when comparable then value - before_value end' if points else 'value - before_value' }} as value,
        {{ 'why' if points else 'cast(null as varchar)' }} as detail
    from paired
    where statistic = '{{ statistic }}'
    union all
    {%- endfor %}
    {%- for statistic, points in [
        ('mean', true),
        ('std', true),
        ('std_of_provinces', true),
        ('found_count', false),
    ] %}
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        group_kind,
        group_name,
        '{{ statistic }}_change_relative' as statistic,
        {{ 'case when comparable then value / nullif(before_value, 0) - 1 end' if points else 'value / nullif(before_value, 0) - 1' }} as value,
        {{ 'why' if points else 'cast(null as varchar)' }} as detail
    from paired
    where statistic = '{{ statistic }}'
    union all
    {%- endfor %}
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        group_kind,
        group_name,
        'count_change' as statistic,
        value - before_value as value,
        cast(null as varchar) as detail
    from paired
    where statistic = 'count'
    union all
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        group_kind,
        group_name,
        'rank_change' as statistic,
        before_value - value as value,
        name as detail
    from paired
    where statistic = 'rank'
    union all
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        group_kind,
        group_name,
        'score_change' as statistic,
        case when comparable then value - before_value end as value,
        coalesce(why, name) as detail
    from paired
    where statistic = 'score' and indicator_code = 'total'
),

regions as (
    select
        *,
        {{ published_number('value - before_value') }} as gain
    from paired
    where group_kind = 'region' and statistic = 'score'
),

moved as (
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        'nation' as group_kind,
        '' as group_name,
        {{ figures({
            'gain_over_1_count': ['case when comparable then count(*) filter (where gain > 1) end', 'why'],
            'from_zero_count': 'count(*) filter (where before_value = 0 and value > 0)',
        }) }}
    from regions
    group by object_group, indicator_code, indicator_name, level, comparable, why
),

grown as (
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        count(*) as regions,
        list(ln(before_value) order by group_name) as starts,
        list(ln(value / before_value) order by group_name) as growths
    from regions
    where level <= 1 and value > 0 and before_value > 0
    group by object_group, indicator_code, indicator_name, level
),

centred as (
    select
        * replace (
            list_transform(starts, lambda one: one - list_sum(starts) / regions) as starts,
            list_transform(growths, lambda one: one - list_sum(growths) / regions) as growths
        )
    from grown
),

spread as (
    select
        *,
        list_dot_product(starts, starts) as of_starts,
        list_dot_product(growths, growths) as of_growths,
        list_dot_product(starts, growths) as of_both
    from centred
),

-- What is this small is the rounding of equal numbers.
converged as (
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
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
    object_group,
    indicator_code,
    indicator_name,
    level,
    statistic,
    group_kind,
    group_name,
    {{ published_number('value') }} as value,
    detail
from collected
{%- endmacro -%}
