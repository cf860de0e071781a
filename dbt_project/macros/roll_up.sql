{%- macro roll_up(name, name_en, definition, children) -%}
{#-
    An indicator made of others: its children and their weights.

    children   list of {code, weight, first_edition, last_edition}; a weight that
               changed stands once per range of editions. ref() is called for every
               child of every range, so the lineage is whole whatever edition runs.

    Its own full marks are the sum of its children's weights; each child brings
    weight x score rate. What a missing child does is the framework's parameter
    `missing`.
-#}
{%- set framework = framework_code() -%}
{{- config(meta={
    'model_kind': 'roll_up', 'framework': framework, 'name': name, 'name_en': name_en,
    'definition': definition, 'children': children,
}) -}}
{%- set relations = {} -%}
{%- for child in children -%}
    {%- do relations.update({child['code']: ref(framework ~ '__' ~ child['code'])}) -%}
{%- endfor -%}
{%- set counted = children_in_effect(children) -%}
{%- if execute and parameter('missing') != 'no_score' -%}
    {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework ~ '.missing is ' ~ parameter('missing') ~ '; known: no_score') }}
{%- endif -%}
{%- if not counted %}
{#- Not part of the framework in this edition: the columns of any child, and no row. #}
select * from {{ relations.values() | first }}
where false
{%- else %}
{%- set first = counted[0]['code'] %}
with {% for child in counted -%}
{{ child['code'] }} as (
    select * from {{ relations[child['code']] }}
    where {{ in_this_edition() }}
),

{% endfor -%}
rolled_up as (
    select
        {{ first }}.object_group,
        {{ first }}.region_code,
        {{ float(counted | sum(attribute='weight')) }} as max_score,
        {% for child in counted -%}
        {{ '+ ' if not loop.first }}{{ child['code'] }}.score * ({{ float(child['weight']) }} / {{ child['code'] }}.max_score)
        {% endfor -%}
        as score,
        {% for child in counted -%}
        {{ '+ ' if not loop.first }}{{ child['code'] }}.points_expected
        {% endfor -%}
        as points_expected,
        {% for child in counted -%}
        {{ '+ ' if not loop.first }}{{ child['code'] }}.points_collected
        {% endfor -%}
        as points_collected
    from {{ first }}
    {%- for child in counted[1:] %}
    left join {{ child['code'] }}
        on {{ first }}.object_group = {{ child['code'] }}.object_group
            and {{ first }}.region_code = {{ child['code'] }}.region_code
    {%- endfor %}
)

select
    '{{ var("edition") }}' as edition,
    object_group,
    region_code,
    score / max_score as score_rate,
    max_score,
    score,
    case when score is null then 'missing' else 'scored' end as status,
    points_collected / points_expected as collected_share,
    cast(points_expected as integer) as points_expected,
    cast(points_collected as integer) as points_collected
from rolled_up
{%- endif %}
{%- endmacro -%}


{%- macro children_in_effect(children) -%}
    {#- The children of this edition; two entries of one child in the same edition are an error. -#}
    {%- set counted = [] -%}
    {%- for child in children if in_effect(child) -%}
        {%- if child['code'] in counted | map(attribute='code') | list -%}
            {{ exceptions.raise_compiler_error(model.name ~ ': child ' ~ child['code'] ~ ' has two weights for edition ' ~ var('edition') ~ '; let their ranges of editions not overlap') }}
        {%- endif -%}
        {%- do counted.append(child) -%}
    {%- endfor -%}
    {{- return(counted) -}}
{%- endmacro -%}
