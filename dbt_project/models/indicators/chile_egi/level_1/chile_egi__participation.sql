{{ roll_up(
    name='Participación',
    name_en='Participation',
    definition='How citizens can take part in decisions',
    children=[
        {'code': 'part', 'weight': 1.25},
    ],
) }}
