{{ indicator(
    name='Noticias',
    name_en='News',
    definition='The website carries news',
    kind='presence',
    points=['news'],
    formula=presence('news'),
) }}
