-- The rounds of each technical point merged into one value, one row a region and
-- point that was collected in at least one round:
--   presence                majority; a tie goes to the latest round
--   aggregation, accuracy   mean
--   date                    the latest round
--   volume, graded, duration  median
-- agreement is the share of the collected rounds that have the merged value, for
-- counts and shares within 5 % of it.
with samples as (
    select
        samples.region_code,
        samples.point_code,
        points.point_type,
        samples.round,
        samples.status,
        {{ reading_as_number(
            "case when samples.status = 'not_found' then 'not_found' else samples.value end",
            'points.point_type', 'editions.collection_to'
        ) }} as number,
        samples.source_file,
        samples.source_sheet,
        samples.source_row
    from {{ ref('internet_service__samples') }} as samples
    inner join {{ ref('internet_service__points') }} as points
        on samples.point_code = points.point_code
    inner join {{ ref('editions') }} as editions
        on samples.edition = editions.edition and editions.framework = 'internet_service'
    where {{ in_this_edition('samples') }}
        and samples.status in ('observed', 'not_found')
),

merged as (
    select
        region_code,
        point_code,
        point_type,
        count(*) as rounds,
        count(*) filter (where status = 'observed') as found,
        arg_max(number, round) as latest,
        arg_max(status, round) as latest_status,
        count(*) filter (where number > 0) as positive,
        list(number order by round) as numbers,
        median(number) as middle,
        arg_max(source_file, round) as raw_file,
        arg_max(source_sheet, round) as sheet,
        arg_max(source_row, round) as row
    from samples
    group by region_code, point_code, point_type
),

valued as (
    select
        *,
        case
            when point_type = 'presence' and positive * 2 > rounds then 1
            when point_type = 'presence' and positive * 2 < rounds then 0
            when point_type = 'presence' and latest > 0 then 1
            when point_type = 'presence' then 0
            when point_type in ('aggregation', 'accuracy') then list_avg(numbers)
            when point_type = 'date' then latest
            else middle
        end as value,
        case
            when point_type = 'date' then latest_status
            when point_type = 'duration' and found * 2 = rounds then latest_status
            when point_type = 'duration' and found * 2 > rounds then 'observed'
            when point_type = 'duration' then 'not_found'
        end as dated_status
    from merged
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    case when dated_status = 'not_found' then null else value end as value,
    coalesce(dated_status, case when value = 0 then 'not_found' else 'observed' end) as status,
    cast(rounds as integer) as rounds,
    case
        when dated_status = 'not_found' then (rounds - found) / rounds
        when point_type in ('presence', 'graded', 'date')
            then len(list_filter(numbers, lambda number: number = value)) / rounds
        else len(
                list_filter(numbers, lambda number: abs(number - value) <= 0.05 * abs(value))
            ) / rounds
    end as agreement,
    raw_file,
    sheet,
    row
from valued
