{{ indicator(
    name='诉求数据分析应用',
    name_en='Use of demand data',
    definition='对诉求数据进行分析并用于改进服务的情况。 / Whether data on demands are analysed and used to improve services.',
    kind='benefit',
    nature='dynamic',
    points=[
        'dda_applied', 'dda_hot_topics', 'dda_report', 'dda_improvement', 'dda_records',
        'dda_level',
    ],
    formula=weighted_mean([
        [0.3, presence('dda_applied')],
        [0.4, checklist_share(['dda_hot_topics', 'dda_report', 'dda_improvement'])],
        [0.1, log_volume('dda_records', 2000)],
        [0.2, graded_presence('dda_level', 3)],
    ]),
) }}
