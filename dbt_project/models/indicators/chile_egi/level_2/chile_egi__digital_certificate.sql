{{ indicator(
    name='Certificados digitales',
    name_en='Digital certificates',
    definition='可在线出具证明 / Certificates are issued online',
    kind='presence',
    points=['digital_certificate'],
    formula=presence('digital_certificate'),
    first_edition='2019',
) }}
