{#- Sentences of a report that are statements about numbers, checked. -#}

{%- macro claims() -%}
{#-
    The register of claims against the edition's figures: a row a claim with its verdict (true,
    false, undecidable) and the evidence.

    A condition is a SQL boolean. [indicator.statistic] in it is a figure of the nation,
    [indicator.statistic kind:name] one of a group, as model report_figures has them; those
    named are the evidence. It may also read the edition's tables `scores`, `rankings`,
    `points` and `cuts`; then the register's column `evidence` says in SQL what to show.
    A claim is undecidable where the condition is empty (the register's note says why) or
    null, because a figure is not there.

    The register is read when the model runs. Where it is not in the warehouse yet, as in a
    parse or a unit test, there are no claims; the test every_claim_is_checked counts them.
-#}
{%- set framework = framework_code() -%}
{%- set register = ref(framework ~ '__published_claims') -%}
{%- set tables = {
    'figures': ref(framework ~ '__report_figures'),
    'scores': ref(framework ~ '__indicator_scores'),
    'rankings': ref(framework ~ '__rankings'),
    'points': ref(framework ~ '__point_values'),
    'cuts': ref(framework ~ '__grade_cuts'),
} -%}
{%- set claims = claims_in_effect(register) if execute and load_relation(register) else [] %}
with {% for name, table in tables.items() -%}
{{ name }} as (
    select * from {{ table }}
    where {{ in_this_edition() }}
),

{% endfor -%}
named as materialized (
    select
        {%- for figure in claims | map(attribute='figures') | sum(start=[]) | unique(attribute='column') %}
        max(value) filter (
            where indicator_code = '{{ figure["indicator"] }}' and statistic = '{{ figure["statistic"] }}'
            and group_kind = '{{ figure["kind"] }}' and group_name = '{{ figure["group"] }}'
        ) as {{ figure['column'] }},
        {%- endfor %}
        count(*) as figures
    from figures
),

checked (fact, item, holds, evidence) as (
    {%- for claim in claims %}
    select
        {{ claim['fact'] }},
        {{ claim['item'] }},
        ({{ claim['condition'] }}),
        ({{ claim['evidence'] }})
    from named
    {{ 'union all' if not loop.last }}
    {%- else %}
    select cast(null as integer), cast(null as integer), cast(null as boolean), cast(null as varchar)
    {%- endfor %}
)

select
    '{{ var("edition") }}' as edition,
    register.fact,
    register.claim,
    register.claim_en,
    case
        when checked.holds then 'true'
        when not checked.holds then 'false'
        else 'undecidable'
    end as verdict,
    coalesce(checked.evidence, '') as evidence,
    coalesce(register.note, '') as note,
    register.item,
    coalesce(register.condition, '') as condition,
    register.source
from {{ register }} as register
left join checked
    on register.fact = checked.fact and register.item = checked.item
where {{ register_in_effect() }}
{%- endmacro -%}


{%- macro claims_in_effect(register) -%}
    {#-
        The claims of this edition that have a condition: {fact, item, condition, evidence,
        figures}. In condition and evidence the figures are columns; behind each word stands
        the row of the register, so that DuckDB's message of what is wrong names it.
    -#}
    {%- set claims = [] -%}
    {%- set rows = run_query(
        "select fact, item, condition, coalesce(evidence, '') as evidence from " ~ register
        ~ " where condition is not null and " ~ register_in_effect() ~ " order by fact, item"
    ).rows -%}
    {%- for row in rows -%}
        {%- set place = register.identifier ~ '.csv, fact ' ~ row['fact'] ~ ', item ' ~ row['item'] -%}
        {%- set found = [] -%}
        {%- set text = namespace(condition=row['condition'], evidence=row['evidence']) -%}
        {%- for token in modules.re.findall('\[[^\]]*\]', row['condition'] ~ row['evidence']) | unique -%}
            {%- set parts = modules.re.fullmatch('\[(\w*)\.(\w+)(?: (\w+):([^\]]*))?\]', token) -%}
            {%- if not parts -%}
                {{ exceptions.raise_compiler_error(place ~ ': ' ~ token ~ ' is not [indicator.statistic] or [indicator.statistic kind:name]') }}
            {%- endif -%}
            {%- set column = '"' ~ token[1:-1] | replace(' ', '@') ~ '"' -%}
            {%- do found.append({
                'column': column, 'indicator': parts[1], 'statistic': parts[2],
                'kind': parts[3] or 'nation', 'group': parts[4] or '',
            }) -%}
            {%- set text.condition = text.condition | replace(token, column) -%}
            {%- set text.evidence = text.evidence | replace(token, column) -%}
        {%- endfor -%}
        {%- set shown = [] -%}
        {%- for figure in found -%}
            {%- do shown.append("'" ~ figure['column'][1:-1] | replace('@', ' ') ~ " = ' || coalesce(format('{:.6g}', " ~ figure['column'] ~ "), '?')") -%}
        {%- endfor -%}
        {%- if row['evidence'] -%}{%- do shown.append(text.evidence) -%}{%- endif -%}
        {%- do claims.append({
            'fact': row['fact'] | int, 'item': row['item'] | int, 'figures': found,
            'condition': with_place(text.condition, place),
            'evidence': with_place("concat_ws('; ', " ~ (shown or ["''"]) | join(', ') ~ ')', place),
        }) -%}
    {%- endfor -%}
    {{- return(claims) -}}
{%- endmacro -%}


{%- macro with_place(sql, place) -%}
    {#- The SQL with a comment before each word outside quotation marks. -#}
    {%- set comment = '\n        /* ' ~ place ~ ' */ ' -%}
    {{- return(comment ~ modules.re.sub("[ \n]+(?=(?:[^']*'[^']*')*[^']*$)", comment, sql)) -}}
{%- endmacro -%}
