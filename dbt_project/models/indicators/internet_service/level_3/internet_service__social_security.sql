{{ indicator(
    name='社保领域',
    name_en='Social security',
    definition='社保服务从信息、查询到办理的贯通程度。 / How far social security services reach from information and enquiry to completion.',
    kind='quality',
    nature='dynamic',
    points=[
        'ss_guide', 'ss_balance_query', 'ss_transfer', 'ss_card_loss', 'ss_mobile_pay',
        'ss_link_depth',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'ss_guide', 'ss_balance_query', 'ss_transfer', 'ss_card_loss', 'ss_mobile_pay',
            ])],
        [0.3, graded_presence('ss_link_depth', 4)],
    ]),
) }}
