"""The published tables as an analyst reads them in a workbook: without the columns that say the
same in every row, but for the revision, and the long table of statistics spread out."""

import re

import pandas as pd

from dagster_project.publication.headings import COLUMNS, SHEETS, STATISTICS, statistic_name

# The first sheet says them of the whole workbook.
OF_EDITION = ("framework", "edition")
# Ordinary values, which need no column.
ORDINARY = {"synthetic": False, "conforms": True}
LISTED = re.compile(r"(top|bottom|largest_.*|smallest_.*)_\d+|(largest|smallest)_province_mean")
INDICATOR = ["object_group", "indicator_code", "indicator_name", "level"]
NAMED = ["statistic_name", "statistic"]
CHANGE = "_change|_change_relative|gain_over_1_count|from_zero_count|beta|beta_r2"
BESIDE = {"_change_relative": "change_relative", "_change": "change"}
# What a reader of a reconciliation or of claims looks at first.
FIRST = {
    "reconciliation": [
        "fact",
        "item",
        "name",
        "published_text",
        "computed_text",
        "verdict",
        "explanation",
    ],
    "claims": ["fact", "item", "claim", "verdict", "evidence", "note"],
}
GROUP = [*INDICATOR, "group_kind", "group_name"]
# As reports list them; other groups stand as in the table.
ECONOMIC_REGIONS = ("东部", "中部", "西部", "东北")
SIGNS = {"+": 0, "-": 2}


def sheets(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables by the name of their sheet, in the order of the sheets."""
    spread: dict[str, pd.DataFrame] = {}
    for name, rows in tables.items():
        if name == "statistics":
            spread |= _statistics(_in_tree_order(rows, tables.get("indicator_tree")))
        else:
            spread[name] = rows
    shown = {name: spread[name] for name in [*SHEETS, *spread] if name in spread}
    return {
        name: _in_order(name, rows).drop(
            columns=[column for column in rows if _needless(rows, str(column))]
        )
        for name, rows in shown.items()
    }


def _in_order(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    first = [column for column in FIRST.get(name, []) if column in rows]
    return rows[[*first, *(column for column in rows if column not in first)]]


def _needless(rows: pd.DataFrame, column: str) -> bool:
    if column == "object_group":
        return bool((rows[column] == "all").all())
    ordinary = column in ORDINARY and bool((rows[column] == ORDINARY[column]).all())
    return column in OF_EDITION or ordinary


def _in_tree_order(rows: pd.DataFrame, tree: pd.DataFrame | None) -> pd.DataFrame:
    """Statistics with the place of their indicator in the tree; by level and code without one."""
    listed = rows.sort_values(["level", "indicator_code"]) if tree is None else tree
    places = {code: place for place, code in enumerate(listed["indicator_code"].unique(), 1)}
    placed = rows.assign(tree=rows["indicator_code"].map(places).fillna(0))
    return placed.sort_values(["object_group", "tree"], kind="stable", ignore_index=True)


def _statistics(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The long table as the sheets of the nation, the groups, their changes, who is first and
    last, the regions' changes, and the collection."""
    marks = [name for name in ("revision", "synthetic", "conforms") if name in rows]
    kind = rows["group_kind"]
    listed = rows["statistic"].str.fullmatch(LISTED)
    change = rows["statistic"].str.fullmatch(rf"(.*({CHANGE}))")
    collection = kind.isin(["collection", "cleaning", "point"])
    nation = (kind == "nation") & ~listed
    regions = kind == "region"
    groups = ~(collection | nation | regions | listed)
    found = {
        "national_statistics": _wide(rows[nation & ~change], INDICATOR),
        "national_changes": _wide(rows[nation & change], INDICATOR),
        "group_statistics": _by_group(_wide(rows[groups & ~change], GROUP)),
        "group_changes": _by_group(_wide(rows[groups & change], GROUP)),
        "extremes": _named(rows[listed])[[*INDICATOR, *NAMED, "value", "detail"]],
        "region_changes": _wide(rows[regions], ["object_group", "group_name"]).rename(
            columns={"group_name": "region_code"}
        ),
        "collection_statistics": _named(_with_changes(rows[collection]))[
            [*INDICATOR, "group_name", *NAMED, "value", "change", "change_relative", "detail"]
        ].rename(columns={"group_name": "point_or_reason"}),
    }
    names = rows[regions & (rows["statistic"] == "rank_change")]
    found["region_changes"].insert(
        2,
        "region_name",
        found["region_changes"]["region_code"].map(
            dict(zip(names["group_name"], names["detail"], strict=True))
        ),
    )
    return {
        name: one.assign(**{mark: rows[mark].iloc[0] for mark in marks})
        for name, one in found.items()
        if len(one)
    }


def _by_group(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of an indicator with the economic regions in their usual order, A+ before A."""
    places = [_place(*one) for one in zip(rows["group_kind"], rows["group_name"], strict=True)]
    order = rows.assign(
        of_kind=rows.groupby([*INDICATOR, "group_kind"], sort=False, dropna=False).ngroup(),
        place=places,
    )
    return order.sort_values(["of_kind", "place"], kind="stable", ignore_index=True).drop(
        columns=["of_kind", "place"]
    )


def _place(kind: str, name: str) -> str:
    if kind == "economic_region" and name in ECONOMIC_REGIONS:
        return str(ECONOMIC_REGIONS.index(name))
    if kind == "grade":
        return f"{name.rstrip('+-')}{SIGNS.get(name[-1], 1)}"
    return ""


def _with_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Statistics with their changes beside them instead of in rows of their own."""
    keys = [*GROUP, "statistic"]
    left, beside = rows, []
    for suffix, column in BESIDE.items():
        of_change = left["statistic"].str.endswith(suffix)
        part = left[of_change]
        part = part.assign(statistic=part["statistic"].str.removesuffix(suffix))
        beside.append(part.rename(columns={"value": column})[[*keys, column]])
        left = left[~of_change]
    for part in beside:
        left = left.merge(part, "left", on=keys)
    return left


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Statistics with their Chinese names beside them, in the order of those; the first of a
    list before the tenth."""
    places = rows["statistic"].str.extract(r"_(\d+)$")[0].fillna("")
    patterns = rows["statistic"].str.replace(r"\d+$", "#", regex=True)
    names = [
        statistic_name(pattern).replace("#", place)
        for pattern, place in zip(patterns, places, strict=True)
    ]
    known = {name: number for number, name in enumerate(STATISTICS)}
    order = rows.assign(
        statistic_name=names,
        pattern=patterns.map(known).fillna(len(known)),
        place=pd.to_numeric(places).fillna(0),
    )
    keys = ["object_group", "tree", "group_name", "pattern", "place"]
    whole = order.sort_values(keys, kind="stable", na_position="first")
    return whole.drop(columns=["pattern", "place"])


def _wide(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """A row each of the keys, a column each statistic, in the order of the headings."""
    wide = rows.set_index([*keys, "statistic"])["value"].unstack("statistic", sort=False)
    places = {name: place for place, name in enumerate(COLUMNS)}

    def place(column: object) -> tuple[int, str]:
        name = str(column)
        known = name if name in places else name.removesuffix("_relative").removesuffix("_change")
        return places.get(known, len(places)), name

    return wide[sorted(wide.columns, key=place)].reset_index()
