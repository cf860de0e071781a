{{ indicator(
    name='智能问答能力',
    name_en='Smart Q&A',
    definition='智能问答的有无、覆盖渠道与答案准确程度。 / Whether there is automatic question answering, on which channels, and how correct its answers are.',
    kind='quality',
    nature='dynamic',
    points=[
        'qa_available', 'qa_correct', 'qa_asked', 'qa_wechat_qa', 'qa_app_qa',
        'qa_link_answer', 'qa_related', 'qa_voice', 'qa_human_switch',
    ],
    formula=gate('qa_available', weighted_mean([
        [0.65, checklist_share([
                'qa_wechat_qa', 'qa_app_qa', 'qa_link_answer', 'qa_related', 'qa_voice',
                'qa_human_switch',
            ])],
        [0.35, accuracy_share('qa_correct', 'qa_asked', 5)],
    ])),
) }}
