{{ roll_up(
    name='Transacción',
    name_en='Transaction',
    definition='可全程在线办理的事项 / What can be done online from beginning to end',
    children=[
        {'code': 'transac', 'weight': 1},
        {'code': 'followup', 'weight': 1},
        {'code': 'digital_certificate', 'weight': 1, 'first_edition': '2019'},
        {'code': 'citizen', 'weight': 1},
        {'code': 'payments', 'weight': 1},
    ],
) }}
