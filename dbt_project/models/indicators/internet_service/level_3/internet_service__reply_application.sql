{{ indicator(
    name='诉求回复应用能力',
    name_en='Reply application',
    definition='诉求与答复被统计、归集、再利用的情况。 / Whether demands and replies are counted, collected and used again.',
    kind='benefit',
    nature='dynamic',
    points=[
        'ra_statistics', 'ra_knowledge_base', 'ra_reply_search', 'ra_topic_sort',
        'ra_satisfaction', 'ra_hot_topics', 'ra_survey_feedback', 'ra_base_size',
        'ra_reuse_level',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'ra_statistics', 'ra_knowledge_base', 'ra_reply_search', 'ra_topic_sort',
                'ra_satisfaction', 'ra_hot_topics', 'ra_survey_feedback',
            ])],
        [0.15, log_volume('ra_base_size', 2000)],
        [0.2, graded_presence('ra_reuse_level', 3)],
    ]),
) }}
