{{ indicator(
    name='Plano de la comuna',
    name_en='Street map',
    definition='The website shows a street map of the municipality',
    kind='presence',
    points=['streetmap'],
    formula=presence('streetmap'),
) }}
