{%- macro technical_values() -%}
{#-
    The rounds of each technical point merged into one value, one row a region and
    point that was collected in at least one round:
      presence               majority; a tie goes to the latest round
      volume, graded         median
      aggregation, accuracy  mean
      date, duration         the latest round
    A point that was not found in most rounds (a tie goes to the latest) was not found,
    unless its rounds merge to more than 0; where not found has no number (depths), the
    other rounds alone are merged.
    agreement is the share of the collected rounds that have the merged value;
    round_numbers are the rounds' readings.
-#}
{%- set framework = framework_code() %}
with samples as (
    select
        samples.region_code,
        samples.point_code,
        points.point_type,
        points.not_found as absent,
        samples.round,
        {{ reading_as_number(
            "case when samples.status = 'not_found' then 'not_found' else samples.value end",
            'points', 'editions.collection_to'
        ) }} as number,
        samples.status = 'observed' as was_found,
        samples.source_file,
        samples.source_sheet,
        samples.source_row
    from {{ ref(framework ~ '__samples') }} as samples
    inner join {{ ref(framework ~ '__points') }} as points
        on samples.point_code = points.point_code
    inner join {{ ref('editions') }} as editions
        on samples.edition = editions.edition and editions.framework = '{{ framework }}'
    where {{ in_this_edition('samples') }}
        and samples.status in ('observed', 'not_found')
),

merged as (
    select
        region_code,
        point_code,
        point_type,
        absent,
        count(*) as rounds,
        count(*) filter (where was_found) as found,
        arg_max(case when was_found then number else absent end, round) as latest,
        arg_max(was_found, round) as found_latest,
        count(*) filter (where number > 0) as positive,
        list(number order by round) as numbers,
        median(number) as middle,
        arg_max(source_file, round) as raw_file,
        arg_max(source_sheet, round) as sheet,
        arg_max(source_row, round) as row
    from samples
    group by region_code, point_code, point_type, absent
),

decided as (
    select
        *,
        case
            when point_type in ('date', 'duration') or found * 2 = rounds then found_latest
            else found * 2 > rounds
        end as is_found,
        case
            when positive * 2 = rounds then coalesce(latest, 0) > 0
            else positive * 2 > rounds
        end as is_present
    from merged
),

valued as (
    select
        *,
        case
            when point_type = 'presence' then cast(is_present as double)
            when not is_found and absent is null then null
            when point_type in ('date', 'duration') then latest
            when point_type in ('aggregation', 'accuracy') then list_avg(numbers)
            else middle
        end as value
    from decided
)

select
    '{{ var("edition") }}' as edition,
    region_code,
    point_code,
    value,
    case
        when point_type = 'presence' and is_present then 'observed'
        when point_type = 'presence' or (not is_found and coalesce(value, 0) = 0) then 'not_found'
        else 'observed'
    end as status,
    cast(rounds as integer) as rounds,
    {{ rounds_in_agreement('numbers', 'value', 'point_type') }} as agreement,
    numbers as round_numbers,
    raw_file,
    sheet,
    row
from valued
{%- endmacro -%}
