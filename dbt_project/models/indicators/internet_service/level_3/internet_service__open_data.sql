{{ indicator(
    name='数据开放',
    name_en='Open data',
    definition='政府数据开放平台的建设、数据量与可用性。 / The open data platform of government, how much it holds, and how usable that is.',
    kind='quality',
    nature='static',
    points=[
        'od_platform', 'od_download', 'od_machine_readable', 'od_api', 'od_reuse_works',
        'od_dataset_count', 'od_department_count',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'od_platform', 'od_download', 'od_machine_readable', 'od_api',
                'od_reuse_works',
            ])],
        [0.2, log_volume('od_dataset_count', 1000)],
        [0.15, steps('od_department_count', [[1, 0.3], [10, 0.6], [30, 1]])],
    ]),
) }}
