{{ roll_up(
    name='Participación',
    name_en='Participation',
    definition='公民参与决策的途径 / How citizens can take part in decisions',
    children=[
        {'code': 'part', 'weight': 1.25},
    ],
) }}
