{%- macro round_stability(point) -%}
    {#-
        Stability over rounds: share of the collection rounds that agree with the value, if the
        thing was found.

        Domain    agreement 0..1 that the merging of rounds keeps; not found: 0
        Missing   not collected, no rate
        Source    four rounds, comparable with each other (facts 23, 24)
    -#}
    case
        when {{ point }} is null then null
        when {{ point }} > 0 then {{ point }}__agreement
        else 0
    end
{%- endmacro -%}
