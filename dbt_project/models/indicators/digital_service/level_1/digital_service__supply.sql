{{ roll_up(
    name='服务供给能力',
    name_en='Service supply',
    definition='政府整体供给数字化服务的能力 / Capability of government as a whole to supply digital services',
    children=[
        {'code': 'standardized_supply', 'weight': 30, 'provenance': 'name named, weight inferred'},
        {'code': 'platform_supply', 'weight': 30, 'provenance': 'name named, weight inferred'},
        {'code': 'integrated_supply', 'weight': 40, 'provenance': 'name named, weight inferred'},
    ],
) }}
