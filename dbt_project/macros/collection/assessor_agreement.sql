{%- macro assessor_agreement() -%}
{#-
    How far assessors agree on each manual point, one row a point that two people or more
    read in at least one region: share of equal readings, Cohen's kappa (categories),
    Krippendorff's alpha (categories for presence, intervals for all else; where a thing
    was not found and that has no number, it stands in kappa alone). Of three people all
    pairs count. Without any variation kappa and alpha are not defined.
-#}
{%- set framework = framework_code() %}
with readings as (
    select
        region_code,
        point_code,
        point_type,
        assessor,
        number,
        -- Not found, where that has no number, is a category of its own.
        coalesce(number, -1) as category
    from {{ ref(framework ~ '__manual_readings') }}
    where {{ in_this_edition() }}
),

paired as (
    select
        one.point_code,
        one.category as category_one,
        other.category as category_other
    from readings as one
    inner join readings as other
        on one.region_code = other.region_code
            and one.point_code = other.point_code
            and one.assessor < other.assessor
),

-- Each reading of a pair: as the one assessor's and as the other's.
categories as (
    select
        point_code,
        category,
        sum(of_one) as one_count,
        sum(of_other) as other_count
    from (
        select
            point_code,
            category_one as category,
            1 as of_one,
            0 as of_other
        from paired
        union all
        select
            point_code,
            category_other as category,
            0 as of_one,
            1 as of_other
        from paired
    ) as pooled
    group by point_code, category
),

chance as (
    select
        point_code,
        sum(one_count * other_count) as same_by_chance
    from categories
    group by point_code
),

agreeing as (
    select
        point_code,
        count(*) as pairs,
        count(*) filter (where category_one = category_other) as same
    from paired
    group by point_code
),

-- Alpha: units are regions with two numbers or more.
units as (
    select
        *,
        count(*) over (partition by region_code, point_code) as people
    from readings
    where number is not null
    qualify people > 1
),

disagreeing as (
    select
        one.point_code,
        2 * list_sum(list(
            case
                when one.point_type = 'presence'
                    then case when one.number = other.number then 0 else 1 end
                else pow(one.number - other.number, 2)
            end / (one.people - 1)
            order by one.region_code, one.assessor, other.assessor
        )) as disagreement
    from units as one
    inner join units as other
        on one.region_code = other.region_code
            and one.point_code = other.point_code
            and one.assessor < other.assessor
    group by one.point_code
),

totals as (
    select
        point_code,
        any_value(point_type) as point_type,
        count(*) as readings,
        count(*) filter (where number > 0) as ones,
        list_sum(list(number order by number)) as total,
        list_sum(list(number * number order by number)) as total_of_squares,
        min(number) < max(number) as vary
    from units
    group by point_code
),

-- Krippendorff: 1 - (n - 1) * disagreement / disagreement of all with all.
alphas as (
    select
        totals.point_code,
        disagreeing.disagreement,
        totals.readings,
        totals.vary,
        case
            when totals.point_type = 'presence'
                then 2 * totals.ones * (totals.readings - totals.ones)
            else 2 * (totals.readings * totals.total_of_squares - totals.total * totals.total)
        end as expected_disagreement
    from totals
    inner join disagreeing on totals.point_code = disagreeing.point_code
)

select
    '{{ var("edition") }}' as edition,
    agreeing.point_code,
    cast(agreeing.pairs as integer) as pairs,
    agreeing.same / agreeing.pairs as agreement,
    case when chance.same_by_chance < agreeing.pairs * agreeing.pairs
            then (
                agreeing.same / agreeing.pairs
                - chance.same_by_chance / (agreeing.pairs * agreeing.pairs)
            )
            / (1 - chance.same_by_chance / (agreeing.pairs * agreeing.pairs))
    end as cohen_kappa,
    -- Sums of equal shares, as of 0.1, leave a rest that is no disagreement.
    case when alphas.vary
            then 1 - (alphas.readings - 1) * alphas.disagreement / alphas.expected_disagreement
    end as krippendorff_alpha
from agreeing
inner join chance on agreeing.point_code = chance.point_code
left join alphas on agreeing.point_code = alphas.point_code
{%- endmacro -%}
