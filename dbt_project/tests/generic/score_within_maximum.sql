{% test score_within_maximum(model, highest_rate=1) %}
-- A returned row has a score below 0, above its full marks (times highest_rate, where published
-- data go beyond), or a status that does not fit it.
select *
from {{ model }}
where {{ in_this_edition() }}
    and (
        score < 0 or score > max_score * {{ highest_rate }}
        or score_rate < 0 or score_rate > {{ highest_rate }}
        or (score is null) != (status = 'missing')
    )
{% endtest %}
