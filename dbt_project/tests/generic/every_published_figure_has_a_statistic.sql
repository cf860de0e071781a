{% test every_published_figure_has_a_statistic(model, framework) %}
-- A returned row is a published figure whose key (indicator, statistic, kind of group) nothing
-- computes: the register names a statistic that does not exist. Without the edition before
-- there are no statistics of change.
select reconciliation.*
from {{ model }} as reconciliation
where {{ in_this_edition('reconciliation') }}
    and reconciliation.verdict != 'unknown_input'
    and not exists (
        select 1 from {{ ref(framework ~ '__report_figures') }} as figures
        where {{ in_this_edition('figures') }}
            and figures.indicator_code = reconciliation.indicator_code
            and figures.statistic = reconciliation.statistic
            and figures.group_kind = reconciliation.group_kind
    )

union all

-- Or a figure of the register that is not reconciled.
select reconciliation.* replace (published.fact as fact, published.name as name)
from {{ ref(framework ~ '__published_results') }} as published
left join {{ model }} as reconciliation
    on published.fact = reconciliation.fact
        and published.item = reconciliation.item
        and {{ in_this_edition('reconciliation') }}
where {{ in_this_edition('published') }} and reconciliation.fact is null
{% endtest %}
