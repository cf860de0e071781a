{{ indicator(
    name='部门间数据共享集成服务',
    name_en='Services across departments',
    definition='利用数据共享推动部门间集成服务的程度。 / How far shared data make services of several departments into one.',
    kind='quality',
    nature='dynamic',
    points=[
        'cdi_data_reuse', 'cdi_prefilled', 'cdi_joint_review', 'cdi_certificate_free',
        'cdi_services', 'cdi_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'cdi_data_reuse', 'cdi_prefilled', 'cdi_joint_review',
                'cdi_certificate_free',
            ])],
        [0.2, capped_volume('cdi_services', 300)],
        [0.2, graded_presence('cdi_level', 3)],
    ]),
) }}
