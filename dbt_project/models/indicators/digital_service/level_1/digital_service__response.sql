{{ roll_up(
    name='服务响应能力',
    name_en='Service response',
    definition='政府协同响应公众诉求的能力 / Capability of government to respond to demands in concert',
    children=[
        {'code': 'service_sensing', 'weight': 30, 'provenance': 'name named, weight inferred'},
        {'code': 'demand_acceptance', 'weight': 35, 'provenance': 'name named, weight inferred'},
        {'code': 'demand_reply', 'weight': 35, 'provenance': 'name named, weight inferred'},
    ],
) }}
