{{ indicator(
    name='智能问答',
    name_en='Smart Q&A',
    definition='人工智能问答功能的有无与覆盖渠道。 / Whether there is automatic question answering, and on which channels.',
    kind='quality',
    nature='dynamic',
    points=[
        'sqa_available', 'sqa_wechat', 'sqa_app', 'sqa_link', 'sqa_related',
        'sqa_human', 'sqa_level',
    ],
    formula=gate('sqa_available', weighted_mean([
        [0.6, checklist_share([
                'sqa_wechat', 'sqa_app', 'sqa_link', 'sqa_related', 'sqa_human',
            ])],
        [0.4, graded_presence('sqa_level', 3)],
    ])),
) }}
