{% test score_within_maximum(model, lowest_rate=0, highest_rate=1) %}
-- A returned row has a score below 0 or above its full marks (times lowest_rate and highest_rate,
-- where published data or unclipped goalposts go beyond), or a status that does not fit it.
select *
from {{ model }}
where {{ in_this_edition() }}
    and (
        score < max_score * {{ lowest_rate }} or score > max_score * {{ highest_rate }}
        or score_rate < {{ lowest_rate }} or score_rate > {{ highest_rate }}
        or (score is null) != (status = 'missing')
    )
{% endtest %}
