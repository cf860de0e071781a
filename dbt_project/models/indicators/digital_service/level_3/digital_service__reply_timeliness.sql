{{ indicator(
    name='回复时限',
    name_en='Timeliness of replies',
    definition='在承诺时限内回复诉求的情况。 / Whether demands are answered within the promised time.',
    kind='benefit',
    nature='dynamic',
    points=[
        'rtl_within_promise', 'rtl_promise_shown', 'rtl_receipt', 'rtl_status',
        'rtl_test_days', 'rtl_latest_reply',
    ],
    formula=weighted_mean([
        [0.3, presence('rtl_within_promise')],
        [0.3, checklist_share(['rtl_promise_shown', 'rtl_receipt', 'rtl_status'])],
        [0.25, promised_days('rtl_test_days', 5, 20)],
        [0.15, freshness('rtl_latest_reply', 30)],
    ]),
) }}
