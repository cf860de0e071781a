{{ indicator(
    name='Versión móvil',
    name_en='Mobile version',
    definition='网站有移动设备版本 / The website has a version for mobile devices',
    kind='presence',
    points=['mobile'],
    formula=presence('mobile'),
) }}
