{{ indicator(
    name='政策匹配',
    name_en='Policy matching',
    definition='按主体特征匹配适用政策的能力。 / Matching policies with those whom they apply to.',
    kind='benefit',
    nature='dynamic',
    points=[
        'pmt_function', 'pmt_portrait', 'pmt_conditions', 'pmt_calculator',
        'pmt_policies', 'pmt_level',
    ],
    formula=weighted_mean([
        [0.3, presence('pmt_function')],
        [0.4, checklist_share(['pmt_portrait', 'pmt_conditions', 'pmt_calculator'])],
        [0.1, capped_volume('pmt_policies', 300)],
        [0.2, graded_presence('pmt_level', 3)],
    ]),
) }}
