{{ roll_up(
    name='服务智慧能力',
    name_en='Service intelligence',
    definition='政府互联网服务的适配、智能与个性化 / How well internet services fit, how intelligent and how personal they are',
    children=[
        {'code': 'application_adaptation', 'weight': 40},
        {'code': 'smart_interaction', 'weight': 40},
        {'code': 'personalized_service', 'weight': 20},
    ],
) }}
