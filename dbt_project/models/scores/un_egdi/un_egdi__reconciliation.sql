-- The published index and rank beside the recomputed ones, one row a published figure. A
-- printed index has few digits, so two states whose indices lie closer than the tolerance
-- may stand in either order. States that were not surveyed have no figures; the register
-- of contradictions lists those whose own components do not give the printed index.
{%- set tolerance = parameter('tolerance') if execute else 0 %}
with published as (
    select * from {{ ref('un_egdi__components') }}
    where {{ in_this_edition() }} and published_index > 0
),

computed as (
    select
        rankings.region_code,
        rankings.region_name,
        rankings.score,
        rankings.rank,
        contradictions.region_code is not null as contradicts
    from {{ ref('un_egdi__rankings') }} as rankings
    left join {{ ref('un_egdi__contradictions') }} as contradictions
        on rankings.region_code = contradictions.region_code
            and rankings.edition = contradictions.edition
    where {{ in_this_edition('rankings') }} and rankings.score is not null
),

-- The best and the worst rank that the printed digits allow; a contradicting state was
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
