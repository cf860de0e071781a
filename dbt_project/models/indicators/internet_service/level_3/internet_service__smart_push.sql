{{ indicator(
    name='智能推送',
    name_en='Smart push',
    definition='根据用户特征与行为主动推送服务和信息的能力。 / Pushing services and information by what users are and do.',
    kind='benefit',
    nature='dynamic',
    points=[
        'sp_personal_push', 'sp_expiry_notice', 'sp_related_service', 'sp_policy_match',
    ],
    formula=weighted_mean([
        [0.4, presence('sp_personal_push')],
        [0.6, checklist_share([
                'sp_expiry_notice', 'sp_related_service', 'sp_policy_match',
            ])],
    ]),
) }}
