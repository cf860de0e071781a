{%- macro aggregation(points) -%}
    {#-
        Aggregation (集合度): 1 minus how evenly things are dispersed over places. All in one
        place: 1; the same number in every place: 0. Dispersion is Shannon's entropy of the
        shares, divided by its largest value, ln of the number of places.

        points    counts at each place, two places or more
        Domain    0 and more each, below 0 counts as 0; nothing anywhere: 0
        Missing   a place that was not collected is left out; fewer than two left: no rate
        Source    value type "degree of aggregation" (fact 35); Shannon (1948)
    -#}
    {%- set counts = counts_at_places(points) -%}
    case
        when len({{ counts }}) < 2 then null
        when list_sum({{ counts }}) = 0 then 0
        else 1 + list_sum(list_transform({{ counts }}, lambda n: case
            when n > 0 then n / list_sum({{ counts }}) * ln(n / list_sum({{ counts }}))
            else 0
        end)) / ln(len({{ counts }}))
    end
{%- endmacro -%}

{%- macro counts_at_places(points) -%}
    {#- List of the counts of the places that were collected, none below 0. -#}
    list_transform(
        list_filter([{{ points | join(', ') }}], lambda n: n is not null),
        lambda n: greatest(n, 0)
    )
{%- endmacro -%}
