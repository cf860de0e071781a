{{ indicator(
    name='Trámites en línea',
    name_en='Transactions',
    definition='Transactions can be made online',
    kind='presence',
    points=['transac'],
    formula=presence('transac'),
) }}
