{{ indicator(
    name='Teléfono',
    name_en='Telephone number',
    definition='网站公布电话号码 / The website gives a telephone number',
    kind='presence',
    points=['phone'],
    formula=presence('phone'),
) }}
