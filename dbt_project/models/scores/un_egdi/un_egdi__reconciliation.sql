{{ reconciliation_with_print(
    'components', 'published_index', 'published_rank', 'un_egdi__contradictions',
) }}
