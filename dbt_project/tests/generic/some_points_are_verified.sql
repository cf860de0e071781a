{% test some_points_are_verified(model) %}
-- A returned row says that no point of the edition counts as read by a second person (fact 34).
select count(*) as verified
from {{ model }}
where {{ in_this_edition() }} and chosen_by = 'verified'
having count(*) = 0
{% endtest %}
