{{ roll_up(
    name='服务感知能力',
    name_en='Service sensing',
    definition='感知公众评价与需求的能力 / Capability to sense what the public thinks and needs',
    children=[
        {'code': 'good_bad_review', 'weight': 40, 'provenance': 'name named, weight inferred'},
        {'code': 'demand_data_analysis', 'weight': 40, 'provenance': 'name named, weight inferred'},
        {'code': 'proactive_sensing', 'weight': 20, 'provenance': 'name named, weight inferred'},
    ],
) }}
