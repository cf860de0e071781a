-- The governments that the edition assesses, from the register of divisions.
select
    '{{ var("edition") }}' as edition,
    'all' as object_group,
    region_code,
    region_name,
    parent_region,
    region_class,
    economic_region
from {{ ref('divisions') }}
where {{ register_in_effect() }}
