{{ indicator(
    name='电信基础设施指数',
    name_en='Telecommunication Infrastructure Index',
    definition='上网、移动与宽带的普及程度 / How many use the internet, mobile phones and broadband',
    points=['tii'],
    formula=given_rate('tii'),
) }}
