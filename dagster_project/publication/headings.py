"""What the columns and statistics of the published tables are called in the workbook, in Chinese,
and how their numbers are shown. A name that is not here stands as it is.

Formats: whole, score (two decimals), share (per cent with two decimals), number (four
decimals), value and figure (by the statistic or the unit of the row); None for text.
"""

import re
from collections import Counter
from collections.abc import Iterable

# Sheets by table, in this order; tables that are not here follow under their own names.
SHEETS = {
    "rankings": "排名",
    "indicator_scores": "指标得分",
    "indicator_tree": "指标体系",
    "national_statistics": "全国统计",
    "national_changes": "全国变化",
    "group_statistics": "分组统计",
    "group_changes": "分组变化",
    "extremes": "首末名单",
    "region_changes": "地区变化",
    "collection_statistics": "采集统计",
    "grade_cuts": "等级界线",
    "band_candidates": "分界候选",
    "region_types": "地区分型",
    "clusters": "聚类评价",
    "assessor_agreement": "评判一致性",
    "framework_break": "体系衔接",
    "claims": "结论核对",
    "reconciliation": "数据核对",
    "point_list": "点位清单",
    "formulas": "指标公式",
    "quarantine": "未采用的单元格",
}

# Column, or table and column where the name means something else there: heading, format, what
# it is.
COLUMNS: dict[str, tuple[str, str | None, str]] = {
    "framework": ("评价体系", None, "评价体系代码 / code of the framework"),
    "edition": ("版次", None, "报告年份 / year of the report"),
    "object_group": ("对象组", None, "评价对象组，all 全部 / group that is ranked"),
    "region_code": ("地区代码", None, "行政区划代码 / code of the region"),
    "region_name": ("地区", None, "被评地区 / region"),
    "parent_region": ("省份", None, "上级地区 / province or other region above"),
    "region_class": ("地区类别", None, "副省级/省会、地级、直辖市 / class of the region"),
    "score": ("得分", "score", "得分率×满分 / score rate times full marks"),
    "rank": (
        "排名",
        "whole",
        "同分者的名次按指标体系中的“同分名次” / of equal scores by the rule of ties in the tree",
    ),
    "rank_in_parent": ("省内排名", "whole", "/ rank in the province"),
    "rank_in_class": ("同类排名", "whole", "/ rank among its class"),
    "band": ("类型", None, "差分法划分的 A–D / band by differencing"),
    "grade": ("等级", None, "A+ 至 D / grade"),
    "provisional": ("暂定", None, "采集不足，得分暂定 / too few points collected"),
    "indicator_code": ("指标代码", None, "/ code of the indicator"),
    "indicator_name": ("指标", None, "/ indicator"),
    "indicator_name_en": ("指标英文名", None, "/ indicator in English"),
    "level": ("层级", "whole", "0 为总分 / 0 is the total"),
    "parent_code": ("上级指标", None, "/ code of the indicator above"),
    "score_rate": ("得分率", "share", "得分/满分 / score over full marks"),
    "max_score": ("满分", "score", "/ full marks on the scale of the total"),
    "status": ("状态", None, "scored 已评, provisional 暂定, missing 缺失"),
    "collected_share": ("采集比例", "share", "已采集点位占比 / share of its points collected"),
    "weight": ("权重", "score", "方法所列权重 / weight as the method states it"),
    "weight_share": ("权重占比", "share", "占上级的比例 / share of the parent"),
    "role": ("作用", None, "evaluated 评价, observed 观察"),
    "predecessor": ("前一体系", None, "/ framework before the break"),
    "predecessor_edition": ("前一体系末版", None, "/ its last edition"),
    "compared": ("比较", None, "score_rate 比较得分率, nothing 不比较"),
    "predecessor_code": ("前一体系指标代码", None, "/ code of the indicator before"),
    "predecessor_name": ("前一体系指标", None, "/ the indicator before"),
    "predecessor_score_rate": ("前一体系得分率", "share", "/ score rate before"),
    "score_rate_change": ("得分率变化", "share", "/ change of the score rate"),
    "why": ("理由", None, "为何可比或不可比 / why it is compared or not, in Chinese"),
    "why_en": ("理由（英文）", None, "/ why it is compared or not"),
    "kind": (
        "考察内容",
        None,
        "presence 有没有, quality 好不好, benefit 效益, mixed 兼有；归类为假定 / assumed",
    ),
    "nature": (
        "性质",
        None,
        "static 静态结构, dynamic 动态过程, mixed 兼有；归类为假定 / assumed",
    ),
    "aggregation": ("合成方法", None, "arithmetic 算术, geometric 几何, harmonic 调和平均"),
    "missing": (
        "缺项规则",
        None,
        "no_score 无得分, rescale 权重重分, share_needed 权重足够才重分",
    ),
    "indicator_tree.rounding": (
        "取整方式",
        None,
        "none 不取整, half_up 四舍五入, half_even 四舍六入五成双；位数，of 满分 / of the rate, "
        "with digits and full marks",
    ),
    "normalisation": ("归一化", None, "/ how a raw number becomes a rate"),
    "ties": (
        "同分名次",
        None,
        "min 取小, max 取大, dense 连续, ordinal 按代码 / ranks of equal scores",
    ),
    "provenance": (
        "依据",
        None,
        "published 公布, assumed 假定; name 名称, weight 权重: named 文中列名, inferred 推定",
    ),
    "definition": ("定义", None, "/ what is looked for"),
    "point_list.lowest": ("最小值", None, "/ smallest value that the point may have"),
    "point_list.highest": ("最大值", None, "/ largest value that the point may have"),
    "point_name": ("点位", None, "/ point"),
    "point_name_en": ("点位英文名", None, "/ point in English"),
    "point_type": (
        "点位类型",
        None,
        "presence 有无, volume 数量, aggregation 集合度, date 时效, duration 时长, accuracy 准确, "
        "graded 分级 / type of its value",
    ),
    "channel": ("渠道", None, "网、微、端、搜索 / channel"),
    "looked_for": ("查什么", None, "/ what is looked for, in Chinese"),
    "looked_for_en": ("查什么（英文）", None, "/ what is looked for"),
    "not_found": ("未找到计为", None, "空为无数值 / what not found counts as; empty: no number"),
    "better": ("较优方向", None, "more 越多越好, fewer 越少越好 / which is better"),
    "share_of": ("其总数点位", None, "/ the point of which this one counts a part"),
    "first_edition": ("起始版次", None, "/ first edition that has it"),
    "last_edition": ("终止版次", None, "/ last edition that has it"),
    "rule_technical": ("各轮合并规则", None, "/ how rounds become one value, in Chinese"),
    "rule_technical_en": ("各轮合并规则（英文）", None, "/ how rounds become one value"),
    "rule_manual": ("人工读数规则", None, "/ how assessors' readings become one, in Chinese"),
    "rule_manual_en": ("人工读数规则（英文）", None, "/ how assessors' readings become one"),
    "rule_verification": ("复核规则", None, "/ what a verification does, in Chinese"),
    "rule_verification_en": ("复核规则（英文）", None, "/ what a verification does"),
    "formulas.kind": (
        "计算方式",
        None,
        "formula 公式; rescale 权重重分, no_score 无得分, share_needed 权重足够才重分 / formula, "
        "or the rule of a roll-up for what is missing",
    ),
    "points": ("点位", None, "/ points of the indicator"),
    "words": ("公式", None, "/ the formula in words, in Chinese"),
    "words_en": ("公式（英文）", None, "/ the formula in words"),
    "table": ("数据表", None, "/ table of the collection"),
    "file": ("文件", None, "/ collected file"),
    "sheet": ("工作表", None, "/ sheet"),
    "row": ("行", None, "/ row, or line"),
    "column": ("列", None, "/ column"),
    "reason": ("原因", None, "/ why the row was kept out"),
    "group_kind": (
        "分组方式",
        None,
        "nation 全国, economic_region 经济区域, province 省, region_class 类别, band 类型, "
        "grade 等级, grade_cell 等级内类别, level 层级, region 地区, point 点位, "
        "point_class 点位内类别, collection 采集",
    ),
    "group_name": ("组别", None, "/ name of the group"),
    "statistic_name": ("统计量", None, "/ the statistic in Chinese"),
    "statistic": ("统计量代码", None, "/ name of the statistic, as in statistics.csv"),
    "value": ("数值", "value", "/ value"),
    "change": (
        "较上一版变化",
        "value",
        "占比以百分点计 / on the edition before; of shares in points",
    ),
    "change_relative": ("较上一版增幅", "share", "/ relative change on the edition before"),
    "detail": ("说明", None, "/ a name that belongs to the figure"),
    "point_code": ("点位代码", None, "/ code of the point"),
    "point_or_reason": (
        "点位代码或隔离原因",
        None,
        "/ code of the point, or why rows were kept out",
    ),
    "lower": ("下限", "number", "含下限 / lower cut, inclusive"),
    "lower_printed": ("下限（印刷值）", "score", "两位小数 / to two decimals"),
    "band_lower": ("类型下限", "number", "/ lower cut of the band"),
    "band_highest": ("类型最高分", "number", "/ highest score found in the band"),
    "band_regions": ("类型地区数", "whole", "/ regions of the band"),
    "chosen_by": (
        "确定方式",
        None,
        "expert 专家认定, automatic 自动取最大分差, fixed 固定界线",
    ),
    "automatic_lower": ("自动下限", "number", "/ the automatic choice"),
    "last_region_code": ("末位地区代码", None, "/ last region of the band"),
    "last_region_name": ("末位地区", None, "/ last region of the band"),
    "position": ("位次", "whole", "/ position by score"),
    "gap": ("与下一名分差", "number", "/ drop to the next region"),
    "relative_gap": ("相对分差", "share", "分差/得分 / drop over score"),
    "grade_cuts.place": ("等级序", "whole", "1 最高 / 1 is the highest grade"),
    "place": ("候选序", "whole", "1 为自动选择 / 1 is the automatic choice"),
    "kmeans_type": ("K均值类型", "whole", "1 类平均总分最高 / 1 has the highest mean total"),
    "hierarchical_type": ("层次聚类类型", "whole", "Ward 法 / Ward's method"),
    "natural_break": ("自然断点级", "whole", "1 级最高 / 1 is the highest class"),
    "natural_break_regions": ("自然断点地区数", "whole", "/ regions in the class"),
    "natural_break_lower": ("自然断点下限", "number", "/ lower bound of the class"),
    "point_list.method": ("方法", None, "technical 技术采集, manual 人工采集"),
    "method": ("方法", None, "hierarchical 层次聚类, kmeans 均值聚类, natural_breaks 自然断点"),
    "clusters": ("类数", "whole", "/ number of clusters"),
    "measure": ("评价指标", None, "silhouette 轮廓系数, goodness_of_variance_fit 方差拟合优度"),
    "quality": ("评价值", "number", "越高越好 / the higher the better"),
    "chosen": ("采用", None, "/ whether it was chosen"),
    "pairs": ("双人评判数", "whole", "/ regions that two assessors read"),
    "agreement": ("一致率", "share", "/ share of equal readings"),
    "cohen_kappa": ("Cohen κ", "number", "/ Cohen's kappa"),
    "krippendorff_alpha": ("Krippendorff α", "number", "/ Krippendorff's alpha"),
    "fact": ("事实编号", "whole", "/ number of the published fact"),
    "name": ("名称", None, "/ name"),
    "published": ("公布值", "figure", "/ published figure"),
    "computed": ("计算值", "figure", "/ computed figure"),
    "difference": ("差值", "figure", "计算值−公布值 / computed minus published"),
    "verdict": (
        "核对结论",
        None,
        "agrees 一致, rounding 取整差异, within_tolerance 容差内, contradicts 原文自相矛盾, "
        "unknown_input 原始数据不可得, differs 不一致; true 成立, false 不成立, "
        "undecidable 无法判断",
    ),
    "item": ("序号", "whole", "同一事实的第几条 / number within the fact"),
    "name_en": ("英文名称", None, "/ name in English"),
    "published_text": ("公布原文", None, "括号内为推算 / as printed; derived in brackets"),
    "computed_text": ("计算值（按原文位数）", None, "/ computed figure as it would be printed"),
    "unit": ("单位", None, "/ unit of published and computed"),
    "rounding": (
        "取整方式",
        None,
        "half_up 四舍五入, printed_mean 由印刷均值得出, share 占总数, of_printed 原文由印刷值得出, "
        "derived 由印刷值推算, cut_off 舍去尾数, about 约数, none 无 / how the published figure "
        "was rounded",
    ),
    "tolerance_kind": (
        "容差类别",
        None,
        "exact 须相同, near_count 个数相近, near_ratio 比值相近, near_deviation 标准差相近",
    ),
    "tolerance": ("容差", "figure", "演示数据允许的差值 / how far a demonstration may be off"),
    "implied_comparison": ("应为关系", None, "equal 等于, at_most 至多, below 低于 / how it holds"),
    "implied": ("按原文推算应为", "figure", "/ what the document's own arithmetic gives instead"),
    "explanation": ("说明", None, "/ the arithmetic behind the verdict"),
    "claim": ("结论", None, "/ sentence of the report"),
    "claim_en": ("结论（英文）", None, "/ sentence in English"),
    "evidence": ("依据的数据", None, "/ figures by which it is decided"),
    "note": ("备注", None, "/ how it is read, or why it cannot be decided"),
    "condition": ("判断条件", None, "/ condition in SQL"),
    "source": ("来源", None, "/ document or address"),
    "figure": ("数据种类", None, "/ kind of figure"),
    "revision": ("修订号", "whole", "/ number of the revision"),
    "synthetic": ("合成数据", None, "/ whether the collection is synthetic"),
    "conforms": ("与公布值相符", None, "/ whether all published figures are met"),
    # Statistics, where they stand as columns.
    "count": ("地区数", "whole", "有得分的地区 / regions with a score"),
    "mean": ("均值", "number", "/ mean"),
    "mean_printed": ("均值（印刷值）", "score", "两位小数 / to two decimals"),
    "minimum": ("最低", "score", "/ minimum"),
    "maximum": ("最高", "score", "/ maximum"),
    "quantile_10": ("10%分位", "score", "/ quantile"),
    "quantile_25": ("25%分位", "score", "/ quantile"),
    "median": ("中位数", "score", "/ median"),
    "quantile_75": ("75%分位", "score", "/ quantile"),
    "quantile_90": ("90%分位", "score", "/ quantile"),
    "std": ("标准差", "number", "样本标准差 / sample standard deviation"),
    "above_mean_count": ("高于全国均值", "whole", "地区数 / regions above the national mean"),
    "above_mean_share": ("高于全国均值占比", "share", "/ their share"),
    "above_60_count": ("得分率>60%", "whole", "地区数 / regions"),
    "above_60_share": ("得分率>60%占比", "share", "/ their share"),
    "below_20_count": ("得分率<20%", "whole", "地区数 / regions"),
    "below_20_share": ("得分率<20%占比", "share", "/ their share"),
    "zero_count": ("零分", "whole", "地区数 / regions at zero"),
    "zero_share": ("零分占比", "share", "/ their share"),
    "share_of_east": ("与东部之比", "share", "均值之比 / mean over the mean of 东部"),
    "lower_cut": ("下限", "number", "/ lower cut"),
    "highest": ("最高分", "number", "/ highest score"),
    "sigma": ("变异系数", "number", "标准差/均值；变化为负即 σ 收敛 / coefficient of variation"),
    "theil": ("泰尔指数", "number", "/ Theil index"),
    "theil_between": ("泰尔（省间）", "number", "/ between provinces"),
    "theil_within": ("泰尔（省内）", "number", "/ within provinces"),
    "theil_between_economic": ("泰尔（区域间）", "number", "/ between economic regions"),
    "theil_within_economic": ("泰尔（区域内）", "number", "/ within economic regions"),
    "gini": ("基尼系数", "number", "/ Gini coefficient"),
    "gini_between": ("基尼（省间）", "number", "/ between provinces"),
    "gini_within": ("基尼（省内）", "number", "/ within provinces"),
    "gini_overlap": ("基尼（省间重叠）", "number", "/ overlap of provinces"),
    "gini_between_economic": ("基尼（区域间）", "number", "/ between economic regions"),
    "gini_within_economic": ("基尼（区域内）", "number", "/ within economic regions"),
    "gini_overlap_economic": ("基尼（区域间重叠）", "number", "/ overlap of economic regions"),
    "std_of_provinces": ("省均值标准差", "number", "/ deviation of the provinces' means"),
    "std_regions_over_provinces": (
        "地区较省标准差高出",
        "share",
        "/ deviation of regions over that of provinces, minus 1",
    ),
    "largest_province_mean": ("省均值最高", "number", "/ largest mean of a province"),
    "smallest_province_mean": ("省均值最低", "number", "/ smallest mean of a province"),
    "province_ratio": ("省均值最高/最低", "score", "/ largest over smallest"),
    "beta": ("β 收敛系数", "number", "负为收敛 / negative: who was behind catches up"),
    "beta_r2": ("β 拟合 R²", "number", "/ share explained"),
    "gain_over_1_count": ("提高超过1分", "whole", "地区数 / regions that gained more than 1 point"),
    "from_zero_count": ("由零变正", "whole", "地区数 / regions that left zero"),
    "rank_change": ("位次变化", "whole", "正为上升 / positive: rose"),
}

