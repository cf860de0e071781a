{{ roll_up(
    name='服务贯通能力',
    name_en='Service connectivity',
    definition='民生与企业服务从信息到办理的贯通程度 / How far services for people and businesses reach from information to completion',
    children=[
        {'code': 'social_security', 'weight': 12},
        {'code': 'education', 'weight': 8},
        {'code': 'healthcare', 'weight': 12},
        {'code': 'employment', 'weight': 8},
        {'code': 'housing', 'weight': 8},
        {'code': 'transport', 'weight': 8},
        {'code': 'business_registration_change', 'weight': 16},
        {'code': 'business_operation_tax', 'weight': 14},
        {'code': 'innovation_entrepreneurship', 'weight': 14},
    ],
) }}
