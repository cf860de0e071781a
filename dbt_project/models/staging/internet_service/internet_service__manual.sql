-- Manual points as read by assessors, one row a region, point and assessor.
select
    edition,
    region_code,
    point_code,
    assessor,
    answer,
    evidence,
    note,
    source_file,
    source_sheet,
    cast(source_row as integer) as source_row,
    source_column
from {{ source('internet_service', 'manual') }}
where {{ in_this_edition() }}
