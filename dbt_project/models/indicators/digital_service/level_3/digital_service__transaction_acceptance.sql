{{ indicator(
    name='政务服务办事受理',
    name_en='Acceptance of transactions',
    definition='政务服务事项的网上受理渠道与能力。 / Channels and capability to accept transactions online.',
    kind='presence',
    nature='dynamic',
    points=[
        'tra_accepted', 'tra_booking', 'tra_apply_online', 'tra_upload', 'tra_progress',
        'tra_items', 'tra_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'tra_accepted', 'tra_booking', 'tra_apply_online', 'tra_upload',
                'tra_progress',
            ])],
        [0.2, capped_volume('tra_items', 1500)],
        [0.2, graded_presence('tra_level', 3)],
    ]),
) }}
