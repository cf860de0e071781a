{{ indicator(
    name='主动感知能力',
    name_en='Proactive sensing',
    definition='政府主动发现、感知并回应公众需求的能力。 / Finding, sensing and answering the needs of the public unasked.',
    kind='benefit',
    nature='dynamic',
    points=[
        'ps_hot_response', 'ps_rumour_refuting', 'ps_behaviour_record', 'ps_site_feedback',
        'ps_hot_services', 'ps_return_visit', 'ps_opinion_listen', 'ps_response_count',
        'ps_sensing_level',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'ps_hot_response', 'ps_rumour_refuting', 'ps_behaviour_record',
                'ps_site_feedback', 'ps_hot_services', 'ps_return_visit', 'ps_opinion_listen',
            ])],
        [0.1, percentile_volume('ps_response_count')],
        [0.2, graded_presence('ps_sensing_level', 3)],
    ]),
) }}
