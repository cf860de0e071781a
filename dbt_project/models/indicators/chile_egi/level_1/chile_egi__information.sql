{{ roll_up(
    name='Información',
    name_en='Information',
    definition='来访者可了解到的市镇信息 / What a visitor can learn about the municipality',
    children=[
        {'code': 'streetmap', 'weight': 0.5},
        {'code': 'transport', 'weight': 0.5},
    ],
) }}
