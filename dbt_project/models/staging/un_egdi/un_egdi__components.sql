-- Components and index of every state as the survey printed them, one row a state.
select
    edition,
    region_code,
    cast(osi as double) as osi,
    cast(hci as double) as hci,
    cast(tii as double) as tii,
    cast(published_index as double) as published_index,
    cast(published_rank as double) as published_rank,
    source_file,
    source_sheet,
    cast(source_row as integer) as source_row
from {{ source('un_egdi', 'components') }}
where {{ in_this_edition() }}
