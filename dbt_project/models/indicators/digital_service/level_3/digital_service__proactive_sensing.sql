{{ indicator(
    name='主动感知',
    name_en='Proactive sensing',
    definition='由被动获取向主动感知公众需求转变的程度。 / How far government senses the needs of the public instead of waiting for them.',
    kind='benefit',
    nature='dynamic',
    points=[
        'pse_hot_response', 'pse_survey', 'pse_behaviour', 'pse_return_visit',
        'pse_responses', 'pse_survey_count', 'pse_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'pse_hot_response', 'pse_survey', 'pse_behaviour', 'pse_return_visit',
            ])],
        [0.1, percentile_volume('pse_responses')],
        [0.1, capped_volume('pse_survey_count', 30)],
        [0.2, graded_presence('pse_level', 3)],
    ]),
) }}
