{{ roll_up(
    name='个性化服务能力',
    name_en='Personalized service',
    definition='按用户定制和推送服务的程度 / How far services are arranged for and pushed to their users',
    children=[
        {'code': 'customized_service', 'weight': 75},
        {'code': 'smart_push', 'weight': 25},
    ],
) }}
