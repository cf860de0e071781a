{{ indicator(
    name='定制服务',
    name_en='Customized service',
    definition='面向个人提供可定制页面与服务的能力。 / Pages and services that a person can arrange to need.',
    kind='benefit',
    nature='dynamic',
    points=[
        'cs_process_query', 'cs_user_centre', 'cs_favourites', 'cs_custom_page',
        'cs_subscription', 'cs_life_events', 'cs_custom_level',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'cs_process_query', 'cs_user_centre', 'cs_favourites', 'cs_custom_page',
                'cs_subscription',
            ])],
        [0.35, geometric_mean([
            capped_volume('cs_life_events', 8),
            graded_presence('cs_custom_level', 3),
        ])],
    ]),
) }}
