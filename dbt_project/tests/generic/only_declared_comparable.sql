{% test only_declared_comparable(model, framework) %}
-- A returned row compares across the break what the register does not declare comparable, or it
-- compares in an edition that does not follow the break; or the break is not said in words.
select found.indicator_code, found.predecessor_code, found.compared
from {{ model }} as found
left join {{ ref('comparable_indicators') }} as declared
    on found.indicator_code = declared.indicator_code
        and found.predecessor_code = declared.predecessor_code
        and found.edition = declared.first_edition
        and declared.framework = '{{ framework }}'
where {{ in_this_edition('found') }} and found.compared != 'nothing'
    and declared.indicator_code is null

union all

select '' as indicator_code, null as predecessor_code, 'nothing' as compared
where not exists (
    select 1 from {{ model }} as found
    where {{ in_this_edition('found') }} and found.compared = 'nothing' and found.why != ''
)
{% endtest %}
