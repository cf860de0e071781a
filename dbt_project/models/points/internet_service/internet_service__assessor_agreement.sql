-- How far two assessors agree on each manual point, one row a point that two people
-- read in at least one region: share of equal readings, Cohen's kappa (categories),
-- Krippendorff's alpha (categories for presence, intervals for all else). Without any
-- variation kappa and alpha are not defined.
with readings as (
    select
        region_code,
        point_code,
        point_type,
        assessor,
        -- Not found, where that has no number, is a reading of its own.
        coalesce(number, -1) as number
    from {{ ref('internet_service__manual_readings') }}
    where {{ in_this_edition() }}
),

pairs as (
    select
        region_code,
        point_code,
        point_type,
        arg_min(number, assessor) as one,
        arg_max(number, assessor) as other
    from readings
    group by region_code, point_code, point_type
    having count(*) = 2
),

-- Each reading twice over: as the one assessor's and as the other's.
pooled as (
    select
        point_code,
        one as number,
        1 as of_one,
        0 as of_other
    from pairs
    union all
    select
        point_code,
        other as number,
        0 as of_one,
        1 as of_other
    from pairs
),

categories as (
    select
        point_code,
        number,
        count(*) as pooled_count,
        sum(of_one) as one_count,
        sum(of_other) as other_count
    from pooled
    group by point_code, number
),

chance as (
    select
        point_code,
        sum(one_count * other_count) as same_by_chance,
        sum(pooled_count * (pooled_count - 1)) as same_pairs,
        list_sum(list(pooled_count * number order by number)) as total,
        list_sum(list(pooled_count * number * number order by number)) as total_of_squares
    from categories
    group by point_code
),

observed as (
    select
        point_code,
        point_type,
        count(*) as pairs,
        count(*) filter (where one = other) as same,
        list_sum(list((one - other) * (one - other) order by region_code)) as squared_difference
    from pairs
    group by point_code, point_type
),

measured as (
    select
        observed.point_code,
        observed.pairs,
        observed.same / observed.pairs as agreement,
        chance.same_by_chance / (observed.pairs * observed.pairs) as expected_agreement,
        case
            when observed.point_type = 'presence' then 1 - observed.same / observed.pairs
            else observed.squared_difference / observed.pairs
        end as disagreement,
        case
            when observed.point_type = 'presence'
                then 1 - chance.same_pairs / (2 * observed.pairs * (2 * observed.pairs - 1))
            else 2 * (2 * observed.pairs * chance.total_of_squares - chance.total * chance.total)
                / (2 * observed.pairs * (2 * observed.pairs - 1))
        end as expected_disagreement
    from observed
    inner join chance on observed.point_code = chance.point_code
)

select
    '{{ var("edition") }}' as edition,
    point_code,
    cast(pairs as integer) as pairs,
    agreement,
    case when expected_agreement < 1
            then (agreement - expected_agreement) / (1 - expected_agreement)
    end as cohen_kappa,
    case when expected_disagreement > 0
            then 1 - disagreement / expected_disagreement
    end as krippendorff_alpha
from measured
