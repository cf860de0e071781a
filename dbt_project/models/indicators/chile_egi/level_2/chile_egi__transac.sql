{{ indicator(
    name='Trámites en línea',
    name_en='Transactions',
    definition='可在线办理事务 / Transactions can be made online',
    kind='presence',
    points=['transac'],
    formula=presence('transac'),
) }}
