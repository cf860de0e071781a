"""What the tables of analysis follow from; needs neither Dagster nor the warehouse."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from dagster_project import provenance

# What the types of regions are made of.
MODELS = ("indicator_scores", "rankings")
CODE = ("dagster_project.analysis.clustering",)
ENGINES = ("numpy", "pandas", "scipy")


def region_types_place(framework: str) -> tuple[str, str, str]:
    """Framework, layer and name of the asset that finds types of regions."""
    return (framework, "analysis", "region_types")


def region_types_inputs(dbt_manifest: Mapping[str, Any], framework: str) -> list[str]:
    """Unique ids of the models that are read."""
    names = {f"{framework}__{model}" for model in MODELS}
    models = provenance.model_ids(dbt_manifest, framework)
    return [model for model in models if dbt_manifest["nodes"][model]["name"] in names]


def region_types_fingerprint(
    known: provenance.Provenance, dbt_manifest: Mapping[str, Any], framework: str, edition: str
) -> provenance.Fingerprint:
    """What the types of regions of an edition follow from, from today's files."""
    found = known.published(region_types_inputs(dbt_manifest, framework), edition, CODE)
    return provenance.Fingerprint(
        {**found.parts, "engine": {name: version(name) for name in ENGINES}}
    )
