{{ roll_up(
    name='政府互联网服务能力',
    name_en='Internet service capability',
    definition='地方政府通过互联网供给服务、响应诉求和智慧服务的能力 / Capability of local governments to supply services, respond to demands and serve intelligently over the internet',
    children=[
        {'code': 'supply', 'weight': 40},
        {'code': 'response', 'weight': 40},
        {'code': 'intelligence', 'weight': 20},
    ],
) }}
