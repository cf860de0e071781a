-- The index as its authors published it, one row a municipality.
select
    edition,
    region_code,
    cast(egi as double) as egi,
    cast(egi_std as double) as egi_std,
    source_file,
    cast(source_row as integer) as source_row
from {{ source('chile_egi', 'published_scores') }}
where {{ in_this_edition() }}
