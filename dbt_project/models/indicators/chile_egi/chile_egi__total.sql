{{ roll_up(
    name='Índice de gobierno electrónico municipal',
    name_en='Municipal e-government index',
    definition='按市镇网站所提供的内容计分，从有无到参与 / Points for what the website of a municipality offers, from presence to participation',
    children=[
        {'code': 'presence', 'weight': 0.75},
        {'code': 'information', 'weight': 1},
        {'code': 'interaction', 'weight': 2.25},
        {'code': 'transaction', 'weight': 4, 'last_edition': '2018'},
        {'code': 'transaction', 'weight': 5, 'first_edition': '2019'},
        {'code': 'participation', 'weight': 1.25},
    ],
) }}
