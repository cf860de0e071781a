{{ indicator(
    name='医疗领域',
    name_en='Healthcare',
    definition='医疗服务从信息、查询到办理的贯通程度。 / How far health services reach from information and enquiry to completion.',
    kind='quality',
    nature='dynamic',
    points=[
        'hc_hpv_vaccine', 'hc_appointment', 'hc_hospital_query', 'hc_insurance_query',
        'hc_remote_record', 'hc_report_query',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'hc_appointment', 'hc_hospital_query', 'hc_insurance_query',
                'hc_remote_record', 'hc_report_query',
            ])],
        [0.3, graded_presence('hc_hpv_vaccine', 4)],
    ]),
) }}
