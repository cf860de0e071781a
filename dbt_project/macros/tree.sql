{#- The tree of indicators, derived from the models themselves. -#}

{%- macro indicator_nodes(framework) -%}
    {#- {code: node} of every indicator model of a framework. Only while dbt runs: the graph is not there before. -#}
    {%- set nodes = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model'
        and node.config.meta.get('framework') == framework
        and node.config.meta.get('model_kind') in ('indicator', 'roll_up') -%}
        {%- do nodes.update({node.name.split('__')[1]: node}) -%}
    {%- endfor -%}
    {{- return(nodes) -}}
{%- endmacro -%}

{%- macro indicator_tree(framework) -%}
    {#-
        Rows of the tree in this edition, the total first, each parent before its
        children: {code, parent, level, name, name_en, definition, weight,
        weight_share, max_score, own_max_score, role, kind, nature, provenance, points,
        model_kind, formula, folder_level}.

        weight         as the parent's file states it
        weight_share   share of the parent's weights (the shares of siblings add up to 1; an
                       observed indicator that does not count has none)
        own_max_score  full marks on the scale of the indicator's own file
        max_score      full marks on the scale of the total
        kind, nature   of the lowest level as its file says, which the platform chose (facts 201
                       and 205 name the kinds, no document sorts the indicators); above it that
                       of all children, mixed if they differ
        provenance     where name and weight come from: said by the parent's file, else by the
                       parameter provenance
        folder_level   level by the folder of the file, by which parameters may differ
        role           evaluated, or observed: said by the parent's file, of all below too
    -#}
    {%- set nodes = indicator_nodes(framework) -%}
    {%- set rows = [] -%}
    {%- set queue = [{'code': 'total', 'parent': none, 'level': 0, 'weight': none, 'weight_share': 1.0, 'max_score': none, 'role': 'evaluated', 'provenance': 'published'}] -%}
    {#- Jinja has no while loop; a tree visits each node once. -#}
    {%- for _ in range(nodes | length) if queue -%}
        {%- set row = queue.pop(0) -%}
        {%- if row['code'] not in nodes -%}
            {{ exceptions.raise_compiler_error(framework ~ ': the indicator ' ~ row['code'] ~ ' has no model') }}
        {%- endif -%}
        {%- set meta = nodes[row['code']].config.meta -%}
        {%- set children = children_in_effect(meta.get('children', [])) -%}
        {%- set stated = children | sum(attribute='weight') if meta['model_kind'] == 'roll_up' else 1 -%}
        {%- set counting = counting_children(children, framework) -%}
        {%- set own = counting | sum(attribute='weight') if meta['model_kind'] == 'roll_up' else 1 -%}
        {%- if row['max_score'] is none -%}{%- do row.update({'max_score': stated}) -%}{%- endif -%}
        {%- do row.update({
            'name': meta['name'], 'name_en': meta['name_en'], 'definition': meta['definition'],
            'kind': meta.get('kind'), 'nature': meta.get('nature'), 'own_max_score': own, 'points': meta.get('points', []),
        }) -%}
        {%- do row.update({
            'model_kind': meta['model_kind'], 'formula': meta.get('formula', ''),
            'folder_level': level_of(nodes[row['code']]),
        }) -%}
        {%- do rows.append(row) -%}
        {%- for child in children -%}
            {%- do queue.append({
                'code': child['code'], 'parent': row['code'], 'level': row['level'] + 1,
                'weight': child['weight'],
                'weight_share': child['weight'] / own if child in counting else 0,
                'max_score': child['weight'] * (row['max_score'] / (own if child in counting else stated)),
                'role': child.get('role', row['role']),
                'provenance': child.get('provenance') or parameter_of_node(
                    'provenance', framework, child['code'], row['level'] + 1
                ),
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {#- Children come after their parents, so from the end on all below an indicator is known. -#}
    {%- for row in rows | reverse if row['model_kind'] == 'roll_up' -%}
        {%- for tag in ('kind', 'nature') -%}
            {%- set told = rows | selectattr('parent', 'equalto', row['code']) | map(attribute=tag) | unique | list -%}
            {%- do row.update({tag: told[0] if told | length == 1 else 'mixed'}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(rows) -}}
{%- endmacro -%}

{%- macro counting_children(children, framework) -%}
    {#- The children that count in their parent: those with the role observed (观察指标) only where
        the parameter observed_counts says so. -#}
    {%- set observed = children | selectattr('role', 'defined') | selectattr('role', 'equalto', 'observed') | list -%}
    {%- if observed and execute and not parameter('observed_counts', framework) -%}
        {{- return(children | reject('in', observed) | list) -}}
    {%- endif -%}
    {{- return(children) -}}
{%- endmacro -%}
