{{ indicator(
    name='回复质量',
    name_en='Quality of replies',
    definition='诉求回复的准确、规范与针对性。 / Whether replies are correct, well formed and to the point.',
    kind='benefit',
    nature='dynamic',
    points=[
        'rql_on_topic', 'rql_unit_named', 'rql_basis', 'rql_next_step', 'rql_accuracy',
        'rql_on_topic_share', 'rql_replies',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'rql_on_topic', 'rql_unit_named', 'rql_basis', 'rql_next_step',
            ])],
        [0.2, graded_presence('rql_accuracy', 3)],
        [0.1, capped_volume('rql_on_topic_share', 1)],
        [0.1, z_score('rql_replies')],
    ]),
) }}
