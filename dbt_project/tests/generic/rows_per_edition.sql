{% test rows_per_edition(model, framework, register_column) %}
-- A returned row: the edition's number of rows is not the one in the register of editions.
select editions.edition, editions.{{ register_column }} as expected, count(found.edition) as found
from {{ ref('editions') }} as editions
left join {{ model }} as found on editions.edition = found.edition
where editions.framework = '{{ framework }}'
    and {{ in_this_edition('editions') }}
group by editions.edition, editions.{{ register_column }}
having count(found.edition) != editions.{{ register_column }}
{% endtest %}
