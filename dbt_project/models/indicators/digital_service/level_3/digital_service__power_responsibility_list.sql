{{ indicator(
    name='权责清单规范',
    name_en='Power and responsibility lists',
    definition='部门权责清单的统一公布、要素与更新情况。 / Whether the departments’ lists of powers and responsibilities are published in one place, complete and up to date.',
    kind='presence',
    nature='static',
    points=[
        'prl_published', 'prl_unified', 'prl_item_code', 'prl_legal_basis',
        'prl_guide_linked', 'prl_departments', 'prl_updated',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'prl_published', 'prl_unified', 'prl_item_code', 'prl_legal_basis',
                'prl_guide_linked',
            ])],
        [0.2, coverage('prl_departments', 30)],
        [0.2, freshness('prl_updated', 180)],
    ]),
) }}
