{{ indicator(
    name='Transporte',
    name_en='Transport information',
    definition='The website tells how to travel in the municipality',
    kind='presence',
    points=['transport'],
    formula=presence('transport'),
) }}
