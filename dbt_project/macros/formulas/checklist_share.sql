{%- macro checklist_share(points) -%}
    {#-
        Checklist: share of the things on a list that were found, each counting the same.

        Domain    points of type presence; any positive value counts as found
        Missing   points that were not collected are left out of the list; none left: no rate
        Source    value type "presence" (fact 35), summed over a list of required things
    -#}
    list_avg([
        {%- for point in points %}
        {{ presence(point) }}{{ ',' if not loop.last }}
        {%- endfor %}
    ])
{%- endmacro -%}
