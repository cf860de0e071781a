{{ indicator(
    name='Mapa del sitio',
    name_en='Map of the site',
    definition='The website has a map of its pages',
    kind='presence',
    points=['webmap'],
    formula=presence('webmap'),
) }}
