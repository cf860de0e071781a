{{ indicator(
    name='责任清单',
    name_en='Responsibility list',
    definition='政府门户网站公布部门责任清单的完整、规范与更新情况。 / Whether the portal publishes the departments’ lists of responsibilities completely, in good order and up to date.',
    kind='presence',
    nature='static',
    points=[
        'rl_published', 'rl_by_department', 'rl_legal_basis', 'rl_contact', 'rl_boundary',
        'rl_department_count', 'rl_updated', 'rl_depth',
    ],
    formula=weighted_mean([
        [0.55, checklist_share([
                'rl_published', 'rl_by_department', 'rl_legal_basis', 'rl_contact',
                'rl_boundary',
            ])],
        [0.2, coverage('rl_department_count', 25)],
        [0.15, freshness('rl_updated', 180)],
        [0.1, page_depth('rl_depth')],
    ]),
) }}
