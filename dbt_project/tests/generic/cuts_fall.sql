{% test cuts_fall(model) %}
-- A returned row is a band whose lower cut is not below that of the band above it: an expert's
-- choice that does not fit these scores.
with bands as (
    select distinct object_group, band, band_lower, chosen_by, last_region_name
    from {{ model }}
    where {{ in_this_edition() }}
)

select *
from (
    select *, lag(band_lower) over (partition by object_group order by band) as above
    from bands
)
where band_lower >= above
{% endtest %}
