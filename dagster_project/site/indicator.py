"""The indicators: all of them as a list, and a page each with what it measures, how, and what
came out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from dagster_project.publication.headings import basis
from dagster_project.site import names, plots
from dagster_project.site.edition import TOTAL, Group, Indicator, records, text
from dagster_project.site.figures import Column, Figure, Table
from dagster_project.site.pages import Page, Site
from dagster_project.site.words import TAGS, Pair, kind_words, word

SECTION = ("indicators.html", "指标", "Indicators")
# How many regions stand in the lists of best and worst, and of those without a score.
EXTREMES = 10
NAMED = 40
TAGGED = ("role", "kind", "nature", "provenance")
# Groups by whose means an indicator is shown, the largest first.
GROUPED = ("province", "economic_region", "region_class", "band")


def pages(site: Site) -> Iterator[Page]:
    """The list and the pages of every group."""
    collected = Collected(site)
    for group in site.edition.groups:
        yield Page(
            place=f"indicators{group.suffix}.html",
            template="indicators.html",
            title=("指标", "Indicators"),
            section="indicator",
            group=group,
            context={
                "lines": [line(site, group, one) for one in in_order(site)],
                "changed": group.statistic("score_rate_change") is not None,
                "tagged": [
                    name
                    for name in ("kind", "nature", "role", "provenance")
                    if len({text(one.row.get(name)) for one in site.edition.tree.values()} - {""})
                    > 1
                ],
                "tag": tag,
            },
        )
        for one in site.edition.tree.values():
            yield page(site, group, one, collected)


def in_order(site: Site) -> list[Indicator]:
    """The indicators, every one followed by its children."""
    tree = site.edition.tree

    def below(code: str) -> Iterator[Indicator]:
        yield tree[code]
        for child in tree[code].children:
            yield from below(child)

    return list(below(TOTAL))


def tag(one: Indicator, name: str) -> Pair | None:
    """What a property of an indicator says in words; None if it says nothing."""
    value = text(one.row.get(name))
    if name == "provenance":
        return basis(value) if value else None
    if name == "role" and value == "observed" and not one.weight_share:
        value = "left out"
    return TAGS[name].get(value, (value, value)) if value else None


def line(site: Site, group: Group, one: Indicator) -> dict[str, Any]:
    """An indicator with its national figures."""
    return {
        "indicator": one,
        "mean": group.statistic("mean", one.code),
        "rate": group.statistic("score_rate", one.code),
        "change": group.statistic("score_rate_change", one.code),
    }


def page(site: Site, group: Group, one: Indicator, collected: "Collected") -> Page:
    """The page of an indicator in a group."""
    edition = site.edition
    regions = regions_of(group, one)
    scored = regions[regions["score"].notna()]
    tree = edition.tree
    above: list[Indicator] = []
    parent = one.parent
    while parent:
        above.insert(0, tree[parent])
        parent = tree[parent].parent
    formula = records(edition.rows("formulas", indicator_code=one.code))
    figures = [
        distribution(site, group, one, regions, scored),
        course(site, group, one),
        *(
            by_group(site, group, one, kind, names_of)
            for kind, names_of in collected.names_of(group).items()
        ),
    ]
    return Page(
        place=site.indicator_place(group, one.code),
        template="indicator.html",
        title=(one.name, one.name_en),
        section="indicator",
        group=group,
        indicator=one.code,
        context={
            "one": one,
            "above": above,
            "tags": [found for name in TAGGED if (found := tag(one, name))],
            "keys": keys(site, group, one),
            "formula": formula[0] if formula else None,
            "sql": edition.sql(one.code),
            "children": [line(site, group, tree[code]) for code in one.children],
            "points": collected.points(group, one.code),
            "point_columns": collected.columns,
            "figures": {figure.name: figure for figure in figures if figure},
            "best": records(scored.head(EXTREMES)),
            "worst": records(scored.tail(EXTREMES).iloc[::-1]) if len(scored) > EXTREMES else [],
            "missing": missing(regions, site.reasons.of_points(group, one.code)),
            "word": word,
            "most": max((tree[code].max_score for code in one.children), default=0),
        },
    )


def regions_of(group: Group, one: Indicator) -> pd.DataFrame:
    """The regions in the order of their ranks on an indicator: those without a score last."""
    wide = {name: values[one.code] for name, values in group.scores.items()}
    frame = (
        pd.DataFrame(wide)
        .assign(
            region_name=group.rankings["region_name"],
            parent_region=group.rankings["parent_region"],
            region_code=group.rankings.index,
        )
        .reset_index(drop=True)
    )
    frame["rank"] = pd.to_numeric(frame["rank"], errors="coerce")
    return frame.sort_values(["rank", "region_code"], na_position="last")


def keys(site: Site, group: Group, one: Indicator) -> list[dict[str, Any]]:
    """The figures at the top: words, value, format, file, change."""
    found: list[dict[str, Any]] = []

    def entry(zh: str, en: str, name: str, form: str = "score", change: str = "") -> None:
        value = group.statistic(name, one.code)
        if value is None:
            return
        moved = group.statistic(change, one.code) if change else None
        found.append(
            {
                "words": (zh, en),
                "value": value,
                "form": form,
                "change": moved,
                "change_form": "points" if form == "rate" else "signed",
            }
        )

    entry("平均得分率", "Mean score rate", "score_rate", "rate", "score_rate_change")
    entry("平均分", "Mean score", "mean", "score", "mean_change")
    entry("中位数", "Median", "median")
    entry("最高", "Highest", "maximum")
    entry("最低", "Lowest", "minimum")
    entry("标准差", "Standard deviation", "std")
    entry("零分的地区", "Regions at zero", "zero_count", "whole")
    return found


def distribution(
    site: Site, group: Group, one: Indicator, regions: pd.DataFrame, scored: pd.DataFrame
) -> Figure | None:
    """How many regions have which score; its table holds all regions."""
    if not len(scored):
        return None
    columns = [
        Column("region", "地区", "Region"),
        Column("rank", "排名", "Rank", "whole"),
        Column("score", "得分", "Score", "score"),
        Column("rate", "得分率", "Score rate", "rate"),
    ]
    rows = [
        [
            (row["region_name"], names.romanised(row["region_name"])),
            row["rank"],
            row["score"],
            row["score_rate"],
        ]
        for row in records(regions)
    ]
    mean = group.statistic("mean", one.code)
    return Figure(
        "distribution",
        "得分分布",
        "Distribution of scores",
        Table(columns, rows, list(regions["region_code"])),
        "indicator_scores.csv",
        plots.histogram(list(scored["score"]), one.max_score, mean, site.numbers),
    )


def course(site: Site, group: Group, one: Indicator) -> Figure | None:
    """The nation's figures by edition; None if the revision holds one edition alone."""
    rows = []
    for edition in site.edition.editions:
        past = group.past_statistics.get(edition, {})
        key = (one.code, "nation", "")

        def of(
            name: str, past: Mapping[Any, float] = past, key: Any = key, edition: str = edition
        ) -> float | None:
            if edition == site.edition.edition:
                return group.statistic(name, one.code)
            return past.get((*key, name))

        if of("score_rate") is not None:
            rows.append(
                [
                    edition,
                    of("score_rate"),
                    of("mean"),
                    of("median"),
                    of("std"),
                    of("count"),
                ]
            )
    if len(rows) < 2:
        return None
    columns = [
        Column("edition", "版次", "Edition"),
        Column("rate", "平均得分率", "Mean rate", "rate"),
        Column("mean", "平均分", "Mean", "score"),
        Column("median", "中位数", "Median", "score"),
        Column("std", "标准差", "Std", "score"),
        Column("count", "地区数", "Regions", "whole"),
    ]
    points = [(str(row[0]), float(row[1])) for row in rows if isinstance(row[1], float)]
    earlier = [row for row in rows if row[0] != site.edition.edition]
    return Figure(
        "course",
        "历年平均得分率",
        "Mean score rate by edition",
        Table(columns, rows, sources=["history_statistics.parquet"] * len(earlier)),
        "statistics.csv",
        plots.over_editions(points, site.numbers),
        note=(
            "得分率可跨年比较；权重、点位如有变动，见各版次的指标表",
            "Rates compare across years; weights and points may have changed, see the tables "
            "of each edition",
        ),
    )


