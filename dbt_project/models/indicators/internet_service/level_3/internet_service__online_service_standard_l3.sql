{{ indicator(
    name='网上政务服务办理三级标准',
    name_en='Online service standard l3',
    definition='网上政务服务达到三级标准即在线申报与双向互动的程度。 / How far online services reach level three: applying online, two-way interaction.',
    kind='quality',
    nature='dynamic',
    points=[
        'lv3_income_tax', 'lv3_real_name', 'lv3_online_form', 'lv3_prereview', 'lv3_notice',
        'lv3_correction', 'lv3_status_query', 'lv3_service_score', 'lv3_accept_days',
        'lv3_level_items',
    ],
    formula=weighted_mean([
        [0.55, checklist_share([
                'lv3_real_name', 'lv3_online_form', 'lv3_prereview', 'lv3_notice',
                'lv3_correction', 'lv3_status_query', 'lv3_service_score',
            ])],
        [0.2, graded_presence('lv3_income_tax', 4)],
        [0.1, promised_days('lv3_accept_days', 5, 15)],
        [0.15, capped_volume('lv3_level_items', 400)],
    ]),
) }}
