{%- macro manual_values() -%}
{#-
    The assessors' readings of each manual point as one value, one row a region and
    point that somebody read. Where two differ it is adjudicated (parameter
    adjudication): the reading with evidence counts, if only one has it; else the less
    favourable one (the smaller; of ages, durations and depths the larger), because what
    cannot be confirmed does not count. Two points of which one counts a part of the other
    (share_of in the register: answered correctly, asked) are judged by the share, and one
    assessor counts for both.
-#}
{%- set framework = framework_code() %}
{%- if execute and parameter('adjudication') != 'evidence' %}
{{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework ~ '.adjudication: known: evidence') }}
{%- endif %}
with readings as (
    select * from {{ ref(framework ~ '__manual_readings') }}
    where {{ in_this_edition() }}
),

-- Of both points of a pair, the share that the assessor found.
shares as (
    select
        part.region_code,
        part.assessor,
        unnest([part.point_code, part.share_of]) as point_code,
        part.number / nullif(whole.number, 0) as share,
        part.has_evidence or whole.has_evidence as has_evidence
    from readings as part
    inner join readings as whole
        on part.region_code = whole.region_code
            and part.share_of = whole.point_code
            and part.assessor = whole.assessor
),

judged as (
    select
        readings.* exclude (has_evidence),
        shares.region_code is null as is_alone,
        coalesce(shares.has_evidence, readings.has_evidence) as has_evidence,
        case
            when shares.region_code is not null then coalesce(shares.share, 0)
            when points.not_found is null then -readings.number
            else readings.number
        end as favour
    from readings
    inner join {{ ref(framework ~ '__points') }} as points
        on readings.point_code = points.point_code
    left join shares
        on readings.region_code = shares.region_code
            and readings.point_code = shares.point_code
            and readings.assessor = shares.assessor
),

weighed as (
    select
        *,
        count(*) over (partition by region_code, point_code) as assessors,
        count(distinct coalesce(number, -1)) over (partition by region_code, point_code) > 1
            as differ,
        row_number() over (
            partition by region_code, point_code
            -- Who read only one of a pair comes after who read both.
            order by is_alone asc, has_evidence desc, favour asc nulls first, assessor asc
        ) as place
    from judged
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    number as value,
    status,
    cast(assessors as integer) as assessors,
    differ as adjudicated,
    source_file as raw_file,
    source_sheet as sheet,
    source_row as row
from weighed
where place = 1
{%- endmacro -%}
