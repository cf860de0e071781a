{{ indicator(
    name='互动诉求受理能力',
    name_en='Interactive demand acceptance',
    definition='公众咨询、建议、投诉等互动诉求的受理渠道与能力。 / Channels and capability to accept enquiries, suggestions and complaints of the public.',
    kind='presence',
    nature='dynamic',
    points=[
        'ida_accepted', 'ida_mayor_mailbox', 'ida_consult', 'ida_complaint', 'ida_suggestion',
        'ida_survey', 'ida_interview', 'ida_wechat_ask', 'ida_app_ask', 'ida_hotline_online',
        'ida_tracking_number', 'ida_easy_register', 'ida_letters_public', 'ida_entrance_depth',
        'ida_sms_letter',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'ida_accepted', 'ida_mayor_mailbox', 'ida_consult', 'ida_complaint',
                'ida_suggestion', 'ida_survey', 'ida_interview', 'ida_wechat_ask',
                'ida_app_ask', 'ida_hotline_online', 'ida_tracking_number', 'ida_sms_letter',
            ])],
        [0.15, graded_presence('ida_easy_register', 3)],
        [0.1, capped_volume('ida_letters_public', 1000)],
        [0.1, page_depth('ida_entrance_depth')],
    ]),
) }}
