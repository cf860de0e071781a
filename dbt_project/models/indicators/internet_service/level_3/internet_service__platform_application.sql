{{ indicator(
    name='平台应用能力',
    name_en='Platform application',
    definition='网站、微信、客户端等平台实际开通与使用的情况。 / Whether website, WeChat, app and other platforms are there and are used.',
    kind='quality',
    nature='dynamic',
    points=[
        'pa_mobile_channel', 'pa_wechat_account', 'pa_app_android', 'pa_app_ios',
        'pa_weibo_account', 'pa_wechat_transaction', 'pa_app_transaction', 'pa_downloads',
        'pa_wechat_posts', 'pa_common_services', 'pa_union_services', 'pa_app_updated',
        'pa_wap_site',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'pa_mobile_channel', 'pa_wechat_account', 'pa_app_android', 'pa_app_ios',
                'pa_weibo_account', 'pa_wechat_transaction', 'pa_app_transaction',
                'pa_wap_site',
            ])],
        [0.08, min_max_volume('pa_downloads')],
        [0.1, capped_volume('pa_wechat_posts', 60)],
        [0.12, channel_consistency('pa_common_services', 'pa_union_services')],
        [0.1, freshness('pa_app_updated', 120)],
    ]),
) }}
