{{ indicator(
    name='Versión móvil',
    name_en='Mobile version',
    definition='The website has a version for mobile devices',
    kind='presence',
    points=['mobile'],
    formula=presence('mobile'),
) }}
