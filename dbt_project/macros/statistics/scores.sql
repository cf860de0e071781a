{#- Statistics of one edition's scores. -#}

{%- macro score_statistics(graded=false, rate_of='mean') -%}
{#-
    Statistics of this edition's scores: of every indicator over the nation, economic regions,
    provinces, classes of regions and bands; of grades the total's.

    graded   whether the framework has bands and grades (model grade_cuts)
    rate_of  what the score rate is made of: mean, as it is (fact 232), or printed_mean, the mean
             to two decimals (fact 225)

    Regions without a score count nowhere; of a group in which none has one, count alone is
    known. Deviations are of samples (n - 1). mean_printed is the mean to two decimals,
    score_rate the mean (rate_of) over full marks to four. quantiles interpolate linearly.
    above_mean compares with the national mean in all groups.
    theil = mean of x/m ln(x/m), which is the sum of theil_between and theil_within groups;
    gini = mean difference over twice the mean, which is the sum of gini_between (each region
    at its group's mean), gini_within (the groups' own, weighted with share of regions times
    share of the sum) and gini_overlap. Groups are provinces; with the suffix _economic,
    economic regions. sigma is the coefficient of variation.
-#}
{%- do has_columns(figure_columns(), 'Statistics of the scores of one edition, a row a figure') -%}
{%- set framework = framework_code() -%}
{%- set kinds = ['economic_region', 'province', 'region_class'] + (['band'] if graded else []) %}
with scores as (
    select
        scores.object_group,
        scores.indicator_code,
        scores.indicator_name,
        scores.level,
        scores.max_score,
        scores.region_code,
        scores.region_name,
        scores.score,
        scores.score_rate,
        scores.rank,
        regions.economic_region,
        regions.parent_region as province,
        regions.region_class
        {%- if graded %},
        rankings.band,
        rankings.grade
        {%- endif %}
    from {{ ref(framework ~ '__indicator_scores') }} as scores
    inner join {{ ref(framework ~ '__regions') }} as regions
        on scores.region_code = regions.region_code
            and scores.object_group = regions.object_group
            and {{ in_this_edition('regions') }}
    {%- if graded %}
    inner join {{ ref(framework ~ '__rankings') }} as rankings
        on scores.region_code = rankings.region_code
            and scores.object_group = rankings.object_group
            and {{ in_this_edition('rankings') }}
    {%- endif %}
    where {{ in_this_edition('scores') }}
),

national as (
    select
        object_group,
        indicator_code,
        {{ published_number('list_sum(list(score order by region_code)) / count(*)') }} as national_mean
    from scores
    where score is not null
    group by object_group, indicator_code
),

-- Each score once for every group that its region belongs to.
members as (
    select
        scores.*,
        national.national_mean,
        unnest([
            {'group_kind': 'nation', 'group_name': ''}
            {%- for kind in kinds %},
            {'group_kind': '{{ kind }}', 'group_name': {{ kind }}}
            {%- endfor %}
        ], recursive := true)
    from scores
    left join national
        on scores.object_group = national.object_group
            and scores.indicator_code = national.indicator_code
),

counted as (
    select
        object_group,
        indicator_code,
        indicator_name,
        level,
        max_score,
        group_kind,
        group_name,
        count(score) as scored,
        list(score order by region_code) filter (where score is not null) as scores,
        list(score order by score) filter (where score is not null) as rising,
        min(score) as minimum,
        max(score) as maximum,
        quantile_cont(score, [0.1, 0.25, 0.5, 0.75, 0.9]) as quantiles,
        count(*) filter (where score > national_mean) as above_mean,
        count(*) filter (where score_rate > 0.6) as above_60,
        count(*) filter (where score_rate < 0.2) as below_20,
        count(*) filter (where score = 0) as zero
    from members
    where group_name is not null
    group by object_group, indicator_code, indicator_name, level, max_score, group_kind, group_name
),

averaged as (
    select
        *,
        {{ published_number('list_sum(scores) / nullif(scored, 0)') }} as mean
    from counted
),

measured as (
    select
        *,
        {{ printed('mean', 2) }} as mean_printed,
        {{ deviation('scores', 'mean') }} as std,
        case when mean > 0 then
            list_sum(list_transform(
                scores,
                lambda one: case when one > 0 then one / mean * ln(one / mean) else 0 end
            )) / scored
        end as theil,
        case when mean > 0 then
            2 * list_dot_product(rising, cast(range(1, scored + 1) as double[]))
            / (scored * list_sum(rising)) - (scored + 1) / scored
        end as gini
    from averaged
),

groups as (
    select
        object_group,
        indicator_code,
        group_kind,
        group_name,
        {{ figures({
            'count': 'scored',
            'mean': 'mean',
            'mean_printed': 'mean_printed',
            'score_rate': printed(('mean' if rate_of == 'mean' else 'mean_printed') ~ ' / max_score', 4),
            'minimum': 'minimum',
            'maximum': 'maximum',
            'quantile_10': 'quantiles[1]',
            'quantile_25': 'quantiles[2]',
            'median': 'quantiles[3]',
            'quantile_75': 'quantiles[4]',
            'quantile_90': 'quantiles[5]',
            'std': 'std',
            'above_mean_count': 'if(scored > 0, above_mean, null)',
            'above_mean_share': 'above_mean / nullif(scored, 0)',
            'above_60_count': 'if(scored > 0, above_60, null)',
            'above_60_share': 'above_60 / nullif(scored, 0)',
            'below_20_count': 'if(scored > 0, below_20, null)',
            'below_20_share': 'below_20 / nullif(scored, 0)',
            'zero_count': 'if(scored > 0, zero, null)',
            'zero_share': 'zero / nullif(scored, 0)',
        }) }}
    from measured
),

nation as (
    select * from measured
    where group_kind = 'nation'
),

by_province as (
    select
        object_group,
        indicator_code,
        list(mean order by group_name) as means,
        list({'value': mean, 'name': group_name} order by mean desc, group_name asc) as falling,
        list({'value': mean, 'name': group_name} order by mean asc, group_name asc) as rising,
        list({'value': std, 'name': group_name} order by std desc, group_name asc)
            filter (where std is not null) as falling_std,
        list({'value': std, 'name': group_name} order by std asc, group_name asc)
            filter (where std is not null) as rising_std
    from measured
    where group_kind = 'province' and scored > 0
    group by object_group, indicator_code
),

provinces as (
    select
        by_province.*,
        {{ deviation('means', '(list_sum(means) / len(means))') }} as std_of_means
    from by_province
),

over_nation as (
    select
        object_group,
        indicator_code,
        {{ figures({'theil': 'theil', 'gini': 'gini', 'sigma': 'std / nullif(mean, 0)'}) }}
    from nation
    union all
    select
        nation.object_group,
        nation.indicator_code,
        {{ figures({
            'std_of_provinces': 'provinces.std_of_means',
            'std_regions_over_provinces': 'nation.std / nullif(provinces.std_of_means, 0) - 1',
            'largest_province_mean': ['falling[1].value', 'falling[1].name'],
            'smallest_province_mean': ['provinces.rising[1].value', 'provinces.rising[1].name'],
            'province_ratio': 'falling[1].value / nullif(provinces.rising[1].value, 0)',
        }) }}
    from nation
    inner join provinces
        on nation.object_group = provinces.object_group
            and nation.indicator_code = provinces.indicator_code
),

placed_provinces as (
    select
        provinces.*,
        unnest(range(1, least(3, len(falling_std)) + 1)) as place
    from provinces
),

lists as (
    select
        placed.object_group,
        placed.indicator_code,
        {{ figures({
            'largest_within_province_std_': ['falling_std[place].value', 'falling_std[place].name'],
            'smallest_within_province_std_': ['rising_std[place].value', 'rising_std[place].name'],
        }) }},
        place
    from placed_provinces as placed
),

ranked as (
    select
        object_group,
        indicator_code,
        region_name,
        score,
        row_number() over (
            partition by object_group, indicator_code order by rank asc, region_code asc
        ) as from_top,
        row_number() over (
            partition by object_group, indicator_code order by rank desc, region_code desc
        ) as from_bottom
    from scores
    where score is not null
),

placed as (
    select object_group, indicator_code, statistic || place as statistic, value, detail
    from lists
    union all
    select object_group, indicator_code, 'top_' || from_top, score, region_name
    from ranked
    where from_top <= 10
    union all
    select object_group, indicator_code, 'bottom_' || from_bottom, score, region_name
    from ranked
    where from_bottom <= 10
),

-- Groups with their share of the regions and their mean over the nation's.
parts as (
    select
        measured.object_group,
        measured.indicator_code,
        measured.group_kind,
        measured.group_name,
        measured.scored / nation.scored as share,
        measured.mean / nullif(nation.mean, 0) as ratio,
        coalesce(measured.theil, 0) as theil,
        coalesce(measured.gini, 0) as gini
    from measured
    inner join nation
        on measured.object_group = nation.object_group
            and measured.indicator_code = nation.indicator_code
    where measured.group_kind in ('province', 'economic_region') and measured.scored > 0
),

within_groups as (
    select
        object_group,
        indicator_code,
        group_kind,
        list_sum(list(
            case when ratio = 0 then 0 else share * ratio * ln(ratio) end order by group_name
        )) as theil_between,
        list_sum(list(share * ratio * theil order by group_name)) as theil_within,
        list_sum(list(share * share * ratio * gini order by group_name)) as gini_within
    from parts
    group by object_group, indicator_code, group_kind
),

between_groups as (
    select
        one.object_group,
        one.indicator_code,
        one.group_kind,
        list_sum(list(
            one.share * other.share * abs(one.ratio - other.ratio)
            order by one.group_name, other.group_name
        )) / 2 as gini_between
    from parts as one
    inner join parts as other
        on one.object_group = other.object_group
            and one.indicator_code = other.indicator_code
            and one.group_kind = other.group_kind
    group by one.object_group, one.indicator_code, one.group_kind
),

decomposed as (
    select
        within_groups.object_group,
        within_groups.indicator_code,
        within_groups.group_kind,
        {{ figures({
            'theil_between': 'within_groups.theil_between',
            'theil_within': 'within_groups.theil_within',
            'gini_between': 'between_groups.gini_between',
            'gini_within': 'within_groups.gini_within',
            'gini_overlap': 'round(nation.gini - between_groups.gini_between - within_groups.gini_within, 14)',
        }) }}
    from within_groups
    inner join between_groups
        on within_groups.object_group = between_groups.object_group
            and within_groups.indicator_code = between_groups.indicator_code
            and within_groups.group_kind = between_groups.group_kind
    inner join nation
        on within_groups.object_group = nation.object_group
            and within_groups.indicator_code = nation.indicator_code
),

of_nation as (
    select * from over_nation
    union all by name
    select * from placed
    union all by name
    select
        * exclude (group_kind)
        replace (statistic || if(group_kind = 'economic_region', '_economic', '') as statistic)
    from decomposed
),

against_east as (
    select
        one.object_group,
        one.indicator_code,
        one.group_kind,
        one.group_name,
        'share_of_east' as statistic,
        one.mean / nullif(east.mean, 0) as value
    from measured as one
    inner join measured as east
        on one.object_group = east.object_group
            and one.indicator_code = east.indicator_code
            and one.group_kind = east.group_kind
            and east.group_name = '东部'
    where one.group_kind = 'economic_region'
),
{% if graded %}
bands as (
    select distinct
        object_group,
        band,
        band_lower,
        band_highest
    from {{ ref(framework ~ '__grade_cuts') }}
    where {{ in_this_edition() }}
),

grades as (
    select
        scores.object_group,
        scores.grade,
        cuts.lower,
        max(scores.score) as highest,
        count(*) as regions,
        list_sum(list(scores.score order by scores.region_code)) / count(*) as mean
    from scores
    inner join {{ ref(framework ~ '__grade_cuts') }} as cuts
        on scores.object_group = cuts.object_group
            and scores.grade = cuts.grade
            and {{ in_this_edition('cuts') }}
    where scores.indicator_code = 'total'
    group by scores.object_group, scores.grade, cuts.lower
),

cut as (
    select
        object_group,
        'band' as group_kind,
        band as group_name,
        {{ figures({'lower_cut': 'band_lower', 'highest': 'band_highest'}) }}
    from bands
    union all
    select
        object_group,
        'grade' as group_kind,
        grade as group_name,
        {{ figures({'count': 'regions', 'mean': 'mean', 'lower_cut': 'lower', 'highest': 'highest'}) }}
    from grades
),
{% endif %}
gathered as (
    select * from groups
    union all by name
    select * from against_east
    union all by name
    select
        *,
        'nation' as group_kind,
        '' as group_name
    from of_nation
    {%- if graded %}
    union all by name
    select
        *,
        'total' as indicator_code
    from cut
    {%- endif %}
),

collected as (
    select
        gathered.*,
        nation.indicator_name,
        nation.level
    from gathered
    inner join nation
        on gathered.object_group = nation.object_group
            and gathered.indicator_code = nation.indicator_code
)

{{ long_rows('collected') }}
{%- endmacro -%}
