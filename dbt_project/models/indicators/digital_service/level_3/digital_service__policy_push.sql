{{ indicator(
    name='政策推送',
    name_en='Policy push',
    definition='主动推送适用政策与兑现服务的能力。 / Pushing policies that apply, and making them good.',
    kind='benefit',
    nature='dynamic',
    points=[
        'ppu_subscription', 'ppu_by_identity', 'ppu_expiry', 'ppu_without_application',
        'ppu_items', 'ppu_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'ppu_subscription', 'ppu_by_identity', 'ppu_expiry',
                'ppu_without_application',
            ])],
        [0.2, capped_volume('ppu_items', 60)],
        [0.2, graded_presence('ppu_level', 3)],
    ]),
) }}
