{{ indicator(
    name='智能搜索',
    name_en='Smart search',
    definition='智能搜索功能的有无、功能与结果质量。 / Whether there is an intelligent search, what it can do, and how good its results are.',
    kind='quality',
    nature='dynamic',
    points=[
        'ssa_available', 'ssa_suggest', 'ssa_typo', 'ssa_service_card', 'ssa_facets',
        'ssa_correct', 'ssa_asked', 'ssa_relevance',
    ],
    formula=gate('ssa_available', weighted_mean([
        [0.6, checklist_share([
                'ssa_suggest', 'ssa_typo', 'ssa_service_card', 'ssa_facets',
            ])],
        [0.25, accuracy_share('ssa_correct', 'ssa_asked', 10)],
        [0.15, capped_volume('ssa_relevance', 1)],
    ])),
) }}
