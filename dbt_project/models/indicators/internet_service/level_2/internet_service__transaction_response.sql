{{ roll_up(
    name='办事诉求响应能力',
    name_en='Transaction response',
    definition='网上政务服务达到各级办理标准的程度 / How far online services reach the levels of the standard',
    children=[
        {'code': 'online_service_standard_l1', 'weight': 20},
        {'code': 'online_service_standard_l2', 'weight': 20},
        {'code': 'online_service_standard_l3', 'weight': 30},
        {'code': 'online_service_standard_l4', 'weight': 30},
    ],
) }}
