{{ indicator(
    name='在线服务指数',
    name_en='Online Service Index',
    definition='政府在线服务的范围与质量 / Scope and quality of the online services of government',
    points=['osi'],
    formula=given_rate('osi'),
) }}
