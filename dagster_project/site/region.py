"""A page a region: its profile, its course, what it lost, and the way down to the raw files."""

import base64
import json
import math
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from dagster_project.explanation.every import Trace
from dagster_project.site import drawing, names
from dagster_project.site.edition import (
    TOTAL,
    Edition,
    Group,
    Indicator,
    halves,
    number,
    records,
    text,
)
from dagster_project.site.figures import Column, Figure, Table, inline_json, said
from dagster_project.site.pages import Page, Site
from dagster_project.site.words import word

SECTION = None
# How many indicators a page names as strengths, and as many as weaknesses.
FOREMOST = 5
TABLE = "indicators"


def pages(site: Site) -> Iterator[Page]:
    """A page a region and group, in the order of the ranks."""
    known = site.reasons.known
    points = known.points
    for group in site.edition.groups:
        compared = Compared(group)
        for row in records(group.rankings):
            code = row["region_code"]
            trace = site.reasons.traces[group.name, code]
            lines = lines_of(site, compared, row, trace)
            found = [profile(site, row, lines), strengths(site, lines), course(site, compared, row)]
            name, english = row["region_name"], names.romanised(row["region_name"])
            yield Page(
                place=site.region_place(group, code),
                template="region.html",
                title=(name, english),
                section="ranking",
                group=group,
                region=f"{name} {code}",
                context={
                    "row": row,
                    "lines": lines,
                    "rows": rows(site, compared, lines),
                    "losses": losses(lines),
                    "shown": compared.shown(row),
                    "figures": {one.name: one for one in found if one},
                    "ranked": len(compared.totals),
                    "of": {
                        "parent": compared.counts["parent_region"].get(row["parent_region"]),
                        "class": compared.counts["region_class"].get(row["region_class"]),
                    },
                    "change": change(group, code),
                    "trace": packed(site.edition, points, trace, known.readings.get(code, "{}")),
                },
            )


def scripts(site: Site) -> Iterator[tuple[str, str]]:
    """What all traces share, once."""
    shared = site.reasons.known.shared
    for point in shared["points"]:
        point["unit"] = word(point["unit"])
        point["looked_for"] = [text(said) for said in point["looked_for"]]
    yield "assets/trace.js", f"window.GOVINDEX_TRACE={inline_json(shared)};\n"


