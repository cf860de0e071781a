-- Points that a second person read again, one row a region and point.
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
from {{ source('internet_service', 'verification') }}
where {{ in_this_edition() }}
