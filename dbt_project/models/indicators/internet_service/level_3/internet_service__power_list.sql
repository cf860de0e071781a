{{ indicator(
    name='权力清单',
    name_en='Power list',
    definition='政府门户网站公布行政权力清单的完整、规范与更新情况。 / Whether the portal publishes the list of administrative powers completely, in good order and up to date.',
    kind='presence',
    nature='static',
    points=[
        'pl_published', 'pl_by_kind', 'pl_item_code', 'pl_flow_chart', 'pl_legal_basis',
        'pl_item_count', 'pl_updated', 'pl_adjust_notice',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'pl_published', 'pl_by_kind', 'pl_item_code', 'pl_flow_chart',
                'pl_legal_basis', 'pl_adjust_notice',
            ])],
        [0.2, capped_volume('pl_item_count', 2000)],
        [0.1, freshness('pl_updated', 180)],
    ]),
) }}
