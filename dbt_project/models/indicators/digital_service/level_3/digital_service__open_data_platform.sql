{{ indicator(
    name='数据开放平台',
    name_en='Open data platform',
    definition='数据开放平台的有无、数据量与可用性。 / Whether there is an open data platform, how much it holds, and how usable that is.',
    kind='quality',
    nature='static',
    points=[
        'odp_platform', 'odp_download', 'odp_machine_readable', 'odp_api',
        'odp_catalogue', 'odp_datasets', 'odp_departments',
    ],
    formula=gate('odp_platform', weighted_mean([
        [0.5, checklist_share([
                'odp_download', 'odp_machine_readable', 'odp_api', 'odp_catalogue',
            ])],
        [0.3, log_volume('odp_datasets', 5000)],
        [0.2, steps('odp_departments', [[1, 0.3], [10, 0.6], [30, 1]])],
    ])),
) }}
