{{ indicator(
    name='网上政务服务办理二级标准',
    name_en='Online service standard l2',
    definition='网上政务服务达到二级标准即表格下载与单向互动的程度。 / How far online services reach level two: forms to download, one-way interaction.',
    kind='quality',
    nature='static',
    points=[
        'lv2_form_download', 'lv2_form_sample', 'lv2_faq', 'lv2_result_sample',
        'lv2_result_query', 'lv2_form_valid', 'lv2_form_count', 'lv2_form_errors',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'lv2_form_download', 'lv2_form_sample', 'lv2_faq', 'lv2_result_sample',
                'lv2_result_query',
            ])],
        [0.2, gate('lv2_form_valid', deduction('lv2_form_errors', 0.1))],
        [0.2, capped_volume('lv2_form_count', 500)],
    ]),
) }}
