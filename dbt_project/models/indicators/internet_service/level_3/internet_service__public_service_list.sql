{{ indicator(
    name='公共服务清单',
    name_en='Public service list',
    definition='公共服务事项清单的公布、要素与集中程度。 / The list of public service items: whether it is published, what it holds, and how far it is in one place.',
    kind='presence',
    nature='static',
    points=[
        'psl_published', 'psl_by_audience', 'psl_guide_linked', 'psl_intermediary',
        'psl_understandable', 'psl_count_portal', 'psl_count_hall', 'psl_count_departments',
    ],
    formula=weighted_mean([
        [0.75, checklist_share([
                'psl_published', 'psl_by_audience', 'psl_guide_linked', 'psl_intermediary',
                'psl_understandable',
            ])],
        [0.25, herfindahl(['psl_count_portal', 'psl_count_hall', 'psl_count_departments'])],
    ]),
) }}
