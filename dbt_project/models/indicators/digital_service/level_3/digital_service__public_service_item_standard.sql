{{ indicator(
    name='公共服务事项规范',
    name_en='Standardised public service items',
    definition='公共服务事项目录、编码与办事指南的规范程度。 / How regular catalogue, codes and guides of public service items are.',
    kind='quality',
    nature='static',
    points=[
        'psi_catalogue', 'psi_uniform_code', 'psi_four_levels', 'psi_elements',
        'psi_materials', 'psi_same_items', 'psi_all_items', 'psi_guide_level',
    ],
    formula=weighted_mean([
        [0.6, checklist_share([
                'psi_catalogue', 'psi_uniform_code', 'psi_four_levels', 'psi_elements',
                'psi_materials',
            ])],
        [0.2, channel_consistency('psi_same_items', 'psi_all_items')],
        [0.2, graded_presence('psi_guide_level', 3)],
    ]),
) }}
