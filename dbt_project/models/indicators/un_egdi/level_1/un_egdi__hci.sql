{{ indicator(
    name='人力资本指数',
    name_en='Human Capital Index',
    definition='识字率与受教育年限 / Literacy and years of schooling',
    points=['hci'],
    formula=given_rate('hci'),
) }}
