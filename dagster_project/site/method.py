"""The method: the tree, bands and cuts, types of regions and the collection; what was checked
against the published report; all statistics; and the record of the revision's files."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from dagster_project.site import names, plots
from dagster_project.site.edition import (
    CHINESE,
    NATION,
    TOTAL,
    Group,
    halves,
    number,
    records,
    text,
)
from dagster_project.site.figures import Column, Figure, Table, inline_json
from dagster_project.site.indicator import in_order, tag
from dagster_project.site.pages import Page, Site
from dagster_project.site.words import KINDS, Pair, order_of, statistic, word

SECTION = ("method.html", "方法", "Method")
# The order in which verdicts are listed: what asks for attention first.
VERDICTS = (
    "differs",
    "contradicts",
    "false",
    "undecidable",
    "unknown_input",
    "rounding",
    "within_tolerance",
    "agrees",
    "true",
)
# Of each band so many candidates are listed, in the order of the drop.
CANDIDATES = 5
QUARANTINED = 200
CANDIDATE_FILE = "band_candidates.csv"
COLLECTION = "collection"


def pages(site: Site) -> Iterator[Page]:
    """The pages of every group that there is anything for."""
    edition = site.edition
    for group in site.edition.groups:
        checked = edition.table("claims") is not None or edition.table("reconciliation") is not None
        parts = [
            ("method", "指标体系与分类", "Tree and bands"),
            *([("checks", "与公布数据核对", "Checks")] if checked else []),
            *([("statistics", "统计量", "Statistics")] if len(group.statistics) else []),
            ("record", "采集、版本与文件", "Collection and files"),
        ]
        shared = {
            "parts": [(f"{name}{group.suffix}.html", zh, en) for name, zh, en in parts],
            "word": word,
        }
        contexts = {
            "method": how,
            "checks": checks,
            "statistics": statistics,
            "record": record,
        }
        for name, zh, en in parts:
            yield Page(
                place=f"{name}{group.suffix}.html",
                template=f"{name}.html",
                title=(zh, en) if name != "method" else ("方法", "Method"),
                section="method",
                group=group,
                context=shared | contexts[name](site, group),
            )


def how(site: Site, group: Group) -> dict[str, Any]:
    """How scores come about, and how regions are sorted into bands and types."""
    return {
        "tree": tree(site, group),
        "formulas": formulas(site),
        "cuts": records(group.cuts),
        "gaps": gaps(site, group),
        "candidates": candidates(site, group),
        "clusters": clusters(site, group),
        "types": types(site, group),
    }


def tree(site: Site, group: Group) -> Figure:
    """The indicators with their weights and the national means."""
    rates = {code: group.statistic("score_rate", code) for code in site.edition.tree}
    columns = [
        Column("indicator", "指标", "Indicator"),
        Column("code", "代码", "Code"),
        Column("level", "层级", "Level", "whole"),
        Column("weight", "权重（方法所列）", "Weight as stated", "score"),
        Column("share", "占上级", "Share of the parent", "rate"),
        Column("max", "满分", "Max score", "score"),
        Column("rate", "平均得分率", "Mean rate", "rate", "statistics.csv"),
        Column("role", "作用", "Role"),
        Column("basis", "名称与权重的依据", "Basis of name and weight"),
    ]
    rows = [
        [
            (one.name, one.name_en),
            one.code,
            one.level,
            one.weight,
            one.weight_share,
            one.max_score,
            rates[one.code],
            tag(one, "role"),
            tag(one, "provenance"),
        ]
        for one in in_order(site)
    ]
    return Figure(
        "tree",
        "指标、权重与平均得分率",
        "Indicators, weights and mean rates",
        Table(columns, rows),
        "indicator_tree.csv",
        plots.tree(
            {one.code: one for one in site.edition.unfolded},
            rates,
            lambda code: site.indicator_place(group, code),
            site.numbers,
        ),
        note=(
            "百分比为在上级中的权重；右侧条长为该指标在总分中的满分，深色部分为平均得分率",
            "Per cent: weight in the parent. Bars: points of the total; dark: the mean score rate",
        ),
    )


def formulas(site: Site) -> list[dict[str, Any]]:
    """How every indicator is computed, in words; in the order of the tree."""
    known = {row["indicator_code"]: row for row in records(site.edition.rows("formulas"))}
    return [
        {"indicator": one, "row": known[one.code]} for one in in_order(site) if one.code in known
    ]


def gaps(site: Site, group: Group) -> Figure | None:
    """The sorted totals with the cuts, and the drops between which these were chosen."""
    cuts = records(group.cuts)
    totals = sorted(group.rankings["score"].dropna(), reverse=True)
    bands: list[str] = list(dict.fromkeys(text(row["band"]) for row in cuts))
    if len(bands) < 2 or not totals:
        return None
    candidates = records(site.edition.rows("band_candidates", object_group=group.name))
    automatic = {row["band"]: int(row["position"]) for row in candidates if row["place"] == 1}
    found = []
    for band in bands[:-1]:
        lower = next(row["band_lower"] for row in cuts if row["band"] == band)
        position = sum(score >= lower for score in totals)
        if 0 < position < len(totals):
            found.append(plots.Cut(band, lower, position, automatic.get(band)))
    if not found:
        return None
    named = [one.band for one in found]
    drops = {int(row["position"]): (row["band"], row["relative_gap"]) for row in candidates}
    return Figure(
        "gaps",
        "总分排序与类型界线",
        "Sorted totals and the cuts between bands",
        order_table(group, found, candidates),
        "rankings.csv",
        plots.gaps(
            totals,
            site.edition.tree[TOTAL].max_score,
            drops,
            found,
            [*named, *(one for one in bands if one not in named)],
            site.numbers,
        ),
        note=(
            "虚线为采用的界线，圆圈为自动选择的候选（相对分差最大处）",
            "Dashed: the cuts in use; circles: the automatic choice, at the largest relative drop",
        )
        if candidates
        else None,
    )


def order_table(group: Group, cuts: list[plots.Cut], drops: list[dict[str, Any]]) -> Table:
    """All regions with a score in the order of the ranks; where a cut may lie the drop to the
    next one; and the cut in use below the last region of a band."""
    scored = group.rankings[group.rankings["score"].notna()]
    ordered = records(scored.sort_values("score", ascending=False, kind="stable"))
    known = {int(row["position"]): row for row in drops}
    lower = {cut.position: cut.lower for cut in cuts}
    columns = [
        Column("region", "地区", "Region"),
        Column("position", "位次", "Position", "whole"),
        Column("score", "得分", "Score", "score"),
        Column("band", "类型", "Band"),
        Column("cut", "界线（采用）", "Cut in use", "score", "grade_cuts.csv"),
    ]
    if drops:
        columns += [
            Column("of", "候选界线", "Candidate for", "text", CANDIDATE_FILE),
            Column("gap", "分差", "Drop", "number", CANDIDATE_FILE),
            Column("relative", "相对分差", "Relative drop", "rate", CANDIDATE_FILE),
            Column("place", "候选序", "Place", "whole", CANDIDATE_FILE),
        ]
    rows: list[list[Any]] = []
    for position, row in enumerate(ordered, 1):
        drop = known.get(position, {})
        found = [None, position, row["score"], text(row["band"]), lower.get(position)]
        if drops:
            found += [drop.get(name) for name in ("band", "gap", "relative_gap", "place")]
        rows.append(found)
    return Table(columns, rows, [row["region_code"] for row in ordered])


def candidates(site: Site, group: Group) -> list[dict[str, Any]]:
    """Of every band the foremost candidates and the one in use."""
    cuts = records(group.cuts)
    last = {(row["band"], text(row.get("last_region_code"))) for row in cuts}
    found = []
    for row in records(site.edition.rows("band_candidates", object_group=group.name)):
        chosen = (row["band"], row["region_code"]) in last
        if row["place"] <= CANDIDATES or chosen:
            found.append(row | {"chosen": chosen})
    return sorted(found, key=lambda row: (row["band"], row["place"]))


def clusters(site: Site, group: Group) -> list[dict[str, Any]]:
    """How well every number of types fits, by method; empty if nothing was typed."""
    rows = site.edition.rows("clusters", object_group=group.name)
    if not len(rows):
        return []
    return [
        {
            "method": word(str(method)),
            "measure": word(text(part["measure"].iloc[0])),
            "rows": records(part.sort_values("clusters")),
        }
        for method, part in rows.groupby("method", sort=True)
    ]


def types(site: Site, group: Group) -> list[dict[str, Any]]:
    """How many regions of which type by every method, with their lowest and highest total."""
    rows = site.edition.rows("region_types", object_group=group.name)
    found = []
    for column, name in (
        ("hierarchical_type", "hierarchical"),
        ("kmeans_type", "kmeans"),
        ("natural_break", "natural_breaks"),
    ):
        if column in rows and rows[column].notna().any():
            parts = rows.dropna(subset=[column]).groupby(column)["score"]
            found.append(
                {
                    "method": word(name),
                    "rows": [
                        {"type": kind, "count": len(part), "low": part.min(), "high": part.max()}
                        for kind, part in parts
                    ],
                }
            )
    return found


def checks(site: Site, group: Group) -> dict[str, Any]:
    """What a report said, beside what was computed."""
    edition = site.edition
    spoken = Spoken(site)
    claims = [
        {
            "row": row,
            "verdict": truth(row["verdict"]),
            "claim": (row["claim"], text(row.get("claim_en")) or row["claim"]),
            "note": halves(text(row.get("note"))),
            "evidence": [spoken.said(one) for one in text(row.get("evidence")).split("; ") if one],
            "condition": spoken.condition(text(row.get("condition"))),
        }
        for row in records(edition.rows("claims"))
    ]
    claims.sort(key=lambda one: VERDICTS.index(one["verdict"]))
    figures: list[dict[str, Any]] = [
        {
            "row": row,
            "verdict": truth(row["verdict"]),
            "name": (row["name"], text(row.get("name_en")) or names.romanised(row["name"])),
            "fact": fact(row),
            "explanation": halves(text(row.get("explanation"))),
            "computed": computed(site, row),
        }
        for row in records(edition.rows("reconciliation"))
    ]
    figures.sort(key=lambda one: VERDICTS.index(one["verdict"]))
    return {
        "claims": claims,
        "claim_counts": counted(claims),
        "figures": figures,
        "figure_counts": counted(figures),
        "contradictions": [one for one in figures if one["verdict"] in ("contradicts", "differs")],
        "printed": any(text(one["row"].get("published_text")) for one in figures),
        "explained": any(one["explanation"][0] for one in figures),
    }


def fact(row: Mapping[str, Any]) -> Pair:
    """By what a published figure is known: its number, or its kind and region."""
    known, kind = text(row["fact"]), text(row.get("figure"))
    if not kind or not known.startswith(f"{kind} "):
        return (known, known)
    zh, en = word(kind)
    rest = known.removeprefix(kind)
    return (f"{zh}{rest}", f"{en}{rest}")


def computed(site: Site, row: Mapping[str, Any]) -> Pair | None:
    """A computed figure as it would be printed; in English without a unit in Chinese."""
    printed = text(row.get("computed_text"))
    if not printed:
        return None
    return (
        printed,
        site.numbers(row["computed"], "figure") if CHINESE.search(printed) else printed,
    )


class Spoken:
    """Figures by which claims are decided, in words: `indicator.statistic kind:name`, and a value
    if one follows."""

    FIGURE = re.compile(r"^(\w*)\.(\w+)(?: (\w+):(.*?))?( = .*)?$", re.DOTALL)
    NAMED = re.compile(r"\[([^\]]*)\]")

    def __init__(self, site: Site) -> None:
        self.site = site
        self.points = {
            row["point_code"]: (row["point_name"], text(row.get("point_name_en")))
            for row in records(site.edition.rows("point_list"))
        }

    def said(self, figure: str) -> Pair:
        """A figure in both languages; what is written otherwise stands as it is."""
        found = self.FIGURE.match(figure)
        if not found:
            english = figure
            for zh_word, en_word in names.WORDS.items():
                english = english.replace(zh_word, en_word)
            return (figure, english)
        code, name, kind, member, value = (part or "" for part in found.groups())
        zh, en = (list[str](), list[str]())
        one = self.site.edition.tree.get(code)
        if code:
            zh.append(one.name if one else code)
            en.append(one.name_en if one else code)
        if member:
            name_zh, name_en = self.points.get(member, (member, names.romanised(member)))
            zh.append(name_zh)
            en.append(name_en or name_zh)
        elif kind in KINDS:
            zh.append(KINDS[kind][0])
            en.append(KINDS[kind][1].lower())
        of_zh, of_en = statistic(name)[0]
        return (" · ".join([*zh, of_zh]) + value, " · ".join([*en, of_en]) + value)

    def condition(self, sql: str) -> Pair:
        """A condition with its figures in words."""
        return (
            self.NAMED.sub(lambda found: f"[{self.said(found[1])[0]}]", sql),
            self.NAMED.sub(lambda found: f"[{self.said(found[1])[1]}]", sql),
        )


def truth(verdict: Any) -> str:
    """A verdict as it is written; tables that hold only true and false read it as such."""
    return str(verdict).lower()


def counted(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many rows have which verdict, what asks for attention first."""
    counts = Counter(one["verdict"] for one in rows)
    return [(verdict, counts[verdict]) for verdict in VERDICTS if verdict in counts]


