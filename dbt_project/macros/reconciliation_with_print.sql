{#- An index that was printed with its parts, beside the recomputed one. -#}

{%- macro reconciliation_with_print(table, index, rank, contradictions=none) -%}
{#-
    The printed index and rank beside the recomputed ones, one row a published figure. A printed
    index has few digits, so two regions whose indices lie closer than the parameter `tolerance`
    may stand in either order: verdict rounding. A rank that follows only if the contradicting
    regions stand where their printed index puts them is displaced by these, which are named:
    verdict contradicts. A region that was not surveyed, of index 0, has no figures. The first
    revision has to agree.

    table           the collected table that holds the print
    index, rank     its columns
    contradictions  register of the regions whose own parts do not give the printed index, with
                    the arithmetic
-#}
{%- do has_columns({
    'edition': 'varchar', 'fact': 'varchar', 'name': 'varchar', 'published': 'double',
    'computed': 'double', 'difference': 'double', 'verdict': 'varchar', 'figure': 'varchar',
    'explanation': 'varchar',
}, 'Every printed figure beside the recomputed one') -%}
{{- config(meta={'first_revision_agrees': true}) -}}
{%- set framework = framework_code() -%}
{%- set tolerance = parameter('tolerance') if execute else 0 %}
with published as (
    select
        region_code,
        {{ index }} as published_index,
        {{ rank }} as published_rank
    from {{ ref(framework ~ '__' ~ table) }}
    where {{ in_this_edition() }} and {{ index }} > 0
),

computed as (
    select
        rankings.region_code,
        rankings.region_name,
        rankings.score,
        rankings.rank,
        {%- if contradictions %}
        contradictions.arithmetic,
        -- Where the print ranked the region.
        case
            when contradictions.region_code is null then rankings.score
            else published.published_index
        end as placed,
        {%- else %}
        cast(null as varchar) as arithmetic,
        rankings.score as placed,
        {%- endif %}
        {{ 'contradictions.region_code is not null' if contradictions else 'false' }} as contradicts
    from {{ ref(framework ~ '__rankings') }} as rankings
    {%- if contradictions %}
    left join published on rankings.region_code = published.region_code
    left join {{ ref(contradictions) }} as contradictions
        on rankings.region_code = contradictions.region_code
            and rankings.edition = contradictions.edition
    {%- endif %}
    where {{ in_this_edition('rankings') }} and rankings.score is not null
),

-- The best and the worst rank that the printed digits allow, by the recomputed indices, and with
-- the contradicting regions where the print ranked them; which of these stand on another side.
possible as (
    select
        one.region_code,
        1 + count(*) filter (where others.score > one.score + {{ tolerance * 2 }}) as best,
        count(*) filter (where others.score >= one.score - {{ tolerance * 2 }}) as worst,
        1 + count(*) filter (where others.placed > one.placed + {{ tolerance * 2 }}) as best_placed,
        count(*) filter (where others.placed >= one.placed - {{ tolerance * 2 }}) as worst_placed,
        list({'name': others.region_name, 'code': others.region_code} order by others.region_code)
            filter (where (others.score > one.score) != (others.placed > one.placed))
            as displaced_by
    from computed as one
    cross join computed as others
    group by one.region_code
),

figures as (
    select
        coalesce(computed.region_code, published.region_code) as region_code,
        computed.region_name,
        'index' as figure,
        published.published_index as published,
        computed.score as computed,
        coalesce(abs(computed.score - published.published_index) <= {{ tolerance }}, false)
            as agrees,
        false as is_undecided,
        coalesce(computed.contradicts, false) as contradicts,
        computed.arithmetic,
        null as displaced_by
    from computed
    full join published on computed.region_code = published.region_code
    union all
    select
        computed.region_code,
        computed.region_name,
        'rank' as figure,
        published.published_rank as published,
        computed.rank as computed,
        computed.rank = published.published_rank as agrees,
        published.published_rank between possible.best and possible.worst as is_undecided,
        computed.contradicts or coalesce(
            possible.displaced_by is not null
            and published.published_rank between possible.best_placed and possible.worst_placed,
            false
        ) as contradicts,
        computed.arithmetic,
        possible.displaced_by
    from computed
    inner join published on computed.region_code = published.region_code
    inner join possible on computed.region_code = possible.region_code
)

select
    '{{ var("edition") }}' as edition,
    figure || ' ' || region_code as fact,
    region_name as name,
    published,
    computed,
    {{ published_number('computed - published') }} as difference,
    case
        when agrees then 'agrees'
        when contradicts then 'contradicts'
        when is_undecided then 'rounding'
        else 'differs'
    end as verdict,
    figure,
    case
        when agrees then null
        when arithmetic is not null
            then '刊印的分项得不出刊印的指数：' || arithmetic
                || ' / the printed parts do not give the printed index: ' || arithmetic
        when contradicts
            then '被自相矛盾的刊印移位：' || list_aggregate([one.name for one in displaced_by], 'string_agg', '、')
                || ' / displaced by '
                || list_aggregate([one.code for one in displaced_by], 'string_agg', ', ')
                || ', whose printed parts do not give the printed index'
        when is_undecided
            then '刊印的位数定不出先后 / the printed digits do not decide the order'
    end as explanation
from figures
{%- endmacro -%}
