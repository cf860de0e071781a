{{ indicator(
    name='平台整合能力',
    name_en='Platform integration',
    definition='网站、微信、客户端等平台的入口、账号与服务的整合程度。 / How far entrances, accounts and services of website, WeChat and app are put together.',
    kind='quality',
    nature='static',
    points=[
        'pi_unified_entrance', 'pi_single_sign_on', 'pi_app_unified', 'pi_wechat_unified',
        'pi_national_link', 'pi_mini_program', 'pi_mobile_standard', 'pi_sso_share',
        'pi_count_web', 'pi_count_wechat', 'pi_count_app',
    ],
    formula=weighted_mean([
        [0.55, checklist_share([
                'pi_unified_entrance', 'pi_single_sign_on', 'pi_app_unified',
                'pi_wechat_unified', 'pi_national_link', 'pi_mini_program',
            ])],
        [0.2, graded_presence('pi_mobile_standard', 3)],
        [0.1, piecewise_linear('pi_sso_share', [[0, 0], [0.5, 0.3], [0.9, 1]])],
        [0.15, aggregation(['pi_count_web', 'pi_count_wechat', 'pi_count_app'])],
    ]),
) }}
