{{ indicator(
    name='Participación',
    name_en='Participation',
    definition='The website offers ways to take part',
    kind='presence',
    points=['part'],
    formula=presence('part'),
) }}
