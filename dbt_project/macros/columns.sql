{%- macro has_columns(columns, description=none) -%}
    {#-
        Declares the columns of a table that has the same ones in every framework,
        {name: type} in their order, and what it is. The materialization holds the table to them
        as it holds others to the columns of their YAML, which dbt's own contract would ask for.
    -#}
    {{- config(contract={'enforced': false}, meta={'columns': columns, 'description': description}) -}}
{%- endmacro -%}

{%- macro declared_columns() -%}
    {#- The columns of the model as its YAML or its macro declares them. -#}
    {%- set declared = model['columns'] or {} -%}
    {%- if not declared -%}
        {%- for name, type in (config.get('meta') or {}).get('columns', {}).items() -%}
            {%- do declared.update({name: {'name': name, 'data_type': type, 'constraints': []}}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if not declared -%}
        {{ exceptions.raise_compiler_error(model['original_file_path'] ~ ': the table has no declared columns; list them with their data_type in the YAML beside it') }}
    {%- endif -%}
    {{- return(declared) -}}
{%- endmacro -%}
