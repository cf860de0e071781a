{% test every_claim_is_checked(model, framework) %}
-- A returned row is a claim of the register that is not listed, or whose condition was not put.
select published.fact, published.item, published.claim
from {{ ref(framework ~ '__published_claims') }} as published
left join {{ model }} as claims
    on published.fact = claims.fact
        and published.item = claims.item
        and {{ in_this_edition('claims') }}
where {{ register_in_effect() }}
    and (
        claims.fact is null
        or coalesce(published.condition, '') != claims.condition
        or (published.condition is not null and claims.evidence = '' and claims.verdict = 'undecidable')
    )
{% endtest %}
