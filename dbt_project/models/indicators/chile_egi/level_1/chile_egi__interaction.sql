{{ roll_up(
    name='Interacción',
    name_en='Interaction',
    definition='公民与市镇联系的途径 / How citizens can get in touch',
    children=[
        {'code': 'socialmedia', 'weight': 0.75},
        {'code': 'phone', 'weight': 0.75},
        {'code': 'mobile', 'weight': 0.75},
    ],
) }}
