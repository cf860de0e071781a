{{ indicator(
    name='教育领域',
    name_en='Education',
    definition='教育服务从信息、查询到办理的贯通程度。 / How far education services reach from information and enquiry to completion.',
    kind='quality',
    nature='dynamic',
    points=[
        'edu_enrol_policy', 'edu_school_district', 'edu_enrol_online', 'edu_score_query',
        'edu_link_depth',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'edu_enrol_policy', 'edu_school_district', 'edu_enrol_online',
                'edu_score_query',
            ])],
        [0.3, graded_presence('edu_link_depth', 4)],
    ]),
) }}
