{{ roll_up(
    name='政府数字化服务能力',
    name_en='Digital service capability',
    definition='地方政府以数字化供给服务、响应诉求、智慧服务和数据驱动的能力 / Capability of local governments to supply services digitally, respond to demands, serve intelligently and be driven by data',
    children=[
        {'code': 'supply', 'weight': 40, 'provenance': 'name named, weight inferred'},
        {'code': 'response', 'weight': 30, 'provenance': 'name named, weight inferred'},
        {'code': 'intelligence', 'weight': 20, 'provenance': 'name named, weight inferred'},
        {'code': 'data_driven', 'weight': 10, 'role': 'observed', 'provenance': 'name named, weight inferred'},
    ],
) }}
