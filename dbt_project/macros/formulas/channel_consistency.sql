{%- macro channel_consistency(common, either) -%}
    {#-
        Consistency over channels: Jaccard's index, how many services all channels (网, 微, 端) offer
        of those that any of them offers.

        common    services on all channels; either: services on at least one
        Domain    0..either; no services at all: 0; more common than either counts as all
        Missing   either not collected, no rate (no services at all is 0 even then)
        Source    channels 网/微/端 (fact 17); Jaccard (1901)
    -#}
    case
        when {{ either }} = 0 then 0
        else {{ share_of(common, either) }}
    end
{%- endmacro -%}