# Statistics that stand in rows, by pattern; # is a number.
STATISTICS = {
    "top_#": "第#名",
    "bottom_#": "倒数第#名",
    "largest_within_province_std_#": "省内标准差第#大",
    "smallest_within_province_std_#": "省内标准差第#小",
    "largest_province_mean": "省均值最高",
    "smallest_province_mean": "省均值最低",
    "points": "点位数",
    "technical_points": "技术采集点位",
    "manual_points": "人工采集点位",
    "technical_share": "技术采集占比",
    "manual_share": "人工采集占比",
    "rounds": "采集轮次",
    "samples": "样本数",
    "values": "有读数的地区×点位",
    "collection_rate": "采集率",
    "points_collected_share": "点位采集比例",
    "refused_count": "被拒样本",
    "assessors": "采集核验人数",
    "verified_points": "复核数",
    "adjudicated": "裁定数",
    "found_count": "有此项的地区数",
    "found_share": "有此项的地区占比",
    "full_count": "全部答对的地区数",
    "full_share": "全部答对的地区占比",
    "formulas": "公式数",
    "rows_read": "读入行数",
    "cells_corrected": "更正单元格数",
    "rows_excluded": "更正剔除行数",
    "rows_quarantined": "隔离行数",
    "duplicate_rows": "重复行数",
    "rows_landed": "入库行数",
    "quarantined_count": "因此隔离的行数",
    "late_samples": "迟到样本数",
    "first_month": "首次采集月份",
    "last_month": "末次采集月份",
}


