{{ roll_up(
    name='个性化服务能力',
    name_en='Personalised service',
    definition='按主体匹配和推送政策的程度 / How far policies are matched with and pushed to those whom they concern',
    children=[
        {'code': 'policy_matching', 'weight': 50, 'provenance': 'name named, weight inferred'},
        {'code': 'policy_push', 'weight': 50, 'provenance': 'name named, weight inferred'},
    ],
) }}
