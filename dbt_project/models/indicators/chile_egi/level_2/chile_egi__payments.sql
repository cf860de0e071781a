{{ indicator(
    name='Pagos en línea',
    name_en='Payments',
    definition='可在线缴费 / Payments can be made online',
    kind='presence',
    points=['payments'],
    formula=presence('payments'),
) }}
