"""The assets of analysis: they read the warehouse, and keep their tables as Parquet beside it."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from dagster_project import dbt_runner, provenance
from dagster_project.analysis import clustering
from dagster_project.files import aside
from dagster_project.frameworks import Framework
from dagster_project.indicators import models_of, refuse_stale
from dagster_project.keys import ONE_EDITION_A_RUN, Events, asset_key, one_sentence, partitions_of
from dagster_project.progress import report
from dagster_project.settings import Settings
from dagster_project.warehouse import POOL, reading

# Tables that are not dbt models, in the order in which they are published.
TABLES = ("region_types", "clusters")
# What they are made of.
MODELS = ("indicator_scores", "rankings")
ENGINES = ("numpy", "pandas", "scipy")


def region_types_key(framework: str) -> dg.AssetKey:
    """Key of the asset that finds types of regions."""
    return asset_key(framework, "analysis", "region_types")


def table_path(settings: Settings, framework: str, edition: str, table: str) -> Path:
    """Where a table of analysis lies."""
    return settings.data / "analysis" / framework / edition / f"{table}.parquet"


def region_types_fingerprint(
    settings: Settings, framework: Framework, edition: str
) -> provenance.Fingerprint:
    """What the types of regions of an edition follow from, from today's files."""
    dbt_manifest = dbt_runner.manifest(settings)
    known = provenance.Provenance(settings, framework, dbt_manifest)
    found = known.published(_inputs(dbt_manifest, framework), edition, [clustering])
    return provenance.Fingerprint(
        {**found.parts, "engine": {name: version(name) for name in ENGINES}}
    )


def _inputs(dbt_manifest: Mapping[str, Any], framework: Framework) -> list[str]:
    """Unique ids of the models that are read."""
    names = {f"{framework.code}__{model}" for model in MODELS}
    models = models_of(dbt_manifest, framework).values()
    return sorted(model for model in models if dbt_manifest["nodes"][model]["name"] in names)


def region_types_asset(settings: Settings, framework: Framework) -> dg.AssetsDefinition:
    """Types of regions by the profile of their scores, and natural breaks of the totals."""
    dbt_manifest = dbt_runner.manifest(settings)
    inputs = _inputs(dbt_manifest, framework)
    key = region_types_key(framework.code)
    models = models_of(dbt_manifest, framework)

    @dg.multi_asset(
        name=f"{framework.code}__region_types",
        specs=[
            dg.AssetSpec(
                key,
                deps=[asset for asset, model in models.items() if model in inputs],
                group_name=framework.code,
                owners=framework.owners,
                kinds={"python", "parquet"},
                description="Types of regions: clusters of their profiles (k-means, Ward), the "
                "number of clusters by silhouette, and natural breaks of the totals",
                partitions_def=partitions_of(framework.code),
            )
        ],
        backfill_policy=ONE_EDITION_A_RUN,
        pool=POOL,
    )
    def find_types(context: dg.AssetExecutionContext) -> Events:
        edition = context.partition_key
        report("types of regions")
        with one_sentence():
            known = provenance.Provenance(settings, framework, dbt_manifest, as_stored=True)
            refuse_stale(settings, framework, dbt_manifest, known, edition, inputs)
            provenance.forget(settings, key.path, edition)
            with reading(settings) as warehouse:
                scores, ranks = (
                    warehouse.execute(
                        f"select * from {framework.code}__{model} where edition = ?", [edition]
                    ).df()
                    for model in MODELS
                )
            types, quality = clustering.region_types(scores, ranks)
            for table, rows in zip(TABLES, (types, quality), strict=True):
                path = table_path(settings, framework.code, edition, table)
                part = aside(path)
                rows.to_parquet(part, index=False)
                part.replace(path)
            fingerprint = region_types_fingerprint(settings, framework, edition)
            provenance.remember(settings, key.path, edition, fingerprint, context.run_id)
        yield dg.MaterializeResult(
            asset_key=key,
            data_version=dg.DataVersion(fingerprint.value),
            metadata={"edition": edition, "dagster/row_count": len(types)},
        )

    return find_types


def read_tables(settings: Settings, framework: str, edition: str) -> dict[str, pd.DataFrame]:
    """The tables of an edition, with the columns edition first."""
    tables = {}
    for table in TABLES:
        rows = pd.read_parquet(table_path(settings, framework, edition, table))
        rows.insert(0, "edition", edition)
        tables[table] = rows
    return tables
