{{ roll_up(
    name='平台供给能力',
    name_en='Platform supply',
    definition='平台之间互认与公共支撑系统的建设程度 / How far platforms accept each other and shared systems are built',
    children=[
        {'code': 'cross_platform_recognition', 'weight': 50, 'provenance': 'name named, weight inferred'},
        {'code': 'e_seal_e_license', 'weight': 50, 'provenance': 'name named, weight inferred'},
    ],
) }}
