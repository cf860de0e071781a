{{ indicator(
    name='Transporte',
    name_en='Transport information',
    definition='网站介绍市镇内的交通 / The website tells how to travel in the municipality',
    kind='presence',
    points=['transport'],
    formula=presence('transport'),
) }}
