{{ roll_up(
    name='智能交互能力',
    name_en='Smart interaction',
    definition='搜索与问答的智能程度 / How intelligent search and question answering are',
    children=[
        {'code': 'smart_search', 'weight': 50},
        {'code': 'smart_qa', 'weight': 50},
    ],
) }}
