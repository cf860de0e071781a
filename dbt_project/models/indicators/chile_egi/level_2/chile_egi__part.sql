{{ indicator(
    name='Participación',
    name_en='Participation',
    definition='网站提供参与的途径 / The website offers ways to take part',
    kind='presence',
    points=['part'],
    formula=presence('part'),
) }}
