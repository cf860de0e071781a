{%- macro herfindahl(points) -%}
    {#-
        Concentration: Herfindahl's index of the shares, brought to 0..1. All in one place: 1; the
        same number in every place: 0.

        points    counts at each place, two places or more
        Domain    0 and more each; nothing anywhere: 0
        Missing   a place that was not looked at counts as empty; none looked at: no rate
        Source    Herfindahl (1950), normalised: (H - 1/n) / (1 - 1/n)
    -#}
    case
        when coalesce({{ points | join(', ') }}) is null then null
        when list_sum([{{ points | join(', ') }}]) <= 0 then 0
        else (
            list_sum([
                {%- for point in points %}
                pow(coalesce({{ point }}, 0) / list_sum([{{ points | join(', ') }}]), 2)
                {{- ',' if not loop.last }}
                {%- endfor %}
            ]) - {{ float(1) }} / {{ points | length }}
        ) / (1 - {{ float(1) }} / {{ points | length }})
    end
{%- endmacro -%}