def by_group(
    site: Site, group: Group, one: Indicator, kind: str, found: list[str]
) -> Figure | None:
    """Mean scores of the groups of a kind, the highest first; None with fewer than two."""
    rows = []
    for name in found:
        mean = group.statistic("mean", one.code, kind, name)
        if name and mean is not None:
            rows.append(
                [
                    (name, names.romanised(name)),
                    mean,
                    group.statistic("score_rate", one.code, kind, name),
                    group.statistic("mean_change", one.code, kind, name),
                    group.statistic("count", one.code, kind, name),
                ]
            )
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: -row[1])  # type: ignore[operator]
    columns = [
        Column("name", *kind_words(kind, found)),
        Column("mean", "平均分", "Mean", "score"),
        Column("rate", "平均得分率", "Mean rate", "rate"),
        Column("change", "均值较上一版", "Change of the mean", "signed"),
        Column("count", "地区数", "Regions", "whole"),
    ]
    if all(row[3] is None for row in rows):
        columns.pop(3)
        rows = [[*row[:3], row[4]] for row in rows]
    zh, en = kind_words(kind, found)
    drawn = [((str(row[0][0]), str(row[0][1])), float(row[1])) for row in rows]  # type: ignore[index, arg-type]
    if kind == "province" and names.province_tiles({zh for (zh, _), _ in drawn}):
        short = {tile.name: (tile.short, tile.short_en) for tile in names.tiles()}
        drawn = [(short.get(pair[0], pair), value) for pair, value in drawn]
    return Figure(
        f"by-{kind.replace('_', '-')}",
        f"按{zh}的平均分",
        f"Mean score by {en.lower()}",
        Table(columns, rows),
        "statistics.csv",
        plots.bars(
            drawn,
            max(max(value for _, value in drawn), one.max_score * 0.02),
            group.statistic("mean", one.code),
            site.numbers,
            "score",
        ),
    )


