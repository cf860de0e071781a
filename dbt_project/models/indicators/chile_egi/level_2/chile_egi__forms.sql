{{ indicator(
    name='Formularios',
    name_en='Forms for download',
    definition='Forms can be downloaded from the website',
    kind='presence',
    points=['forms'],
    formula=presence('forms'),
) }}
