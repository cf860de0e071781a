{{ indicator(
    name='应用拓展度',
    name_en='Application extension',
    definition='服务向第三方平台与新场景拓展的程度。 / How far services extend to platforms of others and to new settings.',
    kind='benefit',
    nature='dynamic',
    points=[
        'ae_alipay_service', 'ae_wechat_city', 'ae_self_terminal', 'ae_short_video',
        'ae_qr_code', 'ae_third_count', 'ae_extend_level',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'ae_alipay_service', 'ae_wechat_city', 'ae_self_terminal', 'ae_short_video',
                'ae_qr_code',
            ])],
        [0.15, capped_volume('ae_third_count', 40)],
        [0.2, graded_presence('ae_extend_level', 3)],
    ]),
) }}
