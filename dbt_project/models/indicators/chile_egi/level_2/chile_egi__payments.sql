{{ indicator(
    name='Pagos en línea',
    name_en='Payments',
    definition='Payments can be made online',
    kind='presence',
    points=['payments'],
    formula=presence('payments'),
) }}
