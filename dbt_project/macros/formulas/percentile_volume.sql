{%- macro percentile_volume(point) -%}
    {#-
        Percentile volume: share of the other regions that have less.

        Relative  depends on the other regions of the object group
        Domain    any number; equal counts get the same, smaller, rate; a single region 1
                  where it has something, else 0
        Missing   no count, no rate; such a region is not among the others
        Source    ranking normalisation (OECD/JRC Handbook, 2008)
    -#}
    case
        when {{ point }} is null then null
        when count({{ point }}) over (partition by object_group) = 1
            then case when {{ point }} > 0 then 1 else 0 end
        else (rank() over (partition by object_group order by {{ point }} nulls last) - 1)
            / (count({{ point }}) over (partition by object_group) - 1)
    end
{%- endmacro -%}
