{{ indicator(
    name='Mapa del sitio',
    name_en='Map of the site',
    definition='网站有站点地图 / The website has a map of its pages',
    kind='presence',
    points=['webmap'],
    formula=presence('webmap'),
) }}
