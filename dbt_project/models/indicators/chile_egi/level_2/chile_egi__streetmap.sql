{{ indicator(
    name='Plano de la comuna',
    name_en='Street map',
    definition='网站提供市镇街道图 / The website shows a street map of the municipality',
    kind='presence',
    points=['streetmap'],
    formula=presence('streetmap'),
) }}
