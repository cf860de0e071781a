{%- macro herfindahl(points) -%}
    {#-
        Concentration: Herfindahl's index of the shares, brought to 0..1. All in one place: 1; the
        same number in every place: 0.

        points    counts at each place, two places or more
        Domain    0 and more each, below 0 counts as 0; nothing anywhere: 0
        Missing   a place that was not collected is left out; fewer than two left: no rate
        Source    Herfindahl (1950), normalised: (H - 1/n) / (1 - 1/n)
    -#}
    {%- set counts = counts_at_places(points) -%}
    case
        when len({{ counts }}) < 2 then null
        when list_sum({{ counts }}) = 0 then 0
        else (
            list_sum(list_transform({{ counts }}, lambda n: pow(n / list_sum({{ counts }}), 2)))
            - 1 / len({{ counts }})
        ) / (1 - 1 / len({{ counts }}))
    end
{%- endmacro -%}
