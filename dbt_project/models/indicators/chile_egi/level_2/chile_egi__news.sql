{{ indicator(
    name='Noticias',
    name_en='News',
    definition='网站发布新闻 / The website carries news',
    kind='presence',
    points=['news'],
    formula=presence('news'),
) }}
