"""The first page: what was assessed, how, and what came out."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from dagster_project.site import drawing, names
from dagster_project.site.edition import TOTAL, Group, records
from dagster_project.site.figures import Column, Figure, Table, both, spec_of
from dagster_project.site.pages import Page, Site

SECTION = ("index.html", "总览", "Overview")
# The most bars of the distribution, and between how many axes a radar can be read.
BINS = 45
# How high a line of names of cuts is, and how many letters one line can hold.
LABEL, ONE_STOREY = 14, 36
AXES = (3, 16)
# What the lines of the cuts are; on the page of the method stands how each was found.
HOW_CUT = {
    "expert": (
        "虚线为类型下限（含下限），由专家认定；差分法的选择见“方法”页",
        "Dashed lines: lower bounds of the bands, inclusive, as experts chose them; what "
        "differencing alone would choose stands on the page of the method",
    ),
    "otherwise": (
        "虚线为类型下限（含下限），得出方式见“方法”页",
        "Dashed lines: lower bounds of the bands, inclusive; the page of the method says how "
        "they were found",
    ),
}
# A chart as wide as its column.
FIT: Any = {"type": "fit-x", "contains": "padding"}


def pages(site: Site) -> Iterator[Page]:
    """A page a group."""
    for group in site.edition.groups:
        found = [
            distribution(site, group),
            groups(site, group, "province", *of_provinces(group)),
            ratios(site, group),
            radar(site, group),
            tiles(site, group),
        ]
        yield Page(
            place=f"index{group.suffix}.html",
            template="overview.html",
            title=("总览", "Overview"),
            section="overview",
            group=group,
            context={
                "assessed": assessed(site, group),
                "key_figures": key_figures(site, group),
                "figures": {one.name: one for one in found if one},
                "first": records(group.rankings.head(10)),
            },
        )


def of_provinces(group: Group) -> tuple[str, str]:
    """What the means of what lies above the regions are called."""
    if names.province_tiles(set(group.names_of("province"))):
        return "各省平均分", "Mean score by province"
    return "按上级地区的平均分", "Mean score by the area that regions belong to"


def assessed(site: Site, group: Group) -> list[tuple[tuple[str, str], str]]:
    """What was assessed and how: words, and the figure as it is printed."""
    edition = site.edition
    line = edition.manifest.get("register", {})
    points = edition.table("point_list")
    found = [(("评价对象", "Regions assessed"), str(len(group.rankings)))]
    found += [
        ((f"{level} 级指标", f"Level-{level} indicators"), str(len(edition.level(level))))
        for level in range(1, edition.levels + 1)
    ]
    if points is not None and len(points):
        found.append((("评价点位", "Points"), str(len(points))))
    if line.get("rounds"):
        found.append((("采集轮次", "Rounds"), line["rounds"]))
    if line.get("collection_from") and line.get("collection_to"):
        period = f"{line['collection_from']} – {line['collection_to']}"
        found.append((("采集时间", "Collected"), period))
    return found


def key_figures(site: Site, group: Group) -> list[dict[str, Any]]:
    """The figures at the top: words, value as printed and as published, change on the edition
    before."""
    total = site.edition.tree[TOTAL]

    def entry(
        words: tuple[str, str], statistic: str, form: str, change: str = "", signed: str = ""
    ) -> dict[str, Any] | None:
        value = group.statistic(statistic)
        if value is None:
            return None
        moved = group.statistic(change) if change else None
        return {
            "words": words,
            "value": value,
            "text": site.numbers(value, form),
            "change": None if moved is None else site.numbers(moved, signed),
            "indicator": total,
        }

    found = [
        entry(
            ("有得分的地区", "Regions with a score"),
            "count",
            "whole",
            "count_change",
            "signed_whole",
        ),
        entry(("平均分", "Mean score"), "mean", "score", "mean_change", "signed"),
        entry(("中位数", "Median"), "median", "score", "median_change", "signed"),
        entry(("最高分", "Highest score"), "maximum", "score", "maximum_change", "signed"),
        entry(("最低分", "Lowest score"), "minimum", "score", "minimum_change", "signed"),
        entry(
            ("得分率超过 60% 的地区", "Regions above a rate of 60%"),
            "above_60_share",
            "rate",
            "above_60_share_change",
            "points",
        ),
    ]
    return [one for one in found if one]


def distribution(site: Site, group: Group) -> Figure:
    """How many regions have which score, with the cuts between bands."""
    import altair as alt

    rows = group.rankings[group.rankings["score"].notna()]
    cuts = group.cuts
    banded = group.has("band")
    columns = [
        Column("region", "地区", "Region"),
        Column("code", "代码", "Code"),
        Column("score", "得分", "Score", "score"),
        *([Column("band", "类型", "Band")] if banded else []),
    ]
    values = [
        [names_pair(row), row["region_code"], row["score"], *([row["band"]] if banded else [])]
        for row in records(rows)
    ]
    step = grid_of(rows["score"])
    # A bar holds its lower bound; without the extent the last one would hold its upper too.
    extent = [rows["score"].min(), rows["score"].max() + (step or 0)]
    bins = alt.Bin(step=step, extent=extent) if step else alt.Bin(maxbins=BINS)
    base = alt.Chart(alt.NamedData("table"))
    bars = base.mark_bar(binSpacing=1).encode(
        x=alt.X(
            "score:Q",
            bin=bins,
            title=both("得分", "Score"),
            axis=alt.Axis(
                tickCount=10, grid=False, format=".2~f", labelOverlap="greedy", labelSeparation=6
            ),
        ),
        y=alt.Y("count():Q", title=both("地区数", "Regions")),
        tooltip=[
            alt.Tooltip("score:Q", bin=bins, title=both("得分", "Score")),
            alt.Tooltip("count():Q", title=both("地区数", "Regions")),
        ],
    )
    lowest = cuts.drop_duplicates("band") if len(cuts) else cuts
    lines = [
        {"cut": row["band_lower"], "label": f"{row['band']}  {site.numbers(row['band_lower'])}"}
        for row in records(lowest)
        if row["band_lower"] > rows["score"].min()
    ]
    # Long names of neighbours would overlap on a telephone.
    storeys = 2 if sum(len(one["label"]) for one in lines) > ONE_STOREY else 1
    if banded:
        bands = list((cuts if len(cuts) else rows)["band"].dropna().unique())
        bars = bars.encode(
            color=alt.Color(
                "band:N",
                scale=alt.Scale(domain=bands, range=drawing.band_colours(len(bands))),
                title=both("类型", "Band"),
                # Above the chart stand the names of the cuts.
                legend=alt.Legend(offset=10 + LABEL * storeys),
            )
        )
    layers: list[Any] = [bars]
    note = None
    if lines:
        marks = alt.Chart(alt.InlineData(lines))
        layers.append(marks.mark_rule(strokeDash=[4, 3], color="--ink").encode(x="cut:Q"))
        for storey in range(storeys):
            names_of_cuts = alt.Chart(alt.InlineData(lines[storey::storeys])).mark_text(
                align="center", y=-6 - LABEL * storey, baseline="bottom", color="--ink", fontSize=12
            )
            layers.append(names_of_cuts.encode(x="cut:Q", text="label:N"))
        note = HOW_CUT["expert" if "expert" in set(lowest["chosen_by"]) else "otherwise"]
    chart = alt.layer(*layers).properties(width="container", height=300, autosize=FIT)
    return Figure(
        "distribution",
        "总分分布",
        "Distribution of total scores",
        Table(columns, values, list(rows["region_code"])),
        "rankings.csv",
        spec_of(chart),
        note=note,
    )


def grid_of(scores: pd.Series) -> float | None:
    """The step of scores that come in few equal steps, which bars of another width would make a
    comb of; None of others."""
    distinct = sorted(set(scores))
    steps = [after - before for before, after in pairwise(distinct)]
    if not steps:
        return None
    step = min(steps)
    even = all(math.isclose(one / step, round(one / step), abs_tol=1e-6) for one in steps)
    return step if even and sum(steps) / step < BINS else None


def groups(site: Site, group: Group, kind: str, zh: str, en: str) -> Figure | None:
    """Mean scores of the groups of a kind, the highest first; None without such groups."""
    import altair as alt

    found = [
        (
            name,
            mean,
            group.statistic("mean_change", kind=kind, name=name),
            group.statistic("count", kind=kind, name=name),
        )
        for name in group.names_of(kind)
        if name and (mean := group.statistic("mean", kind=kind, name=name)) is not None
    ]
    if len(found) < 2:
        return None
    found.sort(key=lambda row: -row[1])
    changed = any(row[2] is not None for row in found)
    columns = [
        Column("name", "组别", "Group"),
        Column("mean", "平均分", "Mean", "score"),
        *([Column("change", "较上一版", "Change", "signed")] if changed else []),
        Column("count", "地区数", "Regions", "whole"),
    ]
    values = [
        [(row[0], names.romanised(row[0])), row[1], *([row[2]] if changed else []), row[3]]
        for row in found
    ]
    decimals = f".{site.edition.decimals}f"
    base = alt.Chart(alt.NamedData("table")).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        x=alt.X("mean:Q", title=both("平均分", "Mean score"), axis=alt.Axis(tickCount=8)),
        tooltip=[
            alt.Tooltip("name:N", title=both("组别", "Group")),
            alt.Tooltip("mean:Q", title=both("平均分", "Mean"), format=decimals),
            alt.Tooltip("count:Q", title=both("地区数", "Regions")),
        ],
    )
    layers: list[Any] = [base.mark_bar(height=12, color="--accent")]
    mean = group.statistic("mean")
    nation = alt.Chart(alt.InlineData([{"nation": mean}]))
    layers.append(nation.mark_rule(strokeDash=[4, 3], color="--ink").encode(x="nation:Q"))
    chart = alt.layer(*layers).properties(width="container", height=alt.Step(20), autosize=FIT)
    return Figure(
        f"by-{kind.replace('_', '-')}",
        zh,
        en,
        Table(columns, values),
        "statistics.csv",
        spec_of(chart),
        note=(
            f"虚线为全部地区均值 {site.numbers(mean)}",
            f"Dashed line: mean of all regions, {site.numbers(mean)}",
        ),
    )


def ratios(site: Site, group: Group) -> Figure | None:
    """Means of the economic regions as a share of 东部's, in two editions."""
    import altair as alt

    edition = site.edition
    before = group.before
    past = group.past_statistics.get(before, {}) if before else {}
    rows: list[list[Any]] = []
    for one in [edition.tree[TOTAL], *edition.level(1)]:
        for name in group.names_of("economic_region"):
            key = (one.code, "economic_region", name, "share_of_east")
            for year, value in (
                (before, past.get(key)),
                (edition.edition, group.statistics.get(key)),
            ):
                if value is not None and value != 1:
                    rows.append(
                        [(one.name, one.name_en), (name, names.romanised(name)), year, value]
                    )
    if not rows:
        return None
    columns = [
        Column("indicator", "指标", "Indicator"),
        Column("name", "区域", "Region"),
        Column("year", "版次", "Edition"),
        Column("share", "与东部之比", "Share of the East", "rate"),
    ]
    years = sorted({row[2] for row in rows})
    order = list(dict.fromkeys(both(*row[0]) for row in rows))
    chart = (
        alt.Chart(alt.NamedData("table"))
        .mark_bar(size=14)
        .encode(
            x=alt.X("name:N", title=None, sort=None, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("year:N"),
            y=alt.Y(
                "share:Q", axis=alt.Axis(format="%"), title=both("与东部之比", "Share of the East")
            ),
            color=alt.Color(
                "year:N",
                title=both("版次", "Edition"),
                scale=alt.Scale(domain=years, range=["--pale", "--accent"][-len(years) :]),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=both("区域", "Region")),
                alt.Tooltip("year:N", title=both("版次", "Edition")),
                alt.Tooltip("share:Q", format=".2%", title=both("与东部之比", "Share of the East")),
            ],
        )
        .properties(width=210, height=200)
        .facet(facet=alt.Facet("indicator:N", title=None, sort=order), columns=4)
        # A common axis would be drawn below the empty places of the last row, too.
        .resolve_axis(x="independent")
    )
    return Figure(
        "ratios",
        "各区域均值与东部之比",
        "Regional means as a share of the East's",
        Table(columns, rows),
        "statistics.csv",
        spec_of(chart),
        note=("东部为 100%", "The East is 100%"),
    )


