{{ indicator(
    name='Teléfono',
    name_en='Telephone number',
    definition='The website gives a telephone number',
    kind='presence',
    points=['phone'],
    formula=presence('phone'),
) }}
