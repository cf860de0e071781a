{{ indicator(
    name='诉求回复响应能力',
    name_en='Reply responsiveness',
    definition='对公众诉求答复的及时、规范与质量。 / Whether replies to the public are timely, well formed and good.',
    kind='benefit',
    nature='dynamic',
    points=[
        'rr_replied', 'rr_public_reply', 'rr_reply_unit', 'rr_reply_date', 'rr_promise_shown',
        'rr_wechat_reply', 'rr_sms_notice', 'rr_reply_days', 'rr_test_days',
        'rr_reply_quality', 'rr_latest_reply', 'rr_reply_count',
    ],
    formula=weighted_mean([
        [0.55, checklist_share([
                'rr_replied', 'rr_public_reply', 'rr_reply_unit', 'rr_reply_date',
                'rr_promise_shown', 'rr_wechat_reply', 'rr_sms_notice',
            ])],
        [0.1, inverse_goalposts('rr_reply_days', 3, 30)],
        [0.1, promised_days('rr_test_days', 5, 20)],
        [0.15, graded_presence('rr_reply_quality', 3)],
        [0.05, freshness('rr_latest_reply', 30)],
        [0.05, z_score('rr_reply_count')],
    ]),
) }}
