{% test score_within_maximum(model) %}
-- A returned row has a score below 0, above its full marks, or a status that does not fit it.
select *
from {{ model }}
where {{ in_this_edition() }}
    and (
        score < 0 or score > max_score
        or score_rate < 0 or score_rate > 1
        or (score is null) != (status = 'missing')
    )
{% endtest %}
