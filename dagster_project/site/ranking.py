"""The ranking of all regions: searched, sorted and filtered by the page's script."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dagster_project.site import names
from dagster_project.site.edition import TOTAL, Group, records
from dagster_project.site.pages import Page, Site
from dagster_project.site.words import KINDS, Pair, kind_words

SECTION = ("ranking.html", "排名", "Ranking")
# Columns by which a reader may choose, and what they are called.
FILTERS = {
    "parent_region": KINDS["province"],
    "region_class": KINDS["region_class"],
    "band": KINDS["band"],
    "grade": ("等级", "Grade"),
}


def pages(site: Site) -> Iterator[Page]:
    """A page a group."""
    for group in site.edition.groups:
        yield Page(
            place=f"ranking{group.suffix}.html",
            template="ranking.html",
            title=("排名", "Ranking"),
            section="ranking",
            group=group,
            context={
                "filters": [
                    {"key": name, "words": called(group, name), "values": values(group, name)}
                    for name in FILTERS
                    if group.has(name)
                ],
                "levels": [
                    (level, site.edition.level(level))
                    for level in range(1, site.edition.levels + 1)
                ],
                "first": group.rankings.iloc[0],
                "changed": bool(len(group.changes)),
                "data": data(site, group),
            },
        )


def called(group: Group, column: str) -> Pair:
    """What a column is called in the framework."""
    if column == "parent_region":
        return kind_words("province", values(group, column))
    return FILTERS[column]


def values(group: Group, column: str) -> list[str]:
    """The values of a column: bands and grades in the order of the ranks, others as they come
    in the codes of the regions."""
    rows = group.rankings
    if column not in ("band", "grade"):
        rows = rows.sort_index()
    return [value for value in dict.fromkeys(rows[column]) if isinstance(value, str)]


def data(site: Site, group: Group) -> dict[str, Any]:
    """What the script shows: the indicators as columns, the regions as rows of published
    values (score, rate and rank of every indicator)."""
    edition = site.edition
    columns = [name for name in FILTERS if group.has(name)]
    regions = []
    wide = {name: group.scores[name] for name in ("score", "score_rate", "rank")}
    for row in records(group.rankings):
        code = row["region_code"]
        changed = group.changes.loc[code] if code in group.changes.index else {}
        regions.append(
            {
                "code": code,
                "name": row["region_name"],
                "en": names.romanised(row["region_name"]),
                "find": names.search_text(code, row["region_name"]),
                "place": site.region_place(group, code),
                "rank": row["rank"],
                "score": row["score"],
                "provisional": bool(row["provisional"]),
                "status": row.get("status"),
                "rank_change": changed.get("rank_change"),
                "score_change": changed.get("score_change"),
                "in_parent": row["rank_in_parent"],
                "in_class": row["rank_in_class"],
                "in": [row[name] for name in columns],
            }
        )
    codes = [code for code in edition.tree if code != TOTAL]
    reasons: dict[tuple[str, str], int] = {}
    return {
        "decimals": edition.decimals,
        "columns": columns,
        "called": [called(group, name) for name in columns],
        "indicators": [
            {
                "code": one.code,
                "name": one.name,
                "en": one.name_en,
                "level": one.level,
                "max": one.max_score,
            }
            for one in edition.tree.values()
            if one.code != TOTAL
        ],
        "regions": regions,
        "english": {
            value: names.romanised(value) for name in columns for value in values(group, name)
        },
        # Why there is no score, by indicator and place of the region, as a place in reasons.
        "why": {
            code: {
                place: reasons.setdefault(
                    site.reasons.of_score(group, code, regions[place]["code"]), len(reasons)
                )
                for place, score in enumerate(group.scores["score"][code])
                if pd.isna(score)
            }
            for code in edition.tree
        },
        "reasons": list(reasons),
        "scores": {code: wide["score"][code].tolist() for code in codes},
        "rates": {code: wide["score_rate"][code].tolist() for code in codes},
        "ranks": {code: wide["rank"][code].tolist() for code in codes},
    }
