-- Technical points as crawled, one row a region, point and round.
select
    edition,
    region_code,
    point_code,
    cast(round as integer) as round,
    value,
    status,
    address,
    cast(depth as integer) as depth,
    cast(time as timestamp) as collected_at,
    collector,
    source_file,
    source_sheet,
    cast(source_row as integer) as source_row
from {{ source('internet_service', 'samples') }}
where {{ in_this_edition() }}
