"""What the codes in the published tables are called on a page, in both languages. A code that
is not here stands as it is."""

from collections.abc import Collection
from functools import cache
from typing import Any

from dagster_project.publication.headings import CHANGES, COLUMNS, STATISTICS
from dagster_project.site import names
from dagster_project.site.edition import text

Pair = tuple[str, str]
TAGS: dict[str, dict[str, Pair]] = {
    "role": {
        "evaluated": ("计入评价", "Evaluated"),
        "observed": ("观察指标", "Observed"),
        "left out": ("观察指标，不计入上级", "Observed, not counted in its parent"),
    },
    "kind": {
        "presence": ("考察有没有", "Presence"),
        "quality": ("考察好不好", "Quality"),
        "benefit": ("考察效益", "Benefit"),
        "mixed": ("兼有", "Several kinds"),
    },
    "nature": {
        "static": ("静态结构", "Static structure"),
        "dynamic": ("动态过程", "Dynamic process"),
        "mixed": ("静动兼有", "Static and dynamic"),
    },
}
WORDS: dict[str, Pair] = {
    # types and methods of points
    "presence": ("有无", "presence"),
    "volume": ("数量", "volume"),
    "graded": ("分级", "grade"),
    "accuracy": ("准确", "accuracy"),
    "date": ("时效", "date"),
    "duration": ("时长", "duration"),
    "aggregation": ("集合度", "aggregation"),
    "technical": ("技术", "technical"),
    "manual": ("人工", "manual"),
    "named": ("文献点名", "named"),
    "assumed": ("假定", "assumed"),
    "published": ("公布", "published"),
    # channels and units of points
    "网": ("网", "website"),
    "端": ("端", "app"),
    "微": ("微", "WeChat and Weibo"),
    "搜索": ("搜索", "search engine"),
    "个": ("个", "items"),
    "项": ("项", "items"),
    "处": ("处", "places"),
    "条": ("条", "entries"),
    "件": ("件", "cases"),
    "份": ("份", "documents"),
    "篇": ("篇", "articles"),
    "题": ("题", "questions"),
    "次": ("次", "times"),
    "天": ("天", "days"),
    "级": ("级", "grade"),
    "层": ("层", "levels of pages"),
    "日期": ("日期", "date"),
    "比例": ("比例", "share"),
    "inferred": ("推定", "inferred"),
    # statuses
    "scored": ("已评", "scored"),
    "provisional": ("暂定", "provisional"),
    "missing": ("缺失", "missing"),
    # verdicts
    "agrees": ("一致", "agrees"),
    "rounding": ("取整差异", "rounding"),
    "within_tolerance": ("容差内", "within tolerance"),
    "contradicts": ("原文自相矛盾", "source contradicts itself"),
    "unknown_input": ("原始数据不可得", "input unknown"),
    "differs": ("不一致", "differs"),
    "true": ("成立", "true"),
    "false": ("不成立", "false"),
    "undecidable": ("无法判断", "undecidable"),
    "agree": ("一致", "agree"),
    "figures": ("公布的数字", "published figures"),
    "index": ("总分", "index"),
    "rank": ("排名", "rank"),
    # choices
    "expert": ("专家认定", "by experts"),
    "automatic": ("自动取最大分差", "automatic: the largest drop"),
    "fixed": ("固定界线", "fixed"),
    # clustering
    "hierarchical": ("层次聚类（Ward）", "hierarchical (Ward)"),
    "kmeans": ("K 均值", "k-means"),
    "natural_breaks": ("自然断点", "natural breaks"),
    "silhouette": ("轮廓系数", "silhouette"),
    "goodness_of_variance_fit": ("方差拟合优度", "goodness of variance fit"),
    # what the register says of an edition
    "expected_regions": ("评价对象数", "regions expected"),
    "collected_regions": ("采集对象数", "regions collected"),
    "collection_from": ("采集开始", "collection from"),
    "collection_to": ("采集结束", "collection to"),
    "rounds": ("采集轮次", "rounds"),
    "source": ("依据", "source"),
    # causes of a revision
    "no revision before": ("此前没有修订版", "no revision before"),
    "raw": ("原始文件", "raw file"),
    "reader": ("读取程序", "reader"),
    "correction": ("更正", "correction"),
    "suite": ("审核规则", "suite"),
    "code": ("代码", "code"),
    "weight": ("权重", "weight"),
    "parameter": ("参数", "parameter"),
    "register": ("登记表", "register"),
    "engine": ("计算引擎", "engine"),
    "upstream": ("上游", "upstream"),
    # collection tables
    "rows_collected": ("采集行", "rows collected"),
    "rows_landed": ("采用行", "rows taken"),
    "rows_quarantined": ("隔离行", "rows in quarantine"),
}
# How changes on the edition before are called in English.
CHANGES_EN = {"_change_relative": "relative change", "_change": "change"}
# Statistics whose code does not say enough.
ENGLISH = {
    "std": "standard deviation",
    "sigma": "coefficient of variation",
    "beta": "β of convergence",
    "beta_r2": "R² of β convergence",
    "above_60_count": "regions above a rate of 60 %",
    "above_60_share": "share of regions above a rate of 60 %",
    "below_20_count": "regions below a rate of 20 %",
    "below_20_share": "share of regions below a rate of 20 %",
    "above_mean_count": "regions above the national mean",
    "above_mean_share": "share of regions above the national mean",
    "zero_count": "regions at zero",
    "zero_share": "share of regions at zero",
    "count": "regions with a score",
    "share_of_east": "mean over the mean of the East",
    "province_ratio": "largest over smallest mean of a province",
    "gain_over_1_count": "regions that gained more than 1 point",
    "from_zero_count": "regions that left zero",
    "std_regions_over_provinces": "deviation of regions over that of provinces, minus 1",
    "values": "readings: regions times points",
    "gini": "Gini coefficient",
    "theil": "Theil index",
}
ORDER = {name: number for number, name in enumerate([*COLUMNS, *STATISTICS])}
KINDS: dict[str, Pair] = {
    "nation": ("全部", "All"),
    "province": ("省份", "Province"),
    "region_class": ("类别", "Class"),
    "economic_region": ("经济区域", "Economic region"),
    "band": ("类型", "Band"),
    "collection": ("采集", "Collection"),
}


