{{ indicator(
    name='就业领域',
    name_en='Employment',
    definition='就业服务从信息、查询到办理的贯通程度。 / How far employment services reach from information and enquiry to completion.',
    kind='quality',
    nature='dynamic',
    points=[
        'emp_job_listing', 'emp_jobless_register', 'emp_training_apply',
        'emp_graduate_service', 'emp_job_count',
    ],
    formula=weighted_mean([
        [0.7, checklist_share([
                'emp_job_listing', 'emp_jobless_register', 'emp_training_apply',
                'emp_graduate_service',
            ])],
        [0.3, capped_volume('emp_job_count', 500)],
    ]),
) }}
