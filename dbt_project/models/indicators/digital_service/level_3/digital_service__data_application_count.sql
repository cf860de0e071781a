{{ indicator(
    name='数据应用数量与转化',
    name_en='Data applications and their use',
    definition='开放数据形成应用的数量与转化情况。 / How many applications come of open data.',
    kind='benefit',
    nature='dynamic',
    points=[
        'dan_applications', 'dan_apps', 'dan_mini_programs', 'dan_reports',
        'dan_services', 'dan_level',
    ],
    formula=weighted_mean([
        [0.3, log_volume('dan_applications', 200)],
        [0.4, checklist_share([
                'dan_apps', 'dan_mini_programs', 'dan_reports', 'dan_services',
            ])],
        [0.3, graded_presence('dan_level', 3)],
    ]),
) }}
