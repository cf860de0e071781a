{{ indicator(
    name='跨域通办',
    name_en='Services across regions',
    definition='跨市、跨省通办服务的范围与便利程度。 / How widely and easily services can be used from another city or province.',
    kind='benefit',
    nature='dynamic',
    points=[
        'crs_column', 'crs_in_province', 'crs_outside', 'crs_window', 'crs_items',
        'crs_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'crs_column', 'crs_in_province', 'crs_outside', 'crs_window',
            ])],
        [0.2, log_volume('crs_items', 500)],
        [0.2, graded_presence('crs_level', 3)],
    ]),
) }}