def statistics(site: Site, group: Group) -> dict[str, Any]:
    """The nation's statistics of all indicators and those of the collection, as data for the
    page's script: a page of all rows would be heavy."""
    tree = site.edition.tree
    places = {code: number for number, code in enumerate(tree)}
    listed: list[list[Any]] = []
    table = site.edition.rows("statistics", object_group=group.name)
    told = ["indicator_code", "statistic", "value", "detail"]
    rows = records(table[table["group_kind"] == NATION].reindex(columns=told))
    rows.sort(
        key=lambda row: (places.get(text(row["indicator_code"]), 0), order_of(row["statistic"]))
    )
    used: dict[str, int] = {}
    details: dict[str, int] = {}
    for row in rows:
        if number(row["value"]) is not None:
            place = used.setdefault(row["statistic"], len(used))
            detail = text(row["detail"])
            listed.append(
                [
                    text(row["indicator_code"]),
                    place,
                    row["value"],
                    details.setdefault(detail, len(details)) if detail else None,
                ]
            )
    return {
        "data": {
            "indicators": {code: [one.name, one.name_en] for code, one in tree.items()},
            "statistics": [[name, *statistic(name)[0], statistic(name)[1]] for name in used],
            "details": [[one, names.romanised(one)] for one in details],
            "rows": listed,
            "decimals": site.edition.decimals,
        },
        "count": len(listed),
        "all": len(table),
        "listed": in_order(site),
        "inline": inline_json,
    }


