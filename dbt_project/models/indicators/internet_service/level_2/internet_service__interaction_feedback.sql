{{ roll_up(
    name='互动诉求反馈能力',
    name_en='Interaction feedback',
    definition='诉求得到回复、回复得到应用、需求被主动感知的程度 / How far demands are answered, answers are put to use, and needs are sensed',
    children=[
        {'code': 'reply_responsiveness', 'weight': 40},
        {'code': 'reply_application', 'weight': 30},
        {'code': 'proactive_sensing', 'weight': 30},
    ],
) }}
