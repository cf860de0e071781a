{#- An index that was printed with its parts, beside the recomputed one. -#}

{%- macro reconciliation_with_print(table, index, rank, contradictions=none) -%}
{#-
    The printed index and rank beside the recomputed ones, one row a published figure. A printed
    index has few digits, so two regions whose indices lie closer than the parameter `tolerance`
    may stand in either order. A region that was not surveyed, of index 0, has no figures. The
    first revision has to agree.

    table           the collected table that holds the print
    index, rank     its columns
    contradictions  register of the regions whose own parts do not give the printed index
-#}
{%- do has_columns({
    'edition': 'varchar', 'fact': 'varchar', 'name': 'varchar', 'published': 'double',
    'computed': 'double', 'difference': 'double', 'verdict': 'varchar', 'figure': 'varchar',
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
        {{ 'contradictions.region_code is not null' if contradictions else 'false' }} as contradicts
    from {{ ref(framework ~ '__rankings') }} as rankings
    {%- if contradictions %}
    left join {{ ref(contradictions) }} as contradictions
        on rankings.region_code = contradictions.region_code
            and rankings.edition = contradictions.edition
    {%- endif %}
    where {{ in_this_edition('rankings') }} and rankings.score is not null
),

-- The best and the worst rank that the printed digits allow; a contradicting region was
-- ranked who knows where.
possible as (
    select
        one.region_code,
        1 + count(*) filter (
            where others.score > one.score + {{ tolerance * 2 }} and not others.contradicts
        ) as best,
        count(*) filter (
            where others.score >= one.score - {{ tolerance * 2 }} or others.contradicts
        ) as worst
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
        coalesce(computed.contradicts, false) as contradicts
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
        computed.contradicts
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
    figure
from figures
{%- endmacro -%}
