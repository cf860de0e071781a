{{ roll_up(
    name='电子政务发展指数',
    name_en='E-Government Development Index',
    definition='在线服务、人力资本与电信基础设施的加权平均 / Weighted mean of online services, human capital and telecommunication infrastructure',
    children=[
        {'code': 'osi', 'weight': 1 / 3, 'last_edition': '2005'},
        {'code': 'osi', 'weight': 0.34, 'first_edition': '2008', 'last_edition': '2010'},
        {'code': 'osi', 'weight': 1 / 3, 'first_edition': '2012'},
        {'code': 'hci', 'weight': 1 / 3, 'last_edition': '2005'},
        {'code': 'hci', 'weight': 0.33, 'first_edition': '2008', 'last_edition': '2010'},
        {'code': 'hci', 'weight': 1 / 3, 'first_edition': '2012'},
        {'code': 'tii', 'weight': 1 / 3, 'last_edition': '2005'},
        {'code': 'tii', 'weight': 0.33, 'first_edition': '2008', 'last_edition': '2010'},
        {'code': 'tii', 'weight': 1 / 3, 'first_edition': '2012'},
    ],
) }}
