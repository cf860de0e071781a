{#- What a model knows about itself: its framework, its code, its method's parameters. -#}

{%- macro framework_code() -%}
    {#- Framework of the model being compiled: the part of its name before the underscores. -#}
    {{- return(tested_or_own_id().split('.')[-1].split('__')[0]) -}}
{%- endmacro -%}

{%- macro tested_or_own_id() -%}
    {#- Unique id of the model being compiled; a unit test is compiled in place of the model
        that it tests. -#}
    {{- return(model.get('tested_node_unique_id') or model['unique_id']) -}}
{%- endmacro -%}

{%- macro level_of(node) -%}
    {#- Level of an indicator: its folder level_3, level_2 or level_1; the total has 0. A unit
        test lies in the folder of the model that it tests. -#}
    {%- set folder = modules.re.search('/level_([0-9]+)/', node['original_file_path']) -%}
    {{- return(folder[1] | int if folder else 0) -}}
{%- endmacro -%}

{%- macro parameter(name, framework=none) -%}
    {#- A parameter of the framework's method (vars in dbt_project.yml), or its default there. A
        list of {value, first_edition, last_edition} gives the value of this edition. A preview
        may assume another value. -#}
    {%- set framework = framework or framework_code() -%}
    {%- set assumed = var('assumed', {}).get(framework, {}) -%}
    {%- if name in assumed -%}
        {{- return(assumed[name]) -}}
    {%- endif -%}
    {{- return(of_this_edition(method_of(framework, name), framework ~ '.' ~ name)) -}}
{%- endmacro -%}

{%- macro parameter_here(name) -%}
    {#- A parameter that may differ by indicator, for the indicator being compiled. -#}
    {%- set code = tested_or_own_id().split('.')[-1].split('__')[1] -%}
    {{- return(of_node(name, framework_code(), code, level_of(model))) -}}
{%- endmacro -%}

{%- macro parameter_of_node(name, framework, code, level) -%}
    {#- A parameter that may differ by indicator, for any indicator. -#}
    {{- return(of_node(name, framework, code, level)) -}}
{%- endmacro -%}

{%- macro of_node(name, framework, code, level) -%}
    {#- A parameter that is one value for all indicators, or {code or level_N: value, default:
        value}; an indicator's own counts before its level's, and that before the default. -#}
    {%- set assumed = var('assumed', {}).get(framework, {}) -%}
    {%- set value = method_of(framework, name) -%}
    {%- set keys = [code, 'level_' ~ level] -%}
    {%- for key in keys if name ~ '.' ~ key in assumed -%}
        {{- return(assumed[name ~ '.' ~ key]) -}}
    {%- endfor -%}
    {%- if name in assumed -%}
        {{- return(assumed[name]) -}}
    {%- endif -%}
    {%- set place = framework ~ '.' ~ name -%}
    {%- if value is not mapping -%}
        {{- return(of_this_edition(value, place)) -}}
    {%- endif -%}
    {%- for key in keys + ['default'] if key in value -%}
        {{- return(of_this_edition(value[key], place ~ '.' ~ key)) -}}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ place ~ ' says nothing of ' ~ code ~ '; add ' ~ keys | join(', ') ~ ' or default') }}
{%- endmacro -%}

{%- macro method_of(framework, name) -%}
    {#- What dbt_project.yml says of a parameter. -#}
    {%- set own = var(framework, none) -%}
    {%- if own is not mapping -%}
        {{ exceptions.raise_compiler_error('dbt_project.yml: vars has no block ' ~ framework ~ '; a framework needs one with its parameters (basis, maximum)') }}
    {%- endif -%}
    {%- set method = dict(var('method', {}), **own) -%}
    {%- if name not in method -%}
        {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework ~ ' has no parameter ' ~ name) }}
    {%- endif -%}
    {{- return(method[name]) -}}
{%- endmacro -%}

{%- macro of_this_edition(value, place) -%}
    {#- The value itself, or that of a list by ranges of editions that counts in this one. -#}
    {%- if not (value is sequence and value is not string and value is not mapping and value and 'value' in value[0]) -%}
        {{- return(value) -}}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for entry in value if in_effect(entry) -%}
        {%- do found.append(entry['value']) -%}
    {%- endfor -%}
    {%- if found | length != 1 -%}
        {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ place ~ ' has ' ~ found | length ~ ' values for edition ' ~ var('edition') ~ '; it needs one') }}
    {%- endif -%}
    {{- return(found[0]) -}}
{%- endmacro -%}

{%- macro refuse_value(name, value, known) -%}
    {#- Stops with a sentence: a parameter has a value that is not known. -#}
    {{ exceptions.raise_compiler_error('dbt_project.yml: vars.' ~ framework_code() ~ '.' ~ name ~ ' is ' ~ value ~ '; known: ' ~ known) }}
{%- endmacro -%}
