{{ roll_up(
    name='服务供给能力',
    name_en='Service supply',
    definition='政府通过互联网供给服务的覆盖、整合与贯通 / Coverage, integration and continuity of the services supplied over the internet',
    children=[
        {'code': 'catalog_coverage', 'weight': 30},
        {'code': 'application_integration', 'weight': 30},
        {'code': 'service_connectivity', 'weight': 40},
    ],
) }}
