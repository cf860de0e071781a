{{ indicator(
    name='Portal ciudadano',
    name_en='Citizen account',
    definition='公民有个人账户 / Citizens have an account of their own',
    kind='presence',
    points=['citizen'],
    formula=presence('citizen'),
) }}
