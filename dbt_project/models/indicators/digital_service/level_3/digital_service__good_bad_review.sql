{{ indicator(
    name='好差评与不满意解决',
    name_en='Reviews and their settlement',
    definition='政务服务好差评的覆盖、公开与不满意解决情况。 / Rating of services by their users: how widely, how openly, and whether complaints are resolved.',
    kind='benefit',
    nature='dynamic',
    points=[
        'gbr_entrance', 'gbr_public', 'gbr_by_item', 'gbr_answered', 'gbr_settled_days',
        'gbr_reviews',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'gbr_entrance', 'gbr_public', 'gbr_by_item', 'gbr_answered',
            ])],
        [0.2, promised_days('gbr_settled_days', 5, 20)],
        [0.2, capped_volume('gbr_reviews', 1000)],
    ]),
) }}
