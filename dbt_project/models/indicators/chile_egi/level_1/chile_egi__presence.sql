{{ roll_up(
    name='Presencia',
    name_en='Presence',
    definition='市镇在网站上对自身的介绍 / What a municipality says about itself on its website',
    children=[
        {'code': 'forms', 'weight': 0.25},
        {'code': 'news', 'weight': 0.25},
        {'code': 'webmap', 'weight': 0.25},
    ],
) }}
