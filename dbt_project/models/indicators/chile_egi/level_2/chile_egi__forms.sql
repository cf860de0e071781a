{{ indicator(
    name='Formularios',
    name_en='Forms for download',
    definition='可从网站下载表格 / Forms can be downloaded from the website',
    kind='presence',
    points=['forms'],
    formula=presence('forms'),
) }}
