{{ roll_up(
    name='诉求回复能力',
    name_en='Demand reply',
    definition='诉求回复的时效与质量 / How fast and how well demands are answered',
    children=[
        {'code': 'reply_timeliness', 'weight': 50, 'provenance': 'name named, weight inferred'},
        {'code': 'reply_quality', 'weight': 50, 'provenance': 'name named, weight inferred'},
    ],
) }}
