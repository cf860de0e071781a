{%- macro min_max_volume(point) -%}
    {#-
        Min-max volume: where the count lies between the smallest and the largest of all regions.

        Relative  depends on the other regions of the object group
        Domain    any number; if all regions have the same, 1 where there is something, else 0
        Missing   no count, no rate; such a region is not among the others
        Source    min-max normalisation (OECD/JRC Handbook on Constructing Composite Indicators, 2008)
    -#}
    case
        when {{ point }} is null then null
        when max({{ point }}) over (partition by object_group)
            = min({{ point }}) over (partition by object_group)
            then case when {{ point }} > 0 then 1 else 0 end
        else ({{ point }} - min({{ point }}) over (partition by object_group))
            / (
                max({{ point }}) over (partition by object_group)
                - min({{ point }}) over (partition by object_group)
            )
    end
{%- endmacro -%}
