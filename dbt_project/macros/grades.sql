{#- Bands (类型) and grades (等级) of the totals, by differencing (facts 43-57, 226-228). -#}

{%- macro band_candidates() -%}
{#-
    Where bands could be cut: each region whose score lies in the window of a band, with the
    drop to the next region. A row a band and region, the largest relative drop first.

    The drop is relative to the score before it. Chosen automatically is the largest that
    leaves the band, and all below it together, at least `minimum_band` regions; bands are
    cut from the top, each below the cut that counts (an expert's before the automatic one).
-#}
{%- set framework = framework_code() -%}
{%- set bands = parameter('bands') if execute else [] -%}
{%- set minimum = parameter('minimum_band') if execute else 0 %}
with totals as (
    select
        object_group,
        region_code,
        region_name,
        score,
        row_number() over (
            partition by object_group order by score desc, region_code
        ) as position,
        -- Regions that score as much or more: all who share the score of a cut are above it.
        count(*) over (partition by object_group order by score desc) as reached,
        count(*) over (partition by object_group) as regions,
        score - lead(score) over (
            partition by object_group order by score desc, region_code
        ) as gap
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }}
        and indicator_code = 'total'
        and score is not null
),

expert as (
    select
        cuts.band,
        totals.object_group,
        totals.reached as position
    from {{ ref(framework ~ '__expert_cuts') }} as cuts
    inner join totals on cuts.region_code = totals.region_code
    where {{ in_this_edition('cuts') }}
),

before_band_1 as (
    select distinct
        object_group,
        0 as position
    from totals
),
{% for band in bands[:-1] %}
candidates_{{ loop.index }} as (
    select
        '{{ band["band"] }}' as band,
        totals.*,
        totals.gap / totals.score as relative_gap,
        row_number() over (
            partition by totals.object_group
            order by totals.gap / totals.score desc, totals.position
        ) as place
    from totals
    inner join before_band_{{ loop.index }} as before
        on totals.object_group = before.object_group
    where totals.score between {{ band['lowest'] }} and {{ band['highest'] }}
        and totals.gap > 0
        and totals.position >= before.position + {{ minimum }}
        and totals.regions - totals.position >= {{ minimum }}
),

before_band_{{ loop.index + 1 }} as (
    select
        before.object_group,
        coalesce(
            expert.position,
            candidates.position,
            -- Without a candidate the band is cut at the end of its window.
            greatest(before.position, (
                select count(*) from totals
                where totals.object_group = before.object_group
                    and totals.score >= {{ band['highest'] }}
            ))
        ) as position
    from before_band_{{ loop.index }} as before
    left join expert
        on before.object_group = expert.object_group and expert.band = '{{ band["band"] }}'
    left join candidates_{{ loop.index }} as candidates
        on before.object_group = candidates.object_group and candidates.place = 1
),
{% endfor %}
candidates as (
    {%- for band in bands[:-1] %}
    select * from candidates_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select 'A' as band, *, gap as relative_gap, 1 as place from totals
    {%- endfor %}
)

select
    '{{ var("edition") }}' as edition,
    object_group,
    band,
    region_code,
    region_name,
    score,
    cast(position as integer) as position,
    {{ published_number('gap') }} as gap,
    {{ published_number('relative_gap') }} as relative_gap,
    cast(place as integer) as place
from candidates
{%- endmacro -%}


{%- macro grade_cuts(searched=true) -%}
{#-
    The lower cuts of bands and grades, a row a grade, from the top.

    The cut of a band is the score of its last region, inclusive (fact 227): the one that an
    expert named (register expert_cuts), else the automatic choice. Without either, the
    band is cut at the upper end of its window. A band without regions is left out. The last band begins at 0.

    searched   false for a framework whose bands have fixed cuts (parameter bands: cut)

    A divided band has three grades of equal width between its cut and the highest score found
    in it (fact 226); place counts the grades from the top, and a region has the first whose cut
    it reaches.

    chosen_by is expert, automatic, window or fixed; lower_printed is the cut to two decimals, as the
    report prints it.
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'band': 'varchar', 'grade': 'varchar',
    'place': 'integer', 'lower': 'double', 'lower_printed': 'double', 'band_lower': 'double',
    'band_highest': 'double', 'band_regions': 'integer', 'chosen_by': 'varchar',
    'automatic_lower': 'double', 'last_region_code': 'varchar', 'last_region_name': 'varchar',
}, 'The lower cuts of bands and grades') -%}
{%- set framework = framework_code() -%}
{%- set bands = parameter('bands') if execute else [] %}
with bands as (
    {%- for band in bands %}
    select
        {{ loop.index }} as place,
        '{{ band["band"] }}' as band,
        {{ float(band['highest'] if searched else band['cut']) }} as highest,
        {{ band['divided'] | lower }} as divided
    {{ 'union all' if not loop.last }}
    {%- else %}
    select 1 as place, 'A' as band, 0 as highest, true as divided
    {%- endfor %}
),

