{{ indicator(
    name='网上政务服务办理四级标准',
    name_en='Online service standard l4',
    definition='网上政务服务达到四级标准即全程网办的程度。 / How far online services reach level four: done online from beginning to end.',
    kind='benefit',
    nature='dynamic',
    points=[
        'lv4_full_online', 'lv4_online_payment', 'lv4_e_certificate', 'lv4_delivery',
        'lv4_e_signature', 'lv4_face_auth', 'lv4_zero_visit', 'lv4_zero_count',
        'lv4_level_share', 'lv4_finish_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'lv4_full_online', 'lv4_online_payment', 'lv4_e_certificate', 'lv4_delivery',
                'lv4_e_signature', 'lv4_face_auth', 'lv4_zero_visit',
            ])],
        [0.2, geometric_mean([
            capped_volume('lv4_zero_count', 300),
            capped_volume('lv4_level_share', 0.6),
        ])],
        [0.2, graded_presence('lv4_finish_level', 4)],
    ]),
) }}
