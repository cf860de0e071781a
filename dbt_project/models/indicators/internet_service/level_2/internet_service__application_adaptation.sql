{{ roll_up(
    name='应用适配能力',
    name_en='Application adaptation',
    definition='应用对终端与场景的适配和拓展程度 / How far applications fit and extend to devices and settings',
    children=[
        {'code': 'function_adaptation', 'weight': 65},
        {'code': 'application_extension', 'weight': 35},
    ],
) }}