def record(site: Site, group: Group) -> dict[str, Any]:
    """Where the revision comes from and what it holds."""
    edition = site.edition
    manifest = edition.manifest
    quarantine = records(edition.rows("quarantine"))
    reasons = Counter((row["table"], row["column"], row["reason"]) for row in quarantine)
    tables = {
        name: counts for name, counts in manifest["rows"].items() if isinstance(counts, Mapping)
    }
    agreement = edition.table("assessor_agreement")
    return {
        "tables": tables,
        "published": {
            name: count for name, count in manifest["rows"].items() if name not in tables
        },
        "reasons": [
            (table, column, reason, count)
            for (table, column, reason), count in sorted(
                reasons.items(), key=lambda one: (-one[1], tuple(map(text, one[0])))
            )
        ],
        "quarantine": quarantine[:QUARANTINED],
        "quarantined": len(quarantine),
        "corrections": manifest["corrections"],
        "raw_files": manifest["raw_files"],
        "files": [
            (name, checksum)
            for name, checksum in sorted(manifest["files"].items())
            if not name.startswith("site/")
        ],
        "collection": collected(group),
        "agreement": agreed(site) if agreement is not None and len(agreement) else [],
        "register": {
            name: value for name, value in (manifest.get("register") or {}).items() if value
        },
        "conformance": conformance(manifest),
    }


