"""What the codes in the published tables are called on a page, in both languages. A code that
is not here stands as it is."""

from typing import Any

from dagster_project.publication.headings import COLUMNS, STATISTICS
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
    # collection tables
    "rows_collected": ("采集行", "rows collected"),
    "rows_landed": ("采用行", "rows taken"),
    "rows_quarantined": ("隔离行", "rows in quarantine"),
}
KINDS: dict[str, Pair] = {
    "nation": ("全部", "All"),
    "province": ("省份", "Province"),
    "region_class": ("类别", "Class"),
    "economic_region": ("经济区域", "Economic region"),
    "band": ("类型", "Band"),
    "collection": ("采集", "Collection"),
}


def word(code: Any) -> Pair:
    """What a code is called; nothing for an empty cell."""
    said = text(code)
    return WORDS.get(said, (said.replace("_", " "), said.replace("_", " ")))


def halves(said: str) -> Pair:
    """A published text as Chinese and English, if it is written as both with a slash between."""
    zh, slash, en = said.partition(" / ")
    return (zh, en) if slash and _chinese(zh) and not _chinese(en) else (said, said)


def _chinese(said: str) -> bool:
    return bool(names.CHINESE.search(said))


def statistic(name: str) -> tuple[Pair, str]:
    """What a statistic is called, and the format of its values."""
    spoken = name.replace("_", " ")
    if name in COLUMNS:
        zh, form, _ = COLUMNS[name]
        return (zh, spoken), {"share": "rate", None: "number"}.get(form, form or "number")
    stem, _, end = name.rpartition("_")
    if end.isdigit() and f"{stem}_#" in STATISTICS:
        return (STATISTICS[f"{stem}_#"].replace("#", end), spoken), "number"
    form = "rate" if name.endswith(("_share", "_rate")) else "number"
    return (STATISTICS.get(name, spoken), spoken), form
