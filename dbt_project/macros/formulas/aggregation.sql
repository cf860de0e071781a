{%- macro aggregation(points) -%}
    {#-
        Aggregation (集合度): 1 minus how evenly things are dispersed over places. All in one
        place: 1; the same number in every place: 0. Dispersion is Shannon's entropy of the
        shares, divided by its largest value, ln of the number of places.

        points    counts at each place, two places or more
        Domain    0 and more each; nothing anywhere: 0
        Missing   a place that was not looked at counts as empty; none looked at: no rate
        Source    value type "degree of aggregation" (fact 35); Shannon (1948)
    -#}
    case
        when coalesce({{ points | join(', ') }}) is null then null
        when list_sum([{{ points | join(', ') }}]) <= 0 then 0
        else 1 + list_sum([
            {%- for point in points %}
            case when {{ point }} > 0 then
                {{ point }} / list_sum([{{ points | join(', ') }}])
                * ln({{ point }} / list_sum([{{ points | join(', ') }}]))
            else 0 end{{ ',' if not loop.last }}
            {%- endfor %}
        ]) / ln({{ float(points | length) }})
    end
{%- endmacro -%}
