{%- macro indicator(name, name_en, definition, points, formula, kind=none, nature=none, first_edition=none, last_edition=none) -%}
{#-
    An indicator of the lowest level: which points it is made of and the formula
    that turns their values into a score rate (0..1).

    name, name_en   in the language of the evaluation, and in English
    definition      what is looked for, in words
    points          codes of its points; the formula names them as columns
    formula         SQL expression over those columns, from macros/formulas/
    kind            what it asks: presence (is it there), quality (is it good), benefit (fact 201)
    nature          static (a structure) or dynamic (a process) (fact 205)
    first_edition, last_edition   when it is part of the framework (open if absent)

    Its full marks are 1; what it weighs is said by its parent.
    Yields a row per object group and region, scored or missing.
-#}
{%- set framework = framework_code() -%}
{%- set rounding = parameter_here('rounding') if execute else 'none' -%}
{%- do has_columns(indicator_columns()) -%}
{{- config(meta={
    'model_kind': 'indicator', 'framework': framework, 'name': name, 'name_en': name_en,
    'definition': definition, 'kind': kind, 'nature': nature, 'points': points, 'formula': formula | string | trim,
    'first_edition': first_edition, 'last_edition': last_edition,
}) -}}
with measured as (
    select
        object_group,
        region_code,
        {%- for point in points %}
        max(value) filter (where point_code = '{{ point }}') as {{ point }},
        {%- for detail in ('status', 'agreement') if point ~ '__' ~ detail in formula %}
        max({{ detail }}) filter (where point_code = '{{ point }}') as {{ point }}__{{ detail }},
        {%- endfor %}
        {%- endfor %}
        count(*) as points_expected,
        count(*) filter (where status != 'not_collected') as points_collected
    from {{ ref(framework ~ '__point_values') }}
    where {{ in_this_edition() }}
        and point_code in ('{{ points | join("', '") }}')
        {%- if not in_effect({'first_edition': first_edition, 'last_edition': last_edition}) %}
        and false
        {%- endif %}
    group by object_group, region_code
),

rated as (
    select
        *,
        cast({{ formula }} as double) as score_rate
    from measured
)
{%- if rounding != 'none' %},

rounded as (
    select * replace ({{ rounded('score_rate', rounding) }} as score_rate)
    from rated
)
{%- endif %}

select
    '{{ var("edition") }}' as edition,
    object_group,
    region_code,
    score_rate,
    {{ float(1) }} as max_score,
    score_rate as score,
    {{ status_of('score_rate') }} as status,
    points_collected / points_expected as collected_share,
    cast(points_expected as integer) as points_expected,
    cast(points_collected as integer) as points_collected
from {{ 'rated' if rounding == 'none' else 'rounded' }}
{%- endmacro -%}


{%- macro indicator_columns() -%}
    {#- The columns of every indicator's table. -#}
    {{- return({
        'edition': 'varchar', 'object_group': 'varchar', 'region_code': 'varchar',
        'score_rate': 'double', 'max_score': 'double', 'score': 'double', 'status': 'varchar',
        'collected_share': 'double', 'points_expected': 'integer', 'points_collected': 'integer',
    }) -}}
{%- endmacro -%}


{%- macro status_of(score) -%}
    {#- missing: no score; provisional: fewer of its points were collected than the method
        needs (parameter needed_share); else scored. -#}
    case
        when {{ score }} is null then 'missing'
        when points_collected < {{ float(parameter('needed_share')) if execute }} * points_expected
            then 'provisional'
        else 'scored'
    end
{%- endmacro -%}
