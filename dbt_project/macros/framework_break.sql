{%- macro framework_break(predecessor) -%}
{#-
    What is compared across the break between two frameworks, and what is not (fact 276).

    One row says in words that scores are not compared, in every edition from the break on. In
    its first edition a row follows for each indicator that the register declares comparable: the
    score rate of the nation in the last edition of the framework before, here, and the change;
    none where that edition was not computed. Nothing else of that framework is read.

    predecessor   code of the framework before, as in the register framework_breaks
-#}
{%- set framework = framework_code() -%}
{%- set rates = ref(predecessor ~ '__score_statistics') -%}
{%- set computed = var('predecessor_edition') %}
with breaks as (
    select * from {{ ref('framework_breaks') }}
    where framework = '{{ framework }}' and first_edition <= '{{ var("edition") }}'
),

comparable as (
    select comparable.*
    from {{ ref('comparable_indicators') }} as comparable
    inner join breaks
        on comparable.framework = breaks.framework
            and comparable.first_edition = breaks.first_edition
    where breaks.first_edition = '{{ var("edition") }}'
),

now as (
    select * from {{ ref(framework ~ '__score_statistics') }}
    where {{ in_this_edition() }} and group_kind = 'nation' and statistic = 'score_rate'
),

before as (
    {%- if computed %}
    select * from {{ rates }}
    where edition = '{{ computed }}' and group_kind = 'nation' and statistic = 'score_rate'
    {%- else %}
    select * from now
    where false
    {%- endif %}
)

select
    '{{ var("edition") }}' as edition,
    'all' as object_group,
    predecessor,
    predecessor_edition,
    'nothing' as compared,
    'total' as indicator_code,
    cast(null as varchar) as indicator_name,
    cast(null as varchar) as predecessor_code,
    cast(null as varchar) as predecessor_name,
    cast(null as double) as predecessor_score_rate,
    cast(null as double) as score_rate,
    cast(null as double) as score_rate_change,
    why,
    why_en,
    cast(null as varchar) as provenance,
    source
from breaks
union all
select
    '{{ var("edition") }}' as edition,
    now.object_group,
    breaks.predecessor,
    breaks.predecessor_edition,
    'score_rate' as compared,
    comparable.indicator_code,
    now.indicator_name,
    comparable.predecessor_code,
    before.indicator_name as predecessor_name,
    before.value as predecessor_score_rate,
    now.value as score_rate,
    {{ published_number('now.value - before.value') }} as score_rate_change,
    comparable.why,
    comparable.why_en,
    comparable.provenance,
    comparable.source
from comparable
inner join breaks
    on comparable.framework = breaks.framework
        and comparable.first_edition = breaks.first_edition
inner join now on comparable.indicator_code = now.indicator_code
inner join before
    on comparable.predecessor_code = before.indicator_code
        and now.object_group = before.object_group
{%- endmacro -%}
