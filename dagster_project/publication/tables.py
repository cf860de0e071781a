"""The published tables of an edition, read from the warehouse in the columns and the order
that others rely on."""

from collections.abc import Mapping
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
}
# The model of a table, where it has another name, and the columns that give its order.
MODELS = {"points": "point_values"}
ORDER = {
    "indicator_scores": ["object_group", "rank", "region_code", "position"],
    "rankings": ["object_group", "rank", "region_code"],
    "indicator_tree": ["position"],
    "points": ["region_code", "point_code"],
    "reconciliation": ["fact"],
}
# They order the rows and stand in no table.
HELPERS = ["position"]


def model_name(framework: str, table: str) -> str:
    """The dbt model that a published table shows."""
    return f"{framework}__{MODELS.get(table, table)}"


def published_tables(
    warehouse: duckdb.DuckDBPyConnection,
    framework: str,
    edition: str,
    models: set[str],
    indicator_of_point: Mapping[str, str],
) -> dict[str, pd.DataFrame]:
    """The tables of an edition, each in its order: object group, rank (no rank last), region.

    models: names of the framework's dbt models; a table without a model is left out.
    indicator_of_point: code of the indicator that a point belongs to.
    """
    tables = {}
    for table, columns in COLUMNS.items():
        model = model_name(framework, table)
        if model not in models:
            continue
        rows = warehouse.execute(f"select * from {model} where edition = ?", [edition]).df()
        rows.insert(0, "framework", framework)
        if table == "points":
            # A region that is assessed in several object groups was measured once.
            rows = rows.drop_duplicates(["region_code", "point_code"])
            del rows["object_group"]
            rows["indicator_code"] = rows["point_code"].map(dict(indicator_of_point))
        rows = rows.sort_values(ORDER[table], na_position="last", kind="stable")
        others = [name for name in rows.columns if name not in columns and name not in HELPERS]
        others = [name for name in others if table != "reconciliation" or name == "figure"]
        tables[table] = whole_numbers(rows[[*columns, *others]].reset_index(drop=True))
    return tables


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
