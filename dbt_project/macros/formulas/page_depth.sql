{%- macro page_depth(point) -%}
    {#-
        Depth of the page: 1 on the home page (level 1), a sixth less with every level down.

        Domain    levels 1..6 (the crawl goes six levels deep); not found, deeper, or no level: 0
        Missing   not collected, no rate
        Source    crawl depth of six levels (fact 27)
    -#}
    case
        when {{ point }} between 1 and 6 then (7 - {{ point }}) / {{ float(6) }}
        when {{ point }} is not null or {{ point }}__status = 'not_found' then 0
    end
{%- endmacro -%}
