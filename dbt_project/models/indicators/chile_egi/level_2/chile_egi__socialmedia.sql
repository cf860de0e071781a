{{ indicator(
    name='Redes sociales',
    name_en='Social media',
    definition='The website leads to the accounts of the municipality in social media',
    kind='presence',
    points=['socialmedia'],
    formula=presence('socialmedia'),
) }}
