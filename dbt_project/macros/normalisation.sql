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
    {#- What is no number would be 0 for Jinja. -#}
    {%- set number = '[-+]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][-+]?[0-9]+)?' -%}
    {%- set posts = words[1:3] if modules.re.fullmatch(number ~ ' ' ~ number, words[1:3] | join(' ')) else [] -%}
    {%- if words[0] == 'goalposts' and words[3:] in ([], ['unclipped']) and posts and posts[0] | float != posts[1] | float -%}
        {{ goalposts(point, posts[0] | float, posts[1] | float, words | length == 3) }}
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
