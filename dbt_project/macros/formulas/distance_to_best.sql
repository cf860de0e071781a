{%- macro distance_to_best(point, less=false) -%}
    {#-
        Distance to the best: the value over the largest of all regions; where fewer is better,
        the smallest over the value.

        Relative  depends on the other regions of the object group
        Domain    0 and more; below 0 counts as 0. Whoever has the best value has 1, also if that
                  is 0
        Missing   no value, no rate; such a region is not among the others
        Source    distance to a reference (OECD/JRC Handbook, 2008)
    -#}
    {%- set value = clip(point, 0) -%}
    {%- set best = ('min' if less else 'max') ~ '(' ~ value ~ ') over (partition by object_group)' -%}
    case
        when {{ point }} is null then null
        when {{ value }} = {{ best }} then 1
        else {{ best ~ ' / ' ~ '(' ~ value ~ ')' if less else '(' ~ value ~ ') / ' ~ best }}
    end
{%- endmacro -%}