totals as (
    select
        object_group,
        region_code,
        region_name,
        score
    from {{ ref(framework ~ '__indicator_scores') }}
    where {{ in_this_edition() }}
        and indicator_code = 'total'
        and score is not null
),

groups as (
    select distinct object_group from totals
),

automatic as (
    {%- if searched %}
    select * from {{ ref(framework ~ '__band_candidates') }}
    where {{ in_this_edition() }} and place = 1
    {%- else %}
    select null as band, * from totals limit 0
    {%- endif %}
),

expert as (
    {%- if searched %}
    select
        cuts.band,
        totals.object_group,
        totals.region_code,
        totals.region_name,
        totals.score
    from {{ ref(framework ~ '__expert_cuts') }} as cuts
    inner join totals on cuts.region_code = totals.region_code
    where {{ in_this_edition('cuts') }}
    {%- else %}
    select null as band, * from totals limit 0
    {%- endif %}
),

cut as (
    select
        groups.object_group,
        bands.place,
        bands.band,
        bands.divided,
        case
            when expert.score is not null then 'expert'
            when automatic.score is not null then 'automatic'
            when bands.place < (select max(place) from bands) then '{{ 'window' if searched else 'fixed' }}'
        end as chosen_by,
        case
            when bands.place = (select max(place) from bands) then 0
            else coalesce(expert.score, automatic.score, bands.highest)
        end as lower,
        automatic.score as automatic_lower,
        coalesce(expert.region_code, automatic.region_code) as last_region_code,
        coalesce(expert.region_name, automatic.region_name) as last_region_name
    from groups
    cross join bands
    left join expert
        on bands.band = expert.band and groups.object_group = expert.object_group
    left join automatic
        on bands.band = automatic.band and groups.object_group = automatic.object_group
),

bounded as (
    select
        cut.object_group,
        cut.place,
        cut.band,
        cut.divided,
        cut.chosen_by,
        cut.lower,
        cut.automatic_lower,
        cut.last_region_code,
        cut.last_region_name,
        min(cut.lower) over (
            partition by cut.object_group order by cut.place
            rows between unbounded preceding and 1 preceding
        ) as upper
    from cut
),

filled as (
    select
        bounded.*,
        max(totals.score) as highest,
        count(totals.score) as regions
    from bounded
    left join totals
        on bounded.object_group = totals.object_group
            and totals.score >= bounded.lower
            and (bounded.upper is null or totals.score < bounded.upper)
    group by all
    having count(totals.score) > 0 or bounded.lower = 0
),

grades as (
    select * from (values ('+', 2), ('', 1), ('-', 0)) as grades (sign, third)
)

select
    '{{ var("edition") }}' as edition,
    filled.object_group,
    filled.band,
    case when filled.divided then filled.band || grades.sign else filled.band end as grade,
    cast(row_number() over (
        partition by filled.object_group order by filled.place, grades.third desc
    ) as integer) as place,
    {{ published_number(
        'case when filled.divided then filled.lower'
        ~ ' + grades.third * (filled.highest - filled.lower) / 3 else filled.lower end'
    ) }} as lower,
    round(
        case when filled.divided
            then filled.lower + grades.third * (filled.highest - filled.lower) / 3
            else filled.lower
        end,
        2
    ) as lower_printed,
    filled.lower as band_lower,
    filled.highest as band_highest,
    cast(filled.regions as integer) as band_regions,
    filled.chosen_by,
    filled.automatic_lower,
    filled.last_region_code,
    filled.last_region_name
from filled
inner join grades on filled.divided or grades.third = 1
{%- endmacro -%}
