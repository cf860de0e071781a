{{ indicator(
    name='企业经营纳税',
    name_en='Business operation tax',
    definition='企业经营与纳税服务的在线贯通程度。 / How far running a business and paying taxes can be done online.',
    kind='benefit',
    nature='dynamic',
    points=[
        'bt_tax_declare', 'bt_invoice_apply', 'bt_tax_certificate', 'bt_annual_filing',
        'bt_credit_query', 'bt_permit_guides', 'bt_link_depth',
    ],
    formula=weighted_mean([
        [0.65, checklist_share([
                'bt_tax_declare', 'bt_invoice_apply', 'bt_tax_certificate', 'bt_annual_filing',
                'bt_credit_query',
            ])],
        [0.15, capped_volume('bt_permit_guides', 60)],
        [0.2, graded_presence('bt_link_depth', 4)],
    ]),
) }}
