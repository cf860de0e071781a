-- The assessors' readings of each manual point as one value, one row a region and
-- point that somebody read. Where two differ it is adjudicated (parameter
-- adjudication): the reading with evidence counts, if only one has it; else the less
-- favourable one (the smaller; of ages and durations the larger), because what cannot
-- be confirmed does not count.
{%- if execute and parameter('adjudication') != 'evidence' %}
{{ exceptions.raise_compiler_error('dbt_project.yml: vars.internet_service.adjudication: known: evidence') }}
{%- endif %}
with readings as (
    select * from {{ ref('internet_service__manual_readings') }}
    where {{ in_this_edition() }}
),

weighed as (
    select
        *,
        count(*) over (partition by region_code, point_code) as assessors,
        min(coalesce(number, -1)) over (partition by region_code, point_code)
        != max(coalesce(number, -1)) over (partition by region_code, point_code) as differ,
        row_number() over (
            partition by region_code, point_code
            order by
                has_evidence desc,
                case when point_type in ('date', 'duration') and number is null then 0 else 1 end,
                case when point_type in ('date', 'duration') then -number else number end,
                assessor asc
        ) as place
    from readings
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    number as value,
    case
        when number is null or (number = 0 and point_type not in ('date', 'duration'))
            then 'not_found'
        else 'observed'
    end as status,
    cast(assessors as integer) as assessors,
    differ as adjudicated,
    source_file as raw_file,
    source_sheet as sheet,
    source_row as row
from weighed
where place = 1
