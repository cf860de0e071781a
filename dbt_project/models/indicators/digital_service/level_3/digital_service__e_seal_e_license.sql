{{ indicator(
    name='统一电子印章证照支撑',
    name_en='Electronic seals and licences',
    definition='统一电子印章、电子证照等公共支撑系统的应用程度。 / How far shared systems such as electronic seals and licences are in use.',
    kind='quality',
    nature='static',
    points=[
        'esl_seal', 'esl_licence_query', 'esl_licence_used', 'esl_result_sealed',
        'esl_licence_kinds', 'esl_reuse_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'esl_seal', 'esl_licence_query', 'esl_licence_used',
                'esl_result_sealed',
            ])],
        [0.2, capped_volume('esl_licence_kinds', 200)],
        [0.2, graded_presence('esl_reuse_level', 3)],
    ]),
) }}
