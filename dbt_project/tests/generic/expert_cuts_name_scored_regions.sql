{% test expert_cuts_name_scored_regions(model, framework) %}
-- A returned row is an expert's choice of a last region that has no score in this edition, whose
-- name is not that of its code, or of a band that the framework does not cut.
select cuts.*
from {{ ref(framework ~ '__expert_cuts') }} as cuts
left join {{ model }} as chosen
    on chosen.edition = cuts.edition and chosen.band = cuts.band
        and chosen.last_region_code = cuts.region_code
        and chosen.last_region_name = cuts.region_name
where {{ in_this_edition('cuts') }} and chosen.band is null
{% endtest %}
