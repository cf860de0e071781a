{{ indicator(
    name='交通领域',
    name_en='Transport',
    definition='交通服务从信息、查询到办理的贯通程度。 / How far transport services reach from information and enquiry to completion.',
    kind='quality',
    nature='dynamic',
    points=[
        'tr_violation_query', 'tr_fine_payment', 'tr_licence_renewal', 'tr_bus_realtime',
        'tr_route_count',
    ],
    formula=weighted_mean([
        [0.75, checklist_share([
                'tr_violation_query', 'tr_fine_payment', 'tr_licence_renewal',
                'tr_bus_realtime',
            ])],
        [0.25, capped_volume('tr_route_count', 50)],
    ]),
) }}
