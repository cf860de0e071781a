{#- The score tables, the same for every framework. A model is one line that names its macro. -#}

{%- macro indicator_tree_table() -%}
{#-
    The tree of this edition as a table, a row an indicator, derived from the
    metadata of the models, with the parameters of the method that each reads. It reads no
    table; ref() of the total is its lineage.
-#}
{%- do has_columns({
    'edition': 'varchar', 'indicator_code': 'varchar', 'indicator_name': 'varchar',
    'level': 'integer', 'parent_code': 'varchar', 'weight': 'double', 'weight_share': 'double',
    'max_score': 'double', 'role': 'varchar', 'kind': 'varchar', 'provenance': 'varchar',
    'nature': 'varchar', 'indicator_name_en': 'varchar', 'definition': 'varchar',
    'aggregation': 'varchar', 'missing': 'varchar', 'rounding': 'varchar',
    'normalisation': 'varchar', 'ties': 'varchar', 'position': 'integer',
}, 'The tree of indicators of the edition with weights, full marks and method, derived from the models') -%}
{%- set framework = framework_code() -%}
-- depends_on: {{ ref(framework ~ '__total') }}
{%- set rows = indicator_tree(framework) if execute else [] %}
with tree (
    indicator_code, indicator_name, level, parent_code, weight, weight_share,
    max_score, role, kind, provenance, nature, indicator_name_en, definition,
    aggregation, missing, rounding, normalisation, ties, position
) as (
    {%- for row in rows %}
    {%- set here = [framework, row['code'], row['folder_level']] %}
    {{ 'values' if loop.first }}
    (
        {{ sql_text(row['code']) }},
        {{ sql_text(row['name']) }},
        {{ row['level'] }},
        {{ sql_text(row['parent']) }},
        {{ float(row['weight'] if row['weight'] is not none else 'null') }},
        {{ published_number(float(row['weight_share'])) }},
        {{ published_number(float(row['max_score'])) }},
        {{ sql_text(row['role']) }},
        {{ sql_text(row['kind']) }},
        {{ sql_text(row['provenance']) }},
        {{ sql_text(row['nature']) }},
        {{ sql_text(row['name_en']) }},
        {{ sql_text(row['definition']) }},
        {{ sql_text(parameter_of_node('aggregation', *here) if row['model_kind'] == 'roll_up') }},
        {{ sql_text(parameter_of_node('missing', *here) if row['model_kind'] == 'roll_up') }},
        {{ sql_text(parameter_of_node('rounding', *here)) }},
        {{ sql_text(parameter_of_node('normalisation', *here) if 'normalised(' in row['formula']) }},
        {{ sql_text(parameter('ties')) }},
        {{ loop.index }}
    ){{ ',' if not loop.last }}
    {%- else %}
    select {{ (['null'] * 19) | join(', ') }}
    {%- endfor %}
)

select
    '{{ var("edition") }}' as edition,
    tree.*
from tree
{%- endmacro -%}


{%- macro sql_text(value) -%}
    {#- A text literal, or null. -#}
    {%- if value is none or value is undefined -%}
        cast(null as varchar)
    {%- else -%}
        '{{ value | string | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro -%}


{%- macro indicator_scores() -%}
{#-
    Every indicator of every region on the scale of the total, a row each: the
    indicators' own tables put together with the tree. Ranks go by the score as
    published; regions without a score have none.
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'region_code': 'varchar',
    'region_name': 'varchar', 'indicator_code': 'varchar', 'indicator_name': 'varchar',
    'level': 'integer', 'parent_code': 'varchar', 'score_rate': 'double', 'max_score': 'double',
    'score': 'double', 'rank': 'integer', 'status': 'varchar', 'collected_share': 'double',
    'position': 'integer', 'rank_in_parent': 'integer', 'rank_in_class': 'integer',
}, 'Every indicator of every region with score, rank and status') -%}
{%- set framework = framework_code() -%}
-- depends_on: {{ ref(framework ~ '__total') }}
{%- set rows = indicator_tree(framework) if execute else [] %}
with own_scale as (
    {%- for row in rows %}
    select
        '{{ row["code"] }}' as indicator_code,
        {{ float(row['max_score'] / row['own_max_score']) }} as scale,
        object_group, region_code, score_rate, score, status, collected_share
    from {{ api.Relation.create(database=this.database, schema=this.schema, identifier=framework ~ '__' ~ row['code']) }}
    where {{ in_this_edition() }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

scored as (
    select
        own_scale.object_group,
        own_scale.region_code,
        regions.region_name,
        own_scale.indicator_code,
        tree.indicator_name,
        tree.level,
        tree.parent_code,
        {{ published_number('own_scale.score_rate') }} as score_rate,
        tree.max_score,
        {{ published_number('own_scale.score * own_scale.scale') }} as score,
        own_scale.status,
        {{ published_number('own_scale.collected_share') }} as collected_share,
        tree.position,
        regions.parent_region,
        regions.region_class
    from own_scale
    inner join {{ ref(framework ~ '__indicator_tree') }} as tree
        on own_scale.indicator_code = tree.indicator_code
    inner join {{ ref(framework ~ '__regions') }} as regions
        on own_scale.region_code = regions.region_code
            and own_scale.object_group = regions.object_group
    where {{ in_this_edition('tree') }} and {{ in_this_edition('regions') }}
)

select
    '{{ var("edition") }}' as edition,
    object_group,
    region_code,
    region_name,
    indicator_code,
    indicator_name,
    level,
    parent_code,
    score_rate,
    max_score,
    score,
    {{ rank_by_score('object_group, indicator_code') }} as rank,
    status,
    collected_share,
    position,
    {{ rank_by_score('object_group, indicator_code, parent_region') }} as rank_in_parent,
    case when region_class is not null then
        {{ rank_by_score('object_group, indicator_code, region_class') }}
    end as rank_in_class
from scored
{%- endmacro -%}


{%- macro rank_by_score(groups, region='region_code') -%}
    {#-
        Rank by falling score within the groups; no score, no rank. Of equal scores, by the
        parameter `ties`:
          min      all have the smaller rank: 1, 2, 2, 4
          max      all have the larger one: 1, 3, 3, 4
          dense    all have the smaller one, and no rank is left out: 1, 2, 2, 3
          ordinal  each has its own, by the code of the region: 1, 2, 3, 4
    -#}
    {%- set ties = parameter('ties') if execute else 'min' -%}
    {%- set functions = {'min': 'rank()', 'max': 'count(*)', 'dense': 'dense_rank()', 'ordinal': 'row_number()'} -%}
    {%- if ties not in functions -%}
        {{ refuse_value('ties', ties, functions | join(', ')) }}
    {%- endif -%}
    case when score is not null then
        cast({{ functions[ties] }} over (partition by {{ groups }} order by score desc nulls last{{ ', ' ~ region if ties == 'ordinal' }}) as integer)
    end
{%- endmacro -%}


{%- macro rankings(graded=false) -%}
{#-
    The total of every region with its ranks, a row a region and object group.

    graded   whether the framework has bands and grades (model grade_cuts)
-#}
{%- do has_columns({
    'edition': 'varchar', 'object_group': 'varchar', 'region_code': 'varchar',
    'region_name': 'varchar', 'parent_region': 'varchar', 'region_class': 'varchar',
    'score': 'double', 'rank': 'integer', 'rank_in_parent': 'integer',
    'rank_in_class': 'integer', 'band': 'varchar', 'grade': 'varchar', 'provisional': 'boolean',
    'status': 'varchar', 'collected_share': 'double',
}, 'The total of every region with its ranks') -%}
{%- set framework = framework_code() -%}
with totals as (
    select
        scores.object_group,
        scores.region_code,
        scores.region_name,
        regions.parent_region,
        regions.region_class,
        scores.score,
        scores.rank,
        scores.status,
        scores.collected_share
    from {{ ref(framework ~ '__indicator_scores') }} as scores
    inner join {{ ref(framework ~ '__regions') }} as regions
        on scores.region_code = regions.region_code
            and scores.object_group = regions.object_group
    where {{ in_this_edition('scores') }} and {{ in_this_edition('regions') }}
        and scores.indicator_code = 'total'
)
{%- if graded %},

cuts as (
    select * from {{ ref(framework ~ '__grade_cuts') }}
    where {{ in_this_edition() }}
),

graded as (
    select
        totals.object_group,
        totals.region_code,
        arg_min(cuts.band, cuts.place) as band,
        arg_min(cuts.grade, cuts.place) as grade
    from totals
    inner join cuts
        on totals.object_group = cuts.object_group and totals.score >= cuts.lower
    group by totals.object_group, totals.region_code
)
{%- endif %}

select
    '{{ var("edition") }}' as edition,
    totals.object_group,
    totals.region_code,
    region_name,
    parent_region,
    region_class,
    score,
    rank,
    {{ rank_by_score('totals.object_group, parent_region', 'totals.region_code') }} as rank_in_parent,
    case when region_class is not null then {{ rank_by_score('totals.object_group, region_class', 'totals.region_code') }} end as rank_in_class,
    {%- if graded %}
    graded.band,
    graded.grade,
    {%- else %}
    cast(null as varchar) as band,
    cast(null as varchar) as grade,
    {%- endif %}
    status = 'provisional' as provisional,
    status,
    collected_share
from totals
{%- if graded %}
left join graded
    on totals.object_group = graded.object_group and totals.region_code = graded.region_code
{%- endif %}
{%- endmacro -%}
