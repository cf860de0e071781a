{{ indicator(
    name='功能适配度',
    name_en='Function adaptation',
    definition='服务应用适配不同终端、浏览器与人群的程度。 / How well services fit devices, browsers and groups of people.',
    kind='quality',
    nature='static',
    points=[
        'fa_responsive_page', 'fa_multi_browser', 'fa_ipv6', 'fa_https', 'fa_accessible',
        'fa_large_print', 'fa_foreign_version', 'fa_stable', 'fa_mobile_depth',
        'fa_map_function', 'fa_experience', 'fa_text_only',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'fa_responsive_page', 'fa_multi_browser', 'fa_ipv6', 'fa_https',
                'fa_accessible', 'fa_large_print', 'fa_foreign_version', 'fa_map_function',
                'fa_text_only',
            ])],
        [0.1, round_stability('fa_stable')],
        [0.1, page_depth('fa_mobile_depth')],
        [0.2, graded_presence('fa_experience', 3)],
    ]),
) }}
