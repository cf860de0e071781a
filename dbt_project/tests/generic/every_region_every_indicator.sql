{% test every_region_every_indicator(model, framework) %}
-- A returned row is a region and an indicator of the tree that have no score row, or a
-- score row whose region or indicator is unknown.
with expected as (
    select regions.object_group, regions.region_code, tree.indicator_code
    from {{ ref(framework ~ '__regions') }} as regions
    cross join {{ ref(framework ~ '__indicator_tree') }} as tree
    where {{ in_this_edition('regions') }} and {{ in_this_edition('tree') }}
),

found as (
    select object_group, region_code, indicator_code
    from {{ model }}
    where {{ in_this_edition() }}
)

(select 'no row' as problem, * from (select * from expected except select * from found))
union all
(select 'not expected' as problem, * from (select * from found except select * from expected))
{% endtest %}
