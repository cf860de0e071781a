{{ roll_up(
    name='服务智慧能力',
    name_en='Service intelligence',
    definition='政府提供智能与个性化服务的能力 / Capability of government to serve intelligently and personally',
    children=[
        {'code': 'smart_interaction', 'weight': 60, 'provenance': 'name inferred, weight inferred'},
        {'code': 'personalized_service', 'weight': 40, 'provenance': 'name inferred, weight inferred'},
    ],
) }}
