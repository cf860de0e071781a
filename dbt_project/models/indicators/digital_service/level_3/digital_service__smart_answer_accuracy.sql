{{ indicator(
    name='智能回答准确度',
    name_en='Accuracy of smart answers',
    definition='智能问答回答抽样问题的准确程度。 / How correctly sampled questions are answered automatically.',
    kind='quality',
    nature='dynamic',
    points=[
        'saa_correct', 'saa_asked', 'saa_relevance', 'saa_sources', 'saa_current',
        'saa_several_turns',
    ],
    formula=weighted_mean([
        [0.5, accuracy_share('saa_correct', 'saa_asked', 10)],
        [0.25, capped_volume('saa_relevance', 1)],
        [0.25, checklist_share(['saa_sources', 'saa_current', 'saa_several_turns'])],
    ]),
) }}
