{% test weights_match_maximum(model, framework) %}
-- A returned row is a parent whose children's weights do not add up to its full marks
-- (points), or to 100 (percent); or a total whose full marks are not the published ones.
with children as (
    select parent_code, sum(weight order by position) as weights
    from {{ model }}
    where {{ in_this_edition() }} and parent_code is not null
    group by parent_code
)

select parents.indicator_code, children.weights, parents.max_score
from {{ model }} as parents
inner join children on parents.indicator_code = children.parent_code
where {{ in_this_edition('parents') }}
{%- if parameter('basis', framework) == 'points' %}
    and abs(children.weights - coalesce(parents.weight, parents.max_score)) > 1e-9
{%- else %}
    and abs(children.weights - 100) > 1e-9
{%- endif %}

union all

select indicator_code, null as weights, max_score
from {{ model }}
where {{ in_this_edition() }}
    and indicator_code = 'total'
    and abs(max_score - {{ parameter('maximum', framework) }}) > 1e-9
{% endtest %}
