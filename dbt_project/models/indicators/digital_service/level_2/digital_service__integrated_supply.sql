{{ roll_up(
    name='融合供给能力',
    name_en='Integrated supply',
    definition='跨部门、跨区域融合供给服务的程度 / How far services are supplied across departments and regions',
    children=[
        {'code': 'one_thing_service', 'weight': 50, 'provenance': 'name named, weight inferred'},
        {'code': 'cross_department_integration', 'weight': 25, 'provenance': 'name inferred, weight inferred'},
        {'code': 'cross_region_service', 'weight': 25, 'provenance': 'name inferred, weight inferred'},
    ],
) }}
