-- The published index beside the recomputed one, one row a published figure. A
-- municipality that has a score here and none there, or the reverse, differs. An
-- edition that nobody published before has no figures.
with published as (
    select * from {{ ref('chile_egi__published_scores') }}
    where {{ in_this_edition() }}
),

known as (
    select count(*) as figures from published
),

computed as (
    select
        regions.region_code,
        regions.region_name,
        total.score as egi,
        -- The authors bring the shorter index of 2016 to the length of the later one.
        total.score / 9.25 * 10.25 as egi_std
    from {{ ref('chile_egi__regions') }} as regions
    inner join {{ ref('chile_egi__total') }} as total
        on regions.region_code = total.region_code
    where {{ in_this_edition('regions') }} and {{ in_this_edition('total') }}
),

figures as (
    select
        computed.region_code,
        computed.region_name,
        'egi' as figure,
        published.egi as published,
        computed.egi as computed
    from computed
    left join published on computed.region_code = published.region_code
    cross join known
    where (published.egi is not null or computed.egi is not null)
        and known.figures > 0
    union all
    select
        computed.region_code,
        computed.region_name,
        'egi_std' as figure,
        published.egi_std as published,
        computed.egi_std as computed
    from computed
    inner join published on computed.region_code = published.region_code
    where published.egi_std is not null
)

select
    '{{ var("edition") }}' as edition,
    figure || ' ' || region_code as fact,
    region_name as name,
    published,
    computed,
    {{ published_number('computed - published') }} as difference,
    case
        when abs(computed - published) <= {{ float(parameter('tolerance')) }} then 'agrees'
        else 'differs'
    end as verdict,
    figure
from figures
