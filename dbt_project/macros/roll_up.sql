{%- macro roll_up(name, name_en, definition, children) -%}
{#-
    An indicator made of others: its children and their weights.

    children   list of {code, weight, first_edition, last_edition, provenance, role}; a weight
               that changed stands once per range of editions; one with the role observed
               counts if the method says so (counting_children). ref() is called for every
               child of every range, so the lineage is whole whatever edition runs.

    Its own full marks are the sum of its children's weights; each child brings
    weight x score rate. How they are put together, what a missing child does and how the
    result is rounded are the framework's parameters `aggregation`, `missing` and `rounding`.
-#}
{%- set framework = framework_code() -%}
{%- set children = assumed_weights(children, framework) -%}
{%- do has_columns(indicator_columns()) -%}
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
{%- set rounding = parameter_here('rounding') if execute else 'none' %}
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
        {{ aggregated_children(counted, parameter_here('aggregation'), parameter_here('missing')) if execute }}
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
{%- if rounding != 'none' %},

rounded as (
    select * replace ({{ rounded('score / max_score', rounding, 'max_score') }} as score)
    from rolled_up
)
{%- endif %}

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
from {{ 'rolled_up' if rounding == 'none' else 'rounded' }}
{%- endif %}
{%- endmacro -%}


{%- macro aggregated_children(children, aggregation, missing) -%}
    {#-
        Score of a roll-up on the scale of its children's weights.

        aggregation  arithmetic, geometric or harmonic mean of the children's rates, weighted
        missing      no_score   a child without a score leaves the parent without one
                     rescale    it is left out and the others' weights are rescaled (fact 271;
                                not collected is not the same as not found)
                     share_needed S   the same, if those that are there have at least the share
                                S of the weights; else the parent has no score
        A part of 0 makes a geometric or harmonic mean 0; one below 0 stops the run.
    -#}
    {%- set rule = missing.split() -%}
    {%- if missing not in ('no_score', 'rescale') and not (rule | length == 2 and rule[0] == 'share_needed' and 0 < rule[1] | float <= 1) -%}
        {{ refuse_value('missing', missing, 'no_score, rescale, share_needed with a share above 0 and up to 1, as in `share_needed 0.5`') }}
    {%- endif -%}
    {%- set whole = float(children | sum(attribute='weight')) -%}
    {%- if aggregation == 'arithmetic' and missing == 'no_score' -%}
        {%- for child in children %}
        {{ '+ ' if not loop.first }}{{ child['code'] }}.score * ({{ float(child['weight']) }} / {{ child['code'] }}.max_score)
        {%- endfor %}
    {%- elif aggregation == 'arithmetic' -%}
        {%- if rule[0] == 'share_needed' %}case when {{ published_number(weights_present(children) ~ ' / ' ~ whole) }} >= {{ float(rule[1]) }} then {% endif -%}
        (
            {%- for child in children %}
            {{ '+ ' if not loop.first }}coalesce({{ child['code'] }}.score * ({{ float(child['weight']) }} / {{ child['code'] }}.max_score), 0)
            {%- endfor %}
        ) * ({{ whole }} / nullif({{ weights_present(children) }}, 0))
        {%- if rule[0] == 'share_needed' %} end{% endif -%}
    {%- elif aggregation in ('geometric', 'harmonic') -%}
        {%- set weighing = children | selectattr('weight', 'gt', 0) | list -%}
        {%- set there = weights_present(weighing) -%}
        case
            {%- for child in weighing %}
            when {{ child['code'] }}.score < 0
                then error('{{ model.name }}: the rate of {{ child["code"] }} is below 0, and of such there is no {{ aggregation }} mean')
            {%- endfor %}
            {%- if missing == 'no_score' %}
            when {% for child in weighing %}{{ ' or ' if not loop.first }}{{ child['code'] }}.score is null{% endfor %} then null
            {%- elif missing == 'rescale' %}
            when {{ there }} = 0 then null
            {%- else %}
            when {{ published_number(there ~ ' / ' ~ whole) }} < {{ float(rule[1]) }} then null
            {%- endif %}
            {%- if aggregation == 'geometric' %}
            else {{ whole }}
                {%- for child in weighing %}
                * coalesce(pow({{ child['code'] }}.score / {{ child['code'] }}.max_score, {{ float(child['weight']) }} / {{ there }}), 1)
                {%- endfor %}
            {%- else %}
            when 0 in ({% for child in weighing %}{{ ', ' if not loop.first }}{{ child['code'] }}.score{% endfor %}) then 0
            else {{ whole }} * {{ there }} / (
                {%- for child in weighing %}
                {{ '+ ' if not loop.first }}coalesce({{ float(child['weight']) }} / ({{ child['code'] }}.score / {{ child['code'] }}.max_score), 0)
                {%- endfor %}
            )
            {%- endif %}
        end
    {%- else -%}
        {{ refuse_value('aggregation', aggregation, 'arithmetic, geometric, harmonic') }}
    {%- endif -%}
{%- endmacro -%}


{%- macro weights_present(children) -%}
    {#- Sum of the weights of the children that have a score. -#}
    (
    {%- for child in children %}
            {{ '+ ' if not loop.first }}case when {{ child['code'] }}.score is null then 0 else {{ float(child['weight']) }} end
    {%- endfor %}
    )
{%- endmacro -%}


{%- macro assumed_weights(children, framework) -%}
    {#- The children with the weights that a preview assumes (variable `assumed`). -#}
    {%- set assumed = var('assumed', {}).get(framework, {}) -%}
    {%- set taken = [] -%}
    {%- for child in children -%}
        {%- set weight = assumed.get('weight.' ~ child['code'], child['weight']) -%}
        {%- if weight is not number or weight is boolean or weight < 0 -%}
            {{ exceptions.raise_compiler_error('the weight of the child ' ~ child['code'] ~ " is '" ~ weight ~ "'; expected a number that is not negative") }}
        {%- endif -%}
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
