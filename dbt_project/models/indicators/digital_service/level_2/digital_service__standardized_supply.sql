{{ roll_up(
    name='规范供给能力',
    name_en='Standardised supply',
    definition='清单、事项与信息公开的统一规范程度 / How uniform and regular lists, service items and disclosure are',
    children=[
        {'code': 'power_responsibility_list', 'weight': 35, 'provenance': 'name inferred, weight inferred'},
        {'code': 'public_service_item_standard', 'weight': 35, 'provenance': 'name inferred, weight inferred'},
        {'code': 'info_disclosure_standard', 'weight': 30, 'provenance': 'name inferred, weight inferred'},
    ],
) }}
