{{ indicator(
    name='Redes sociales',
    name_en='Social media',
    definition='网站链接到市镇的社交媒体账号 / The website leads to the accounts of the municipality in social media',
    kind='presence',
    points=['socialmedia'],
    formula=presence('socialmedia'),
) }}