def missing(regions: pd.DataFrame, whys: Mapping[str, list[tuple[Pair, int]]]) -> dict[str, Any]:
    """What was not collected: statuses, regions without a full collection, and why."""
    counts = Counter(text(status) for status in regions["status"])
    lacking = regions[(regions["status"] != "scored") | (regions["collected_share"] < 1)]
    lacking = lacking.sort_values(["collected_share", "region_code"])
    return {
        "counts": [(status, counts[status]) for status in ("scored", "provisional", "missing")],
        "rows": [
            row | {"whys": whys.get(row["region_code"], [])} for row in records(lacking.head(NAMED))
        ],
        "all": len(lacking),
    }


class Collected:
    """What of the points was collected, and why the rest was not."""

    # Columns of the list of points that a page shows if any point fills them.
    SHOWN: tuple[tuple[str, Pair], ...] = (
        ("looked_for", ("查什么", "What is looked for")),
        ("point_type", ("类型", "Type")),
        ("unit", ("单位", "Unit")),
        ("method", ("采集", "Method")),
        ("channel", ("渠道", "Channel")),
        ("provenance", ("依据", "Basis")),
    )

    def __init__(self, site: Site) -> None:
        self.site = site
        self.list = [
            {name: None if text(cell) == "" else cell for name, cell in row.items()}
            for row in records(site.edition.rows("point_list"))
        ]
        self._names: dict[str, dict[str, list[str]]] = {}

    def names_of(self, group: Group) -> dict[str, list[str]]:
        """The names of the groups of every kind that is shown."""
        if group.name not in self._names:
            self._names[group.name] = {kind: group.names_of(kind) for kind in GROUPED}
        return self._names[group.name]

    @cached_property
    def columns(self) -> list[tuple[str, Pair]]:
        """The columns that any point fills."""
        return [
            (name, words)
            for name, words in self.SHOWN
            if any(text(row.get(name)) for row in self.list)
        ]

    @cached_property
    def statuses(self) -> dict[str, Counter[str]]:
        """How many regions have which status, by point."""
        table = self.site.edition.table("points")
        if table is None:
            return {}
        found: dict[str, Counter[str]] = {}
        counts = table.groupby(["point_code", "status"]).size()
        for row in records(counts.reset_index(name="count")):
            found.setdefault(row["point_code"], Counter())[row["status"]] = row["count"]
        return found

    def points(self, group: Group, code: str) -> list[dict[str, Any]]:
        """The points of an indicator with how often each was found."""
        wanted = set(self.site.reasons.points_of.get(code, []))
        return [
            row
            | {
                "found_share": group.statistic("found_share", code, "point", row["point_code"]),
                "statuses": self.statuses.get(row["point_code"], Counter()),
            }
            for row in self.list
            if row["point_code"] in wanted
        ]
