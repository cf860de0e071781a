{% test read_by_a_second_person(model, manual) %}
{{ config(severity='warn') }}
-- A returned row is a reading by which an assessor verifies himself; it does not count.
select again.source_file, again.source_sheet, again.source_row, again.assessor
from {{ model }} as again
inner join {{ manual }} as own
    on again.edition = own.edition
        and again.region_code = own.region_code
        and again.point_code = own.point_code
        and again.assessor = own.assessor
where {{ in_this_edition('again') }} and own.answer is not null and own.answer != 'not_collected'
{% endtest %}
