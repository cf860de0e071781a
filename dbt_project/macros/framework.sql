{#- What a model knows about itself: its framework, its code, its method's parameters. -#}

{%- macro framework_code() -%}
    {#- Framework of the model being compiled: the part of its name before the underscores. -#}
    {#- A unit test is compiled in place of the model that it tests. -#}
    {%- set unique_id = model.get('tested_node_unique_id') or model['unique_id'] -%}
    {{- return(unique_id.split('.')[-1].split('__')[0]) -}}
{%- endmacro -%}

{%- macro parameter(name, framework=none) -%}
    {#- A parameter of the framework's method (vars in dbt_project.yml). A list of
        {value, first_edition, last_edition} gives the value of this edition. A preview may
        assume another value. -#}
    {%- set framework = framework or framework_code() -%}
    {%- set method = var(framework) -%}
    {%- if name not in method -%}
        {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework ~ ' has no parameter ' ~ name) }}
    {%- endif -%}
    {%- set assumed = var('assumed', {}).get(framework, {}) -%}
    {%- if name in assumed -%}
        {{- return(assumed[name]) -}}
    {%- endif -%}
    {%- set value = method[name] -%}
    {%- if value is sequence and value is not string and value is not mapping and 'value' in value[0] -%}
        {%- set found = [] -%}
        {%- for entry in value if in_effect(entry) -%}
            {%- do found.append(entry['value']) -%}
        {%- endfor -%}
        {%- if found | length != 1 -%}
            {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework ~ '.' ~ name ~ ' has ' ~ found | length ~ ' values for edition ' ~ var('edition') ~ '; it needs one') }}
        {%- endif -%}
        {{- return(found[0]) -}}
    {%- endif -%}
    {{- return(value) -}}
{%- endmacro -%}