def heading(table: str, column: str) -> tuple[str, str | None, str]:
    """Heading, format and meaning of a column. A change is called after what changed: 变化 the
    difference, 增幅 the relative change."""
    if known := COLUMNS.get(f"{table}.{column}") or COLUMNS.get(column):
        return known
    for suffix, word, meaning in CHANGES:
        base = COLUMNS.get(column.removesuffix(suffix)) if column.endswith(suffix) else None
        if base:
            return f"{base[0]}{word}", "share" if word == "增幅" else base[1], meaning
    return column, None, ""


def words_of(meaning: str) -> dict[str, str]:
    """The codes that the meaning of a column explains, with their Chinese words."""
    return dict(re.findall(r"(?<![\w-])([a-z][a-z_]*) ([\u4e00-\u9fff]+)", meaning))


CHANGES = (
    ("_change_relative", "增幅", "较上一版的相对变化 / relative change on the edition before"),
    ("_change", "变化", "较上一版，占比以百分点计 / on the edition before; of shares in points"),
)


def statistic_name(statistic: str) -> str:
    """What a statistic that stands in a row is called; # is a number."""
    for suffix, word, _ in CHANGES:
        if statistic.endswith(suffix):
            return f"{statistic_name(statistic.removesuffix(suffix))}{word}"
    return STATISTICS.get(statistic, statistic)


