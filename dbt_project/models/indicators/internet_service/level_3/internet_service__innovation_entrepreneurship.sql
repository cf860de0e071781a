{{ indicator(
    name='创新创业领域',
    name_en='Innovation entrepreneurship',
    definition='创新创业服务的政策、资源与办理贯通程度。 / How far services for innovation and start-ups reach from policies and resources to completion.',
    kind='benefit',
    nature='dynamic',
    points=[
        'ie_policy_column', 'ie_loan_apply', 'ie_subsidy_apply', 'ie_incubator_query',
        'ie_talent_service', 'ie_policy_count', 'ie_policy_reading',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'ie_policy_column', 'ie_loan_apply', 'ie_subsidy_apply', 'ie_incubator_query',
                'ie_talent_service',
            ])],
        [0.15, capped_volume('ie_policy_count', 30)],
        [0.2, graded_presence('ie_policy_reading', 3)],
    ]),
) }}
