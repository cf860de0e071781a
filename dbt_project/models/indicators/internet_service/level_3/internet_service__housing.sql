{{ indicator(
    name='住房领域',
    name_en='Housing',
    definition='住房服务从信息、查询到办理的贯通程度。 / How far housing services reach from information and enquiry to completion.',
    kind='quality',
    nature='dynamic',
    points=[
        'hs_fund_query', 'hs_fund_withdraw', 'hs_public_rental', 'hs_property_register',
        'hs_link_depth',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'hs_fund_query', 'hs_fund_withdraw', 'hs_public_rental',
                'hs_property_register',
            ])],
        [0.3, graded_presence('hs_link_depth', 4)],
    ]),
) }}
