{{ indicator(
    name='办事诉求受理能力',
    name_en='Transaction demand acceptance',
    definition='办事诉求的网上受理渠道、预约与申报能力。 / Channels to accept transactions online, with appointments and applications.',
    kind='presence',
    nature='dynamic',
    points=[
        'tda_accepted', 'tda_hall', 'tda_personal_entry', 'tda_company_entry', 'tda_booking',
        'tda_apply_online', 'tda_upload', 'tda_wechat_apply', 'tda_app_apply',
        'tda_progress_query', 'tda_consult_item', 'tda_acceptable_items', 'tda_district_items',
        'tda_entrance_level', 'tda_prereview_mail',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'tda_accepted', 'tda_hall', 'tda_personal_entry', 'tda_company_entry',
                'tda_booking', 'tda_apply_online', 'tda_upload', 'tda_wechat_apply',
                'tda_app_apply', 'tda_progress_query', 'tda_consult_item',
                'tda_prereview_mail',
            ])],
        [0.15, capped_volume('tda_acceptable_items', 800)],
        [0.05, coverage('tda_district_items', 8)],
        [0.15, graded_presence('tda_entrance_level', 3)],
    ]),
) }}
