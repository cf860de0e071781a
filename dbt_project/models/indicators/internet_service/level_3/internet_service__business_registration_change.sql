{{ indicator(
    name='企业开办变更',
    name_en='Business registration change',
    definition='企业开办与变更服务的在线贯通与流程简化程度。 / How far starting and changing a business can be done online, and how simple it is.',
    kind='benefit',
    nature='dynamic',
    points=[
        'br_process_simplified', 'br_name_check', 'br_register_online', 'br_change_online',
        'br_seal_online', 'br_e_licence', 'br_start_days', 'br_step_merge', 'br_five_in_one',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'br_process_simplified', 'br_name_check', 'br_register_online',
                'br_change_online', 'br_seal_online', 'br_e_licence', 'br_five_in_one',
            ])],
        [0.2, inverse_goalposts('br_start_days', 3, 20)],
        [0.2, graded_presence('br_step_merge', 3)],
    ]),
) }}
