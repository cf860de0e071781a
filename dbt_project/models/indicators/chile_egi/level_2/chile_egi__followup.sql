{{ indicator(
    name='Seguimiento de trámites',
    name_en='Follow-up of transactions',
    definition='可在线跟踪办理进度 / The course of a transaction can be followed online',
    kind='presence',
    points=['followup'],
    formula=presence('followup'),
) }}
