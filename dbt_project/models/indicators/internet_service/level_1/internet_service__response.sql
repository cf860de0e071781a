{{ roll_up(
    name='服务响应能力',
    name_en='Service response',
    definition='政府通过互联网受理、办理和回复诉求 / How government accepts, handles and answers demands over the internet',
    children=[
        {'code': 'demand_acceptance', 'weight': 30},
        {'code': 'transaction_response', 'weight': 35},
        {'code': 'interaction_feedback', 'weight': 35},
    ],
) }}
