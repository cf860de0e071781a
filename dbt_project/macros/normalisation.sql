{%- macro normalised(point) -%}
    {#-
        A raw number as a rate, by the parameter `normalisation` of the indicator. Where fewer
        is better (less), min_max and z_score are taken from 1, and rank counts the regions that
        have more.

        Domain, missing values and sources are those of the formulas that it names.
    -#}
    {%- if not execute -%}
        {#- What the manifest shows; the method depends on the edition. -#}
        normalised({{ point }})
    {%- else -%}
    {%- set choice = parameter_here('normalisation') -%}
    {%- set words = choice.split() -%}
    {%- set less = words[1:] == ['less'] -%}
    {%- set mirrored = '1 - ' if less else '' -%}
    {%- if words[0] == 'goalposts' and words | length in (3, 4) and words[3:] in ([], ['unclipped']) and words[1] | float != words[2] | float -%}
        {{ goalposts(point, words[1] | float, words[2] | float, words | length == 3) }}
    {%- elif words[1:] not in ([], ['less']) or words[0] not in ('min_max', 'rank', 'z_score', 'distance_to_best') -%}
        {{ refuse_value('normalisation', choice, 'goalposts with two values that differ (and unclipped), min_max, rank, z_score, distance_to_best (and less)') }}
    {%- elif words[0] == 'min_max' -%}
        {{ mirrored }}{{ min_max_volume(point) }}
    {%- elif words[0] == 'z_score' -%}
        {{ mirrored }}{{ z_score(point) }}
    {%- elif words[0] == 'rank' -%}
        {{ percentile_volume('(-' ~ point ~ ')' if less else point) }}
    {%- else -%}
        {{ distance_to_best(point, less) }}
    {%- endif -%}
    {%- endif -%}
{%- endmacro -%}
