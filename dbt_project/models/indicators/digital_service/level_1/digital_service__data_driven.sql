{{ roll_up(
    name='数字驱动能力',
    name_en='Data-driven capability',
    definition='政府以数据开放与应用驱动发展的能力（观察指标） / Capability of government to drive development by open data and its use (observed, not scored)',
    children=[
        {'code': 'open_data_application', 'weight': 100, 'provenance': 'name inferred, weight inferred'},
    ],
) }}
