{%- macro roll_up(name, name_en, definition, children) -%}
{#-
    An indicator made of others: its children and their weights.

    children   list of {code, weight, first_edition, last_edition, provenance, role}; a weight
               that changed stands once per range of editions; one with the role observed
               counts if the method says so (counting_children). ref() is called for every
               child of every range, so the lineage is whole whatever edition runs.

    Its own full marks are the sum of its children's weights; each child brings
    weight x score rate. What a missing child does is the framework's parameter
    `missing`.
-#}
{%- set framework = framework_code() -%}
{%- set children = assumed_weights(children, framework) -%}
{{- config(meta={
    'model_kind': 'roll_up', 'framework': framework, 'name': name, 'name_en': name_en,
    'definition': definition, 'children': children,
}) -}}
{%- set relations = {} -%}
{%- for child in children -%}
    {%- do relations.update({child['code']: ref(framework ~ '__' ~ child['code'])}) -%}
{%- endfor -%}
{%- set counted = counting_children(children_in_effect(children), framework) -%}
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
        {{ weighted_children(counted) if execute }}
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
    {{ status_of('score') }} as status,
    points_collected / points_expected as collected_share,
    cast(points_expected as integer) as points_expected,
    cast(points_collected as integer) as points_collected
from rolled_up
{%- endif %}
{%- endmacro -%}


{%- macro weighted_children(children) -%}
    {#-
        Score of a roll-up on the scale of its children's weights, by the parameter
        `missing`:
          no_score   a child without a score leaves the parent without one
          rescale    it is left out and the others' weights are rescaled (fact 271;
                     not collected is not the same as not found)
    -#}
    {%- set rule = parameter('missing') -%}
    {%- if rule == 'no_score' -%}
        {%- for child in children %}
        {{ '+ ' if not loop.first }}{{ child['code'] }}.score * ({{ float(child['weight']) }} / {{ child['code'] }}.max_score)
        {%- endfor %}
    {%- elif rule == 'rescale' -%}
        (
            {%- for child in children %}
            {{ '+ ' if not loop.first }}coalesce({{ child['code'] }}.score * ({{ float(child['weight']) }} / {{ child['code'] }}.max_score), 0)
            {%- endfor %}
        ) * ({{ float(children | sum(attribute='weight')) }} / nullif(
            {%- for child in children %}
            {{ '+ ' if not loop.first }}case when {{ child['code'] }}.score is null then 0 else {{ float(child['weight']) }} end
            {%- endfor %}
        , 0))
    {%- else -%}
        {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework_code() ~ '.missing is ' ~ rule ~ '; known: no_score, rescale') }}
    {%- endif -%}
{%- endmacro -%}


{%- macro assumed_weights(children, framework) -%}
    {#- The children with the weights that a preview assumes (variable `assumed`). -#}
    {%- set assumed = var('assumed', {}).get(framework, {}) -%}
    {%- set taken = [] -%}
    {%- for child in children -%}
        {%- set weight = assumed.get('weight.' ~ child['code'], child['weight']) -%}
        {%- do taken.append(dict(child, weight=weight)) -%}
    {%- endfor -%}
    {{- return(taken) -}}
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
