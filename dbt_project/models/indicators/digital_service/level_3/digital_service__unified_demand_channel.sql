{{ indicator(
    name='诉求受理渠道统一',
    name_en='One channel for demands',
    definition='统一的公众诉求信息采集平台与规范的采集机制。 / One platform that collects the demands of the public, and rules for it.',
    kind='quality',
    nature='static',
    points=[
        'udc_platform', 'udc_hotline', 'udc_wechat', 'udc_app', 'udc_rules',
        'udc_count_portal', 'udc_count_hotline', 'udc_count_departments',
        'udc_entrance_depth',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'udc_platform', 'udc_hotline', 'udc_wechat', 'udc_app', 'udc_rules',
            ])],
        [0.2, aggregation(['udc_count_portal', 'udc_count_hotline', 'udc_count_departments'])],
        [0.2, page_depth('udc_entrance_depth')],
    ]),
) }}
