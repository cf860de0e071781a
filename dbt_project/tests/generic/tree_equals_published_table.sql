{% test tree_equals_published_table(model, table) %}
-- A returned row is an indicator whose parent, weight or full marks in the derived tree are
-- not those of the published table (facts 1 to 11, 136, 224), or that only one of them has. Full
-- marks are published for a total in which all indicators count.
with published as (
    select edition, level3_code as code, level2_code as parent, level3_weight as weight, max_score
    from {{ ref(table) }}
    union all
    select distinct edition, level2_code, level1_code, level2_weight, level2_max_score
    from {{ ref(table) }}
    union all
    select distinct edition, level1_code, 'total', level1_weight, level1_weight
    from {{ ref(table) }}
),

derived as (
    select indicator_code as code, parent_code as parent, weight, max_score
    from {{ model }}
    where {{ in_this_edition() }} and indicator_code != 'total'
)

select
    coalesce(derived.code, published.code) as code,
    derived.parent, derived.weight, derived.max_score,
    published.parent as published_parent,
    published.weight as published_weight,
    published.max_score as published_max_score
from derived
full join (select * from published where {{ in_this_edition() }}) as published
    on derived.code = published.code
where exists (select 1 from published as any_row where {{ in_this_edition('any_row') }})
    and (
        derived.code is null or published.code is null
        or derived.parent != published.parent
        or abs(derived.weight - published.weight) > 1e-9
        or (
            abs(derived.max_score - published.max_score) > 1e-9
            and not exists (
                select 1 from {{ model }} as tree
                where {{ in_this_edition('tree') }} and tree.weight_share = 0
            )
        )
    )
{% endtest %}
