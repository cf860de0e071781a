{{ roll_up(
    name='数据开放应用能力',
    name_en='Use of open data',
    definition='数据开放平台、栏目与应用的发展程度 / How far the open data platform, its sections and applications have come',
    children=[
        {'code': 'open_data_platform', 'weight': 40, 'provenance': 'name named, weight inferred'},
        {'code': 'data_application_column', 'weight': 30, 'provenance': 'name named, weight inferred'},
        {'code': 'data_application_count', 'weight': 30, 'provenance': 'name named, weight inferred'},
    ],
) }}
