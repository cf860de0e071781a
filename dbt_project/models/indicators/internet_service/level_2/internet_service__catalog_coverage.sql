{{ roll_up(
    name='目录覆盖能力',
    name_en='Catalog coverage',
    definition='责任、权力、公共服务清单与信息公开目录的公布程度 / How completely the lists of responsibilities, powers and public services and the disclosure catalogue are published',
    children=[
        {'code': 'responsibility_list', 'weight': 25},
        {'code': 'power_list', 'weight': 25},
        {'code': 'info_disclosure_catalog', 'weight': 25},
        {'code': 'public_service_list', 'weight': 25},
    ],
) }}