def kind_words(kind: str, found: Collection[str]) -> Pair:
    """What groups of a kind are called: provinces only where they are China's."""
    if kind == "province" and not names.province_tiles(set(found)):
        return ("上级地区", "Region above")
    return KINDS.get(kind, (kind, kind))


@cache
def order_of(statistic: str) -> tuple[int, int, str]:
    """Where a statistic stands in a list: as the headings of the workbook name them, by number,
    and changes behind what changed."""
    change = next((suffix for suffix, *_ in CHANGES if statistic.endswith(suffix)), "")
    name = statistic.removesuffix(change)
    stem, _, end = name.rpartition("_")
    of_number = end.isdigit() and name not in ORDER
    pattern = f"{stem}_#" if of_number else name
    return (ORDER.get(pattern, len(ORDER)), int(end) if of_number else 0, change)


def word(code: Any) -> Pair:
    """What a code is called; nothing for an empty cell."""
    said = text(code)
    return WORDS.get(said, (said.replace("_", " "), said.replace("_", " ")))


def statistic(name: str) -> tuple[Pair, str]:
    """What a statistic is called, and the format of its values."""
    for suffix, zh, _ in CHANGES:
        if name.endswith(suffix) and name not in COLUMNS:
            (own_zh, own_en), form = statistic(name.removesuffix(suffix))
            said = (f"{own_zh}{zh}", f"{own_en}, {CHANGES_EN[suffix]}")
            if suffix == "_change_relative":
                return said, "rate"
            return said, "points" if form == "rate" else form
    spoken = ENGLISH.get(name) or name.replace("_", " ")
    if name in COLUMNS:
        zh, format_of, _ = COLUMNS[name]
        shares = "points" if name.endswith("_change") else "rate"
        return (zh, spoken), {"share": shares, None: "number"}.get(format_of, format_of or "number")
    stem, _, end = name.rpartition("_")
    if end.isdigit() and f"{stem}_#" in STATISTICS:
        return (STATISTICS[f"{stem}_#"].replace("#", end), spoken), "number"
    form = "rate" if name.endswith(("_share", "_rate")) else "number"
    return (STATISTICS.get(name, spoken), spoken), form
