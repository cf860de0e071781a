{{ indicator(
    name='高效办成一件事',
    name_en='One thing done at once',
    definition='跨部门协同办成一件事的范围、入口与时效。 / How far, from where and how fast one matter is settled across departments.',
    kind='benefit',
    nature='dynamic',
    points=[
        'ots_column', 'ots_newborn', 'ots_company', 'ots_after_death', 'ots_retirement',
        'ots_items', 'ots_days', 'ots_merge_level',
    ],
    formula=weighted_mean([
        [0.5, checklist_share([
                'ots_column', 'ots_newborn', 'ots_company', 'ots_after_death',
                'ots_retirement',
            ])],
        [0.2, coverage('ots_items', 13)],
        [0.1, inverse_goalposts('ots_days', 3, 20)],
        [0.2, graded_presence('ots_merge_level', 3)],
    ]),
) }}