def packed(edition: Edition, points: Sequence[str], trace: Trace, readings: str) -> str:
    """A trace as compressed JSON in letters, because it is hundreds of rows long. points: codes
    in the order in which all traces name them. readings: of the region, JSON."""
    content = json.dumps(
        {
            # What a child brings follows from these; most often as the tree has it.
            "shares": {
                code: share
                for code, (share, _) in trace.edges.items()
                if share is None or not math.isclose(share, edition.tree[code].weight_share)
            },
            "points": [trace.points.get(code) for code in points],
            "quarantined": [
                (*place, halves(why), point) for *place, why, point in trace.quarantined
            ],
            "excluded": trace.excluded,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    whole = f'{content[:-1]},"readings":{readings}}}'
    return base64.b64encode(zlib.compress(whole.encode(), level=9)).decode()


class Compared:
    """What the regions of a group are compared with."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self._heads: dict[str, str] = {}
        self.totals = sorted(group.rankings["score"].dropna())
        self.counts = {
            name: group.rankings[name].value_counts().to_dict()
            for name in ("parent_region", "region_class")
        }
        self.values = {
            name: {code: column.to_dict() for code, column in wide.items()}
            for name, wide in group.scores.items()
        }

        self.past = {
            year: {
                (row["region_code"], row["indicator_code"]): {
                    name: number(row[name]) for name in ("score", "score_rate", "rank")
                }
                for row in records(rows.reset_index())
            }
            for year, rows in group.past.items()
        }

    def head(self, site: Site, one: Indicator) -> str:
        """How the row of an indicator begins, on the page of a region."""
        if one.code not in self._heads:
            place = f"../{site.indicator_place(self.group, one.code)}"
            self._heads[one.code] = Markup(
                '<tr data-i="{}" class="l{}"><th scope="row"><a href="{}">{}</a>'
            ).format(one.code, one.level, place, one.name)
        return self._heads[one.code]

    def shown(self, row: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
        """With whose means a region is compared: key, kind, name, words."""
        kinds = [("nation", "nation", ""), ("parent", "province", text(row["parent_region"]))]
        kinds.append(("class", "region_class", text(row["region_class"])))
        return [
            (key, kind, name, name)
            for key, kind, name in kinds
            if self.group.statistic("score_rate", kind=kind, name=name) is not None
        ]

    def rank_with(self, score: float, without: float) -> int:
        """The rank of a region if its score were another one, and all others' as they are."""
        return len(self.totals) - bisect_right(self.totals, score) + 1 - int(without > score)


@dataclass(frozen=True)
class Line:
    """An indicator of a region. means: rates by whom it is compared with. worth: how many
    points of the total it may bring, brings: how many it does; both on the scale of the total
    and None where nothing was scored. rank_if_full: the rank with nothing lost here."""

    indicator: Indicator
    score: float | None
    rate: float | None
    rank: float | None
    status: str
    collected: float | None
    means: dict[str, float | None]
    before: float | None
    share: float | None
    worth: float | None
    rank_if_full: int | None
    why: tuple[str, str] | None

    @property
    def lost(self) -> float | None:
        if self.worth is None or self.rate is None:
            return None
        return float(f"{self.worth * (1 - self.rate):.12g}")

    @property
    def ahead(self) -> float | None:
        nation = self.means.get("nation")
        if self.rate is None or nation is None:
            return None
        return float(f"{self.rate - nation:.12g}")


def lines_of(site: Site, compared: Compared, row: Mapping[str, Any], trace: Trace) -> list[Line]:
    """A line an indicator, each with its parts right below it."""
    edition, group, code = site.edition, compared.group, row["region_code"]
    shown = compared.shown(row)
    past = compared.past.get(group.before or "", {})
    full = edition.tree[TOTAL].max_score
    share = {TOTAL: 1.0}
    found = []
    for one in edition.unfolded:
        values = {name: wide[one.code].get(code) for name, wide in compared.values.items()}
        rate, score = number(values["score_rate"]), number(values["score"])
        effective = trace.edges.get(one.code, (None, None))[0]
        if one.parent and effective is not None and one.parent in share:
            share[one.code] = share[one.parent] * effective
        worth = share[one.code] * full if one.code in share else None
        leaf = not one.children
        total = number(row["score"])
        rank = None
        if leaf and worth is not None and rate is not None and total is not None:
            rank = compared.rank_with(total + worth * (1 - rate), total)
        found.append(
            Line(
                indicator=one,
                score=score,
                rate=rate,
                rank=number(values["rank"]),
                status=text(values["status"]),
                collected=number(values["collected_share"]),
                means={
                    key: group.statistic("score_rate", one.code, kind, name)
                    for key, kind, name, _ in shown
                },
                before=past.get((code, one.code), {}).get("score_rate"),
                share=effective,
                worth=worth if leaf else None,
                rank_if_full=rank,
                why=site.reasons.of_score(group, one.code, code) if score is None else None,
            )
        )
    return found


def rows(site: Site, compared: Compared, lines: list[Line]) -> Markup:
    """The rows of the table of all indicators. Row by row in Python, because there are tens of
    thousands; without end tags, which HTML allows."""
    numbers, before = site.numbers, compared.group.before
    found: list[str] = []
    for one in lines:
        found.append(compared.head(site, one.indicator))
        if one.why:
            found.append(f' <small class="why">{said(*one.why)}</small>')
        elif one.status == "provisional":
            found.append(f' <small class="why">{said("暂定", "provisional")}</small>')
        found += [
            numbers.cell(one.score),
            numbers.cell(one.indicator.max_score),
            numbers.cell(one.rate, "rate"),
            *(numbers.cell(mean, "rate") for mean in one.means.values()),
            numbers.cell(one.rank, "whole"),
        ]
        if before:
            found.append(
                f"<td{untold(before)}>—"
                if one.before is None
                else f"<td>{numbers(one.before, 'rate')}"
            )
        found.append("<td>" if one.indicator.children else f"<td>{numbers(one.lost)}")
    return Markup("".join(found))


def untold(edition: str) -> str:
    """Why there is no value of an earlier edition, as attributes of a cell."""
    zh, en = f"{edition} 年没有它的得分", f"no score of it in {edition}"
    return f' title="{escape(zh)}" data-en-title="{escape(en)}"'


def change(group: Group, code: str) -> dict[str, float | None]:
    """Change on the edition before; empty without one."""
    if code not in group.changes.index:
        return {}
    row = group.changes.loc[code]
    return {name: number(row.get(name)) for name in ("rank_change", "score_change")}


def profile(site: Site, row: Mapping[str, Any], lines: list[Line]) -> Figure | None:
    """Rates of the upper levels beside the means."""
    deepest = 2 if site.edition.levels > 2 else 1
    shown = [one for one in lines if 0 < one.indicator.level <= deepest]
    if not any(one.rate is not None for one in shown):
        return None
    keys = list(shown[0].means)
    words = {
        "nation": ("全部地区均值", "All regions"),
        "parent": (
            f"{row['parent_region']}均值",
            f"Mean of {names.romanised(text(row['parent_region']))}",
        ),
        "class": (
            f"{row['region_class']}均值",
            f"Mean of {names.romanised(text(row['region_class']))}",
        ),
    }
    return Figure(
        "profile",
        "与各类均值比较",
        "Beside the means",
        None,
        "indicator_scores.csv",
        drawing.profile(
            [
                (
                    one.indicator,
                    one.indicator.level,
                    one.rate,
                    [one.means[key] for key in keys],
                )
                for one in shown
            ],
            (row["region_name"], names.romanised(row["region_name"])),
            [(key, words[key]) for key in keys],
            site.numbers,
        ),
        note=("得分率，0–100%", "Score rates, 0–100%"),
        table_of=TABLE,
        table_columns=("indicator", "rate", *keys),
    )


def strengths(site: Site, lines: list[Line]) -> Figure | None:
    """Where a region is furthest ahead of the mean and furthest behind, of the lowest level."""
    leaves = [one for one in lines if not one.indicator.children and one.ahead is not None]
    leaves.sort(key=lambda one: -(one.ahead or 0))
    ahead = [one for one in leaves[:FOREMOST] if (one.ahead or 0) > 0]
    behind = [one for one in leaves[-FOREMOST:] if (one.ahead or 0) < 0 and one not in ahead]
    shown = [*ahead, *behind]
    if not shown:
        return None
    none = ("", "")
    if not behind:
        none = ("；没有一项低于均值", "; none is below it")
    elif not ahead:
        none = ("；没有一项高于均值", "; none is above it")
    columns = [
        Column("indicator", "指标", "Indicator"),
        Column("rate", "得分率", "Rate", "rate"),
        Column("nation", "全部地区均值", "Mean of all regions", "rate", "statistics.csv"),
        Column("ahead", "差（百分点）", "Difference in points", "points"),
    ]
    return Figure(
        "strengths",
        "强项与弱项",
        "Strengths and weaknesses",
        Table(
            columns,
            [[None, one.rate, one.means["nation"], one.ahead] for one in shown],
            [one.indicator.code for one in shown],
            "i",
        ),
        "indicator_scores.csv",
        drawing.diverging([(one.indicator, one.ahead or 0.0) for one in shown], site.numbers),
        note=(
            f"得分率与全部地区均值之差最大的指标，百分点{none[0]}",
            f"Indicators furthest from the mean of all regions, in points of the rate{none[1]}",
        ),
    )


def losses(lines: list[Line]) -> list[Line]:
    """Indicators of the lowest level by what was lost in them, the most first."""
    found = [one for one in lines if one.lost and one.lost > 0]
    return sorted(found, key=lambda one: -(one.lost or 0))


def course(site: Site, compared: Compared, row: Mapping[str, Any]) -> Figure | None:
    """Rates of the total and the first level over the editions, and the ranks."""
    edition, code = site.edition, row["region_code"]
    shown = [edition.tree[TOTAL], *edition.level(1)]
    rows: list[list[Any]] = []
    for year, past in compared.past.items():
        total = past.get((code, TOTAL))
        if total:
            rates = [past.get((code, one.code), {}).get("score_rate") for one in shown]
            rows.append([year, total["score"], total["rank"], *rates])
    if not rows:
        return None
    now = [compared.values["score_rate"][one.code].get(code) for one in shown]
    rows.append([edition.edition, row["score"], row["rank"], *now])
    columns = [
        Column("edition", "版次", "Edition"),
        Column("score", "得分", "Score", "score"),
        Column("rank", "排名", "Rank", "whole"),
        *(Column(one.code, f"{one.name}得分率", f"Rate: {one.name_en}", "rate") for one in shown),
    ]
    lines = [
        (
            (one.name, one.name_en) if one.level else ("总分", "Total"),
            [number(line[3 + place]) for line in rows],
        )
        for place, one in enumerate(shown)
    ]
    return Figure(
        "course",
        "历年",
        "Over the editions",
        Table(columns, rows, sources=["history.parquet"] * (len(rows) - 1)),
        "indicator_scores.csv",
        drawing.course(
            [line[0] for line in rows], [number(line[2]) for line in rows], lines, site.numbers
        ),
        note=("得分率；括号内为总排名", "Score rates; ranks in brackets"),
    )
