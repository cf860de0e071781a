"""Whether a framework has the pieces that the platform needs of it, before anything relies on
them: one sentence for each that is missing, instead of an error from deep inside."""

from collections.abc import Mapping
from typing import Any

from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.registers import register

GUIDE = "docs/new-framework.md lists what a framework needs"
# The models that every framework has, and the folder of each.
MODELS = {
    "regions": "staging",
    "cleaning": "staging",
    "point_values": "points",
    "readings": "points",
    "total": "indicators",
    "indicator_tree": "scores",
    "indicator_scores": "scores",
    "rankings": "scores",
}


def refuse_incomplete(framework: Framework, dbt_manifest: Mapping[str, Any]) -> None:
    """Raises GovIndexError that names every model, table, register or point that is missing."""
    if found := missing(framework, dbt_manifest):
        raise GovIndexError("; ".join(found) + f"; {GUIDE}")


def missing(framework: Framework, dbt_manifest: Mapping[str, Any]) -> list[str]:
    """What a framework lacks, a sentence each."""
    code = framework.code
    nodes = dbt_manifest["nodes"]
    found = [
        f"dbt_project/models/{folder}/{code}/{code}__{name}.sql: there is no such model"
        for name, folder in MODELS.items()
        if f"model.govindex.{code}__{name}" not in nodes
    ]
    sources = {
        source["name"]
        for source in dbt_manifest["sources"].values()
        if source["source_name"] == code
    }
    found += [
        f"dbt_project/models/staging/{code}: no model reads the table {table} of "
        f"dagster_project/frameworks/{code}.yaml; declare it under `sources` in a YAML there"
        for table in framework.tables
        if table not in sources
    ]
    if f"seed.govindex.{code}__points" not in nodes:
        return [*found, f"dbt_project/seeds/{code}__points.csv: there is no register of points"]
    known = {row["point_code"] for row in register(f"{code}__points")}
    for node in nodes.values():
        meta = node["config"].get("meta", {})
        if node["resource_type"] == "model" and meta.get("framework") == code:
            found += [
                f"dbt_project/{node['original_file_path']}: the point {point} is not in "
                f"dbt_project/seeds/{code}__points.csv"
                for point in meta.get("points", [])
                if point not in known
            ]
    return found
