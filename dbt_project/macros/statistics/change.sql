{#- Statistics of the change on the previous edition. -#}

{%- macro previous_edition(relation=none) -%}
    {#- Condition: the row belongs to the edition before that of this run. None does where that
        edition was not computed. -#}
    {{ relation ~ '.' if relation else '' }}edition = '{{ var("previous_edition") }}'
{%- endmacro -%}


{%- macro comparable_figures() -%}
{#-
    The figures of an edition with which the next is compared: all statistics, and every region's
    score, of the total its rank too. They have a table of their own, because what is read of two
    editions is read by change_statistics alone.

    Left out: figures that name a region or province (top, bottom, largest, smallest), whose
    place may be another's in the next edition; mean_printed, which says what the mean says;
    of bands and grades all but the total, since their regions are others in every edition.
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'indicator_code': 'varchar',
    'indicator_name': 'varchar', 'level': 'integer', 'max_score': 'double',
    'statistic': 'varchar', 'group_kind': 'varchar', 'group_name': 'varchar', 'value': 'double',
    'detail': 'varchar',
}, 'The figures of the edition with which the next is compared') -%}
{%- set framework = framework_code() %}
with figures_of_edition as (
    select * from {{ ref(framework ~ '__score_statistics') }}
    where {{ in_this_edition() }}
        and detail is null
        and statistic != 'mean_printed'
        and (group_kind not in ('band', 'grade') or indicator_code = 'total')
    union all by name
    select * from {{ ref(framework ~ '__collection_statistics') }}
    where {{ in_this_edition() }} and (detail is null or group_kind = 'point')
    union all by name
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        'region' as group_kind,
        region_code as group_name,
        {{ figures({
            'score': ['score', 'region_name'],
            'rank': ["case when indicator_code = 'total' then rank end", 'region_name'],
        }) }}
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }}
)

select
    '{{ var("edition") }}' as edition,
    figures_of_edition.object_group,
    figures_of_edition.indicator_code,
    figures_of_edition.indicator_name,
    figures_of_edition.level,
    tree.max_score,
    figures_of_edition.statistic,
    figures_of_edition.group_kind,
    figures_of_edition.group_name,
    figures_of_edition.value,
    figures_of_edition.detail
from figures_of_edition
left join {{ ref(framework ~ '__indicator_tree') }} as tree
    on figures_of_edition.indicator_code = tree.indicator_code and {{ in_this_edition('tree') }}
where figures_of_edition.value is not null
    -- A group without a scored region is not comparable.
    and (figures_of_edition.statistic != 'count' or figures_of_edition.value > 0)
{%- endmacro -%}


{%- macro change_statistics() -%}
{#-
    What changed on the edition before, for the indicators that both have; no row where that
    edition was not computed.

    Of every comparable figure two rows, <statistic>_change and <statistic>_change_relative;
    no relative change of what was not above 0. What is in points has no value where the full
    marks are others, and says so: compare rates then (fact 276). Regions are the same if their
    codes are. beta is the slope of ln(score / score before) on ln(score before), by least
    squares over the regions above 0 in both: below 0, who was behind catches up. rank_change is
    positive for a region that rose.
-#}
{%- do has_columns(figure_columns(), 'What changed on the edition before, a row a figure') -%}
{{- config(meta={'reads_previous_edition': true}) -}}
{%- set framework = framework_code() %}
with paired as (
    select
        now.* rename (statistic as of_statistic, detail as name),
        before.value as before_value,
        case
            when now.max_score != before.max_score and (
                now.statistic in (
                    'score', 'mean', 'minimum', 'maximum', 'median', 'std', 'std_of_provinces',
                    'lower_cut', 'highest'
                )
                or now.statistic like 'quantile%'
            )
                then 'full marks ' || before.max_score || ', now ' || now.max_score
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

-- What is not above this is the rounding of equal numbers.
changed as (
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        group_kind,
        group_name,
        of_statistic,
        why,
        {{ figures({
            '_change': ["case
                when of_statistic = 'rank' then before_value - value
                when why is null then value - before_value
            end", 'coalesce(why, name)'],
            '_change_relative': ["case
                when of_statistic != 'rank' and why is null and before_value > 1e-6
                    then value / before_value - 1
            end", 'coalesce(why, name)'],
        }) }}
    from paired
    where group_kind != 'region' or indicator_code = 'total'
),

regions as (
    select
        *,
        {{ published_number('value - before_value') }} as gain
    from paired
    where of_statistic = 'score'
),

moved as (
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        {{ figures({
            'gain_over_1_count': ['case when why is null then count(*) filter (where gain > 1) end', 'why'],
            'from_zero_count': 'count(*) filter (where before_value = 0 and value > 0)',
        }) }}
    from regions
    group by object_group, indicator_code, indicator_name, level, why
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
    where value > 0 and before_value > 0
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
        * exclude (regions, starts, growths, of_starts, of_growths, of_both),
        {{ figures({
            'beta': 'case when of_starts > 1e-12 then of_both / of_starts end',
            'beta_r2': 'case when of_starts > 1e-12 and of_growths > 1e-12
                then of_both * of_both / (of_starts * of_growths) end',
        }) }}
    from spread
),

collected as (
    select * exclude (of_statistic, why) replace (of_statistic || statistic as statistic)
    from changed
    where value is not null or why is not null
    union all by name
    select
        *,
        'nation' as group_kind,
        '' as group_name
    from (from moved union all by name from converged)
)

{{ long_rows('collected') }}
{%- endmacro -%}
