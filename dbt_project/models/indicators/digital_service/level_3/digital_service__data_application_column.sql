{{ indicator(
    name='数据应用栏目',
    name_en='Section of data applications',
    definition='数据开放平台上数据应用栏目的设置情况。 / Whether the open data platform has a section for applications.',
    kind='presence',
    nature='static',
    points=[
        'dac_column', 'dac_sorted', 'dac_submission', 'dac_contest', 'dac_introduced',
        'dac_level',
    ],
    formula=gate('dac_column', weighted_mean([
        [0.6, checklist_share([
                'dac_sorted', 'dac_submission', 'dac_contest', 'dac_introduced',
            ])],
        [0.4, graded_presence('dac_level', 3)],
    ])),
) }}
