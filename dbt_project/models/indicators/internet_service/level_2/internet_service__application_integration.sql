{{ roll_up(
    name='应用整合能力',
    name_en='Application integration',
    definition='平台的整合、应用与数据的开放程度 / How far platforms are integrated and used, and data are open',
    children=[
        {'code': 'platform_integration', 'weight': 45, 'last_edition': '2018', 'provenance': 'assumed'},
        {'code': 'platform_integration', 'weight': 40, 'first_edition': '2019'},
        {'code': 'platform_application', 'weight': 40, 'last_edition': '2018', 'provenance': 'assumed'},
        {'code': 'platform_application', 'weight': 45, 'first_edition': '2019'},
        {'code': 'open_data', 'weight': 15},
    ],
) }}
