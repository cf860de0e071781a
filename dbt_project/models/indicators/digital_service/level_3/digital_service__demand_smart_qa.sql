{{ indicator(
    name='诉求智能问答',
    name_en='Smart Q&A on demands',
    definition='针对诉求服务的智能问答服务。 / Automatic question answering for demands.',
    kind='quality',
    nature='dynamic',
    points=[
        'dsq_available', 'dsq_hint', 'dsq_similar', 'dsq_dispatch', 'dsq_status',
        'dsq_level',
    ],
    formula=gate('dsq_available', weighted_mean([
        [0.6, checklist_share([
                'dsq_hint', 'dsq_similar', 'dsq_dispatch', 'dsq_status',
            ])],
        [0.4, graded_presence('dsq_level', 3)],
    ])),
) }}
