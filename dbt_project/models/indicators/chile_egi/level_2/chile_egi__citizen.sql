{{ indicator(
    name='Portal ciudadano',
    name_en='Citizen account',
    definition='Citizens have an account of their own',
    kind='presence',
    points=['citizen'],
    formula=presence('citizen'),
) }}
