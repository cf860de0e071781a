{{ indicator(
    name='跨平台互认',
    name_en='Recognition across platforms',
    definition='政务服务网与公共资源交易等平台之间身份与结果的互认程度。 / How far the service portal and platforms such as public resource trading accept each other’s identities and results.',
    kind='quality',
    nature='static',
    points=[
        'cpr_resource_trading', 'cpr_credit', 'cpr_provident_fund', 'cpr_tax',
        'cpr_social_security', 'cpr_sso_share', 'cpr_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'cpr_resource_trading', 'cpr_credit', 'cpr_provident_fund', 'cpr_tax',
                'cpr_social_security',
            ])],
        [0.2, piecewise_linear('cpr_sso_share', [[0, 0], [0.5, 0.3], [0.9, 1]])],
        [0.2, graded_presence('cpr_level', 3)],
    ]),
) }}
