-- The assessors' readings as numbers, one row a region, point and assessor who read it.
select
    manual.edition,
    manual.region_code,
    manual.point_code,
    points.point_type,
    manual.assessor,
    {{ reading_as_number('manual.answer', 'points.point_type', 'editions.collection_to') }}
        as number,
    manual.evidence is not null as has_evidence,
    manual.source_file,
    manual.source_sheet,
    manual.source_row
from {{ ref('internet_service__manual') }} as manual
inner join {{ ref('internet_service__points') }} as points
    on manual.point_code = points.point_code
inner join {{ ref('editions') }} as editions
    on manual.edition = editions.edition and editions.framework = 'internet_service'
where {{ in_this_edition('manual') }}
    and manual.answer is not null
    and manual.answer != 'not_collected'
