{{ indicator(
    name='政府信息公开目录',
    name_en='Info disclosure catalog',
    definition='政府信息公开目录的设置、要素、检索与维护情况。 / The disclosure catalogue: whether it is there, what it holds, its search and its upkeep.',
    kind='presence',
    nature='static',
    points=[
        'idc_published', 'idc_guide', 'idc_annual_report', 'idc_on_request',
        'idc_index_number', 'idc_maintained', 'idc_dead_links', 'idc_entry_count',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'idc_published', 'idc_guide', 'idc_annual_report', 'idc_on_request',
                'idc_index_number',
            ])],
        [0.2, gate('idc_maintained', deduction('idc_dead_links', 0.1))],
        [0.2, capped_volume('idc_entry_count', 1000)],
    ]),
) }}
