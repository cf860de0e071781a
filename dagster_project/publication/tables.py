"""The published tables of an edition, read from the warehouse in the columns and the order
that others rely on."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd

# Columns that others rely on, in this order; revision, synthetic and conforms follow.
COLUMNS = {
    "indicator_scores": [
        "framework",
        "edition",
        "object_group",
        "region_code",
        "region_name",
        "indicator_code",
        "indicator_name",
        "level",
        "parent_code",
        "score_rate",
        "max_score",
        "score",
        "rank",
        "status",
        "collected_share",
    ],
    "rankings": [
        "framework",
        "edition",
        "object_group",
        "region_code",
        "region_name",
        "parent_region",
        "region_class",
        "score",
        "rank",
        "rank_in_parent",
        "rank_in_class",
        "band",
        "grade",
        "provisional",
    ],
    "indicator_tree": [
        "framework",
        "edition",
        "indicator_code",
        "indicator_name",
        "level",
        "parent_code",
        "weight",
        "weight_share",
        "max_score",
        "role",
        "kind",
        "provenance",
    ],
    "points": [
        "framework",
        "edition",
        "region_code",
        "point_code",
        "indicator_code",
        "value",
        "status",
        "rounds",
        "assessors",
        "raw_file",
        "sheet",
        "row",
    ],
    "reconciliation": ["fact", "name", "published", "computed", "difference", "verdict"],
    "claims": ["framework", "edition", "fact", "claim", "claim_en", "verdict", "evidence"],
    "framework_break": [
        "framework",
        "edition",
        "predecessor",
        "predecessor_edition",
        "compared",
        "indicator_code",
        "indicator_name",
        "predecessor_code",
        "predecessor_name",
        "predecessor_score_rate",
        "score_rate",
        "score_rate_change",
        "why",
        "why_en",
        "provenance",
    ],
    "statistics": [
        "framework",
        "edition",
        "object_group",
        "indicator_code",
        "indicator_name",
        "level",
        "statistic",
        "group_kind",
        "group_name",
        "value",
        "detail",
    ],
    "region_types": [
        "framework",
        "edition",
        "object_group",
        "region_code",
        "region_name",
        "score",
        "rank",
        "band",
        "kmeans_type",
        "hierarchical_type",
        "natural_break",
        "natural_break_lower",
    ],
    "clusters": [
        "framework",
        "edition",
        "object_group",
        "method",
        "clusters",
        "measure",
        "quality",
        "chosen",
    ],
    "grade_cuts": [
        "framework",
        "edition",
        "object_group",
        "grade",
        "band",
        "lower",
        "lower_printed",
        "band_lower",
        "band_highest",
        "band_regions",
        "chosen_by",
        "automatic_lower",
        "last_region_code",
        "last_region_name",
        "natural_break_lower",
        "natural_break_regions",
    ],
    "band_candidates": [
        "framework",
        "edition",
        "object_group",
        "band",
        "region_code",
        "region_name",
        "score",
        "position",
        "gap",
        "relative_gap",
        "place",
    ],
    "assessor_agreement": [
        "framework",
        "edition",
        "point_code",
        "pairs",
        "agreement",
        "cohen_kappa",
        "krippendorff_alpha",
    ],
}
# The model of a table, where it has another name, and the columns that give its order.
MODELS = {"points": "point_values"}
ORDER = {
    "indicator_scores": ["object_group", "rank", "region_code", "position"],
    "rankings": ["object_group", "rank", "region_code"],
    "indicator_tree": ["position"],
    "points": ["region_code", "point_code"],
    "reconciliation": ["fact", "item"],
    "claims": ["fact", "item"],
    "framework_break": ["compared", "object_group", "indicator_code"],
    "statistics": [
        "object_group",
        "level",
        "indicator_code",
        "group_kind",
        "group_name",
        "statistic",
    ],
    "region_types": ["object_group", "rank", "region_code"],
    "clusters": ["object_group", "method", "clusters"],
    "grade_cuts": ["object_group", "place"],
    "band_candidates": ["object_group", "band", "place"],
    "assessor_agreement": ["point_code"],
}
# What a revision tells of the editions before, so that their course can be shown.
HISTORY = {
    "history": ("indicator_scores", ["score_rate", "max_score", "score", "rank", "status"]),
    "history_statistics": ("statistics", ["value", "detail"]),
}
HISTORY_KEYS = {
    "history": ["object_group", "region_code", "indicator_code", "level"],
    "history_statistics": [
        "object_group",
        "indicator_code",
        "level",
        "statistic",
        "group_kind",
        "group_name",
    ],
}
# Statistics by which editions are compared, of all kinds of groups.
COMPARED = ("count", "mean", "score_rate", "median", "std", "share_of_east", "lower_cut")
# They order the rows and stand in no table.
HELPERS = ["position"]
NOTHING = float("nan")


def model_name(framework: str, table: str) -> str:
    """The dbt model that a published table shows."""
    return f"{framework}__{MODELS.get(table, table)}"


def published_tables(
    warehouse: duckdb.DuckDBPyConnection,
    framework: str,
    edition: str,
    models: set[str],
    indicator_of_point: Mapping[str, str],
    analysed: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """The tables of an edition, each in its order: object group, rank (no rank last), region.

    models: names of the framework's dbt models; a table without a model is left out.
    indicator_of_point: code of the indicator that a point belongs to. analysed: tables of the
    edition that are no dbt models; without those, what stands beside others of them is empty.
    """
    tables = {}
    for table, columns in COLUMNS.items():
        model = model_name(framework, table)
        if table in analysed:
            rows = analysed[table].copy()
        elif model in models:
            rows = warehouse.execute(f"select * from {model} where edition = ?", [edition]).df()
        else:
            continue
        rows.insert(0, "framework", framework)
        if table == "grade_cuts":
            rows = beside_natural_breaks(rows, analysed.get("region_types"))
        if table == "points":
            # A region that is assessed in several object groups was measured once.
            rows = rows.drop_duplicates(["region_code", "point_code"])
            del rows["object_group"]
            rows["indicator_code"] = rows["point_code"].map(dict(indicator_of_point))
        order = [name for name in ORDER[table] if name in rows.columns]
        rows = rows.sort_values(order, na_position="last", kind="stable")
        others = [name for name in rows.columns if name not in columns and name not in HELPERS]
        # A reconciliation begins with its figures; which edition it is of says its place.
        if table == "reconciliation":
            others = [name for name in others if name not in ("framework", "edition")]
        tables[table] = whole_numbers(rows[[*columns, *others]].reset_index(drop=True))
    return tables


def beside_natural_breaks(cuts: pd.DataFrame, types: pd.DataFrame | None) -> pd.DataFrame:
    """Cuts with the natural class of the same place from the top as their band: its lower bound
    and how many regions it has; both empty without the types of regions."""
    if types is None:
        return cuts.assign(natural_break_lower=NOTHING, natural_break_regions=NOTHING)
    # By their place: names of bands need not be in the order of the alphabet.
    from_the_top = cuts.sort_values(["object_group", "place"])
    bands = from_the_top[["object_group", "band"]].drop_duplicates()
    bands["natural_break"] = bands.groupby("object_group").cumcount() + 1
    classes = (
        types.dropna(subset="natural_break")
        .groupby(["object_group", "natural_break"])
        .agg(
            natural_break_lower=("natural_break_lower", "first"),
            natural_break_regions=("region_code", "size"),
        )
        .reset_index()
    )
    placed = bands.merge(classes, "left", on=["object_group", "natural_break"])
    return cuts.merge(placed.drop(columns="natural_break"), "left", on=["object_group", "band"])


def history(
    warehouse: duckdb.DuckDBPyConnection,
    framework: str,
    editions: Sequence[str],
    models: set[str],
) -> dict[str, pd.DataFrame]:
    """What editions before say, as far as they are compared with: the scores of every region
    and indicator, and the statistics of COMPARED. No table without such an edition."""
    found = {}
    for table, (model, columns) in HISTORY.items():
        if not editions or model_name(framework, model) not in models:
            continue
        keys = HISTORY_KEYS[table]
        names = ", ".join(["edition", *keys, *columns])
        kept = "statistic in (select unnest($compared))" if "statistic" in keys else "true"
        rows = warehouse.execute(
            f"""
            select {names} from {model_name(framework, model)}
            where edition in (select unnest($editions)) and {kept}
            order by edition, {", ".join(keys)}
            """,
            {"editions": list(editions)}
            | ({"compared": list(COMPARED)} if "statistic" in keys else {}),
        ).df()
        rows.insert(0, "framework", framework)
        found[table] = whole_numbers(rows)
    return found


def indicators_of_points(manifest: Mapping[str, Any], framework: str) -> dict[str, str]:
    """The indicator of every point, from the metadata of the indicators' models."""
    return {
        point: node["name"].partition("__")[2]
        for node in manifest["nodes"].values()
        if node["config"].get("meta", {}).get("framework") == framework
        for point in node["config"]["meta"].get("points", [])
    }


def whole_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts and ranks as whole numbers though some are missing, so that 3 is not printed 3.0."""
    names = ["level", "rank", "rank_in_parent", "rank_in_class", "rounds", "assessors", "row"]
    return rows.astype({name: "Int64" for name in names if name in rows.columns})


def csv_text(rows: pd.DataFrame) -> str:
    """A table as the CSV that is published: byte-order mark, comma, \\n, true and false."""
    shown = rows.copy()
    for name in shown.select_dtypes("bool").columns:
        shown[name] = shown[name].map({True: "true", False: "false"})
    return "\ufeff" + str(shown.to_csv(index=False, lineterminator="\n"))