# Where a name or a weight comes from.
BASES = {
    "published": ("已公布", "published"),
    "named": ("文中列名", "named in the document"),
    "inferred": ("推定", "inferred"),
    "assumed": ("假定", "assumed"),
}


def basis(provenance: str) -> tuple[str, str]:
    """Where name and weight of an indicator come from, in Chinese and English; what the column
    `provenance` says otherwise stands as it is."""
    if said := re.fullmatch(r"name (\w+), weight (\w+)", provenance):
        name, weight = (BASES.get(word, (word, word)) for word in said.groups())
        return f"名称{name[0]}，权重{weight[0]}", f"Name {name[1]}, weight {weight[1]}"
    if said := re.fullmatch(r"assumed, as in ([0-9]{4})", provenance):
        return f"假定与 {said[1]} 年相同", f"Assumed to be as in {said[1]}"
    if provenance in BASES:
        word = BASES[provenance]
        return f"名称与权重{word[0]}", f"Name and weight {word[1]}"
    return provenance, provenance


def bases(provenances: Iterable[str]) -> tuple[str, str] | None:
    """How many indicators have name and weight from where, in one sentence; None if all were
    published."""
    counted = Counter(provenances)
    if not counted.keys() - {"published"}:
        return None
    found = [(*basis(said), count) for said, count in counted.most_common()]
    return (
        "指标名称与权重的依据：" + "；".join(f"{count} 项{zh}" for zh, _, count in found),
        "Where names and weights of the indicators come from: "
        + "; ".join(f"{count} {en[0].lower()}{en[1:]}" for _, en, count in found),
    )


# Units of the reconciliation that are counted in whole numbers.
COUNTED = ("个", "名", "轮", "人", "层", "条")


def format_of_row(kind: str | None, statistic: str, unit: str) -> str | None:
    """The format of a number; in a column of several kinds by its statistic or its unit."""
    if kind == "figure":
        return "whole" if unit in COUNTED else "figure"
    if kind == "value" and statistic:
        if statistic.endswith(("_share", "_rate", "_relative", "_share_change", "_rate_change")):
            return "share"
        return "score" if statistic.startswith(SCORES) else "whole"
    return "number" if kind == "value" else kind


SCORES = ("top_", "bottom_", "largest_", "smallest_")

# Lines of the first sheet.
ABOUT = {
    "revision": "修订号",
    "synthetic": "合成数据",
    "conforms": "与公布值相符",
    "framework": "评价体系",
    "edition": "版次",
    "title": "标题",
    "producer": "数据提供者",
    "address": "来源",
    "licence": "许可",
    "code_version": "程序版本",
    "bands_note": "类型说明",
}