def radar(site: Site, group: Group) -> Figure | None:
    """Mean score rates of level 1 and 2, a radar each."""
    edition = site.edition
    before = group.before
    past = group.past_statistics.get(before, {}) if before else {}
    rows = []
    for one in [*edition.level(1), *(edition.level(2) if edition.levels > 1 else [])]:
        rows.append(
            [
                (one.name, one.name_en),
                one.level,
                group.statistic("score_rate", one.code),
                past.get((one.code, "nation", "", "score_rate")),
            ]
        )
    columns = [
        Column("indicator", "指标", "Indicator"),
        Column("level", "层级", "Level", "whole"),
        Column("rate", "平均得分率", "Mean rate", "rate"),
        *([Column("before", f"{before} 年", f"In {before}", "rate")] if past else []),
    ]
    if not past:
        rows = [row[:3] for row in rows]
    drawn = []
    for level in (1, 2):
        axes = edition.level(level)
        if not AXES[0] <= len(axes) <= AXES[1]:
            continue
        now = [group.statistic("score_rate", one.code) for one in axes]
        lines = [(edition.edition, "now", now)]
        if past:
            key = ("nation", "", "score_rate")
            lines.insert(0, (str(before), "before", [past.get((one.code, *key)) for one in axes]))
        label = (f"{level} 级指标", f"Level-{level} indicators")
        named = [(one.name, one.name_en) for one in axes]
        drawn.append(drawing.radar(label, named, lines, site.numbers))
    if not drawn:
        return None
    return Figure(
        "radar",
        "各级指标平均得分率",
        "Mean score rates by level",
        Table(columns, rows),
        "statistics.csv",
        drawing.side_by_side(drawn),
    )