def collected(group: Group) -> list[dict[str, Any]]:
    """The figures of the collection, each with its change on the edition before."""
    values = {
        name: value for (_, kind, _, name), value in group.statistics.items() if kind == COLLECTION
    }
    return [
        {
            "name": statistic(name)[0],
            "form": statistic(name)[1].replace("number", "figure"),
            "value": value,
            "change": values.get(f"{name}_change"),
        }
        for name, value in sorted(values.items(), key=lambda one: order_of(one[0]))
        if not name.endswith(("_change", "_change_relative"))
    ]


def agreed(site: Site) -> list[dict[str, Any]]:
    """How well assessors agreed, the worst points first."""
    points = {row["point_code"]: row for row in records(site.edition.rows("point_list"))}
    rows = site.edition.rows("assessor_agreement").sort_values(["agreement", "point_code"])
    found = []
    for row in records(rows):
        code = row["point_code"]
        point: Mapping[str, Any] = points.get(code) or {"point_name": code}
        name = text(point["point_name"])
        found.append(row | {"name": (name, text(point.get("point_name_en")) or name)})
    return found


def conformance(manifest: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """What of the published figures was met: by kind of figure, how many got which verdict."""
    found = manifest.get("conformance") or {}
    return [
        (kind, list(counts.items()))
        for kind, counts in found.items()
        if isinstance(counts, Mapping)
    ]
