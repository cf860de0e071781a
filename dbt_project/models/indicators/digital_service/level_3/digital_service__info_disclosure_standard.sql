{{ indicator(
    name='政府信息公开规范',
    name_en='Standardised information disclosure',
    definition='政府信息公开目录的设置、要素与维护情况。 / The disclosure catalogue: whether it is there, what it holds, and its upkeep.',
    kind='presence',
    nature='static',
    points=[
        'ids_catalogue', 'ids_guide', 'ids_annual_report', 'ids_on_request',
        'ids_maintained', 'ids_dead_links', 'ids_entries',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'ids_catalogue', 'ids_guide', 'ids_annual_report', 'ids_on_request',
            ])],
        [0.2, gate('ids_maintained', deduction('ids_dead_links', 0.1))],
        [0.2, capped_volume('ids_entries', 1000)],
    ]),
) }}