def tiles(site: Site, group: Group) -> Figure | None:
    """A tile a province, if the regions stand in provinces of China."""
    means = {
        name: mean
        for name in group.names_of("province")
        if (mean := group.statistic("mean", kind="province", name=name)) is not None
    }
    laid = names.province_tiles(set(means))
    if not laid:
        return None
    rows = [
        [
            (tile.name, f"{tile.short_en} {tile.name}"),
            tile.code + "0000",
            means[tile.name],
            group.statistic("count", kind="province", name=tile.name),
        ]
        for tile in sorted(laid, key=lambda tile: -means.get(tile.name, 0))
        if tile.name in means
    ]
    columns = [
        Column("province", "省份", "Province"),
        Column("code", "代码", "Code"),
        Column("mean", "平均分", "Mean", "score"),
        Column("count", "地区数", "Regions", "whole"),
    ]
    return Figure(
        "tiles",
        "各省平均分（方格图）",
        "Mean score by province (tiles)",
        Table(columns, rows),
        "statistics.csv",
        drawing.tile_map(laid, means, site.numbers),
        note=(
            "每格代表一个省级行政区，位置示意，不表示边界；空白格不在本次测评范围内",
            "A tile is a province-level division, placed roughly; no borders are meant. Empty "
            "tiles were not assessed",
        ),
    )


def names_pair(row: dict[Any, Any]) -> tuple[str, str]:
    """A region's name in both languages."""
    return (row["region_name"], names.romanised(row["region_name"]))
