{{ roll_up(
    name='服务诉求受理能力',
    name_en='Demand acceptance',
    definition='互动与办事诉求能否提出并被受理 / Whether demands for interaction and transactions can be made and are accepted',
    children=[
        {'code': 'interactive_demand_acceptance', 'weight': 50},
        {'code': 'transaction_demand_acceptance', 'weight': 50},
    ],
) }}
