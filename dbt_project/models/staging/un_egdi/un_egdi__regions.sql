-- The member states that the edition assesses, from the register of countries.
select
    '{{ var("edition") }}' as edition,
    'all' as object_group,
    region_code,
    region_name,
    parent_region,
    cast(null as varchar) as region_class,
    cast(null as varchar) as economic_region
from {{ ref('un_egdi__countries') }}
where {{ register_in_effect() }}
