{{ roll_up(
    name='诉求受理能力',
    name_en='Demand acceptance',
    definition='诉求与办事受理的统一与稳定程度 / How uniform and stable the acceptance of demands and transactions is',
    children=[
        {'code': 'unified_demand_channel', 'weight': 50, 'provenance': 'name named, weight inferred'},
        {'code': 'transaction_acceptance', 'weight': 50, 'provenance': 'name named, weight inferred'},
    ],
) }}
