{{ indicator(
    name='智能搜索能力',
    name_en='Smart search',
    definition='站内搜索的有无、智能程度与结果质量。 / Whether the site has a search, how intelligent it is, and how good its results are.',
    kind='quality',
    nature='dynamic',
    points=[
        'sea_box', 'sea_suggest', 'sea_correct_typo', 'sea_facets', 'sea_service_card',
        'sea_search_stable', 'sea_correct', 'sea_asked', 'sea_relevance',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'sea_box', 'sea_suggest', 'sea_correct_typo', 'sea_facets', 'sea_service_card',
            ])],
        [0.1, round_stability('sea_search_stable')],
        [0.2, accuracy_share('sea_correct', 'sea_asked', 10)],
        [0.1, capped_volume('sea_relevance', 1)],
    ]),
) }}
