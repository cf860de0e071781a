{%- macro z_score(point) -%}
    {#-
        Z-score brought to 0..1: 0.5 + z / 6, cut off at three standard deviations.

        Relative  depends on the other regions of the object group
        Domain    any number; the standard deviation is that of the whole population; if all
                  regions have the same, 0.5. Mean and deviation go through the values in their
                  order, so that the order of rows does not matter, and without sums of squares, so
                  that large numbers that lie close together keep their digits
        Missing   no count, no rate; such a region is not among the others
        Source    z-score normalisation (OECD/JRC Handbook, 2008)
    -#}
    case
        when {{ point }} is null then null
        when max({{ point }}) over (partition by object_group)
            = min({{ point }}) over (partition by object_group)
            then 0.5
        else {{ clip(
            '0.5 + (' ~ point ~ ' - avg(' ~ point ~ ' order by ' ~ point ~ ') over (partition by object_group))'
            ~ ' / stddev_pop(' ~ point ~ ' order by ' ~ point ~ ') over (partition by object_group) / 6', 0, 1
        ) }}
    end
{%- endmacro -%}
