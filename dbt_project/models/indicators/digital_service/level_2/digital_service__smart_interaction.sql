{{ roll_up(
    name='智能交互能力',
    name_en='Smart interaction',
    definition='搜索与问答的智能程度 / How intelligent search and question answering are',
    children=[
        {'code': 'smart_search', 'weight': 25, 'provenance': 'name named, weight inferred'},
        {'code': 'smart_qa', 'weight': 25, 'provenance': 'name named, weight inferred'},
        {'code': 'demand_smart_qa', 'weight': 20, 'provenance': 'name named, weight inferred'},
        {'code': 'smart_answer_accuracy', 'weight': 30, 'provenance': 'name named, weight inferred'},
    ],
) }}
