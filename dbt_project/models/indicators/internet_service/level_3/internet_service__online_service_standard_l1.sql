{{ indicator(
    name='网上政务服务办理一级标准',
    name_en='Online service standard l1',
    definition='网上政务服务达到一级标准即信息发布完整准确的程度。 / How far online services reach level one: information complete and correct.',
    kind='quality',
    nature='static',
    points=[
        'lv1_conditions', 'lv1_documents', 'lv1_flow', 'lv1_fees', 'lv1_place_time',
        'lv1_phone', 'lv1_same_items', 'lv1_all_items',
    ],
    formula=weighted_mean([
        [0.8, checklist_share([
                'lv1_conditions', 'lv1_documents', 'lv1_flow', 'lv1_fees', 'lv1_place_time',
                'lv1_phone',
            ])],
        [0.2, channel_consistency('lv1_same_items', 'lv1_all_items')],
    ]),
) }}
