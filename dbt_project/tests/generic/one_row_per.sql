{% test one_row_per(model, columns) %}
-- A returned row stands more than once in this edition.
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
where {{ in_this_edition() }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
