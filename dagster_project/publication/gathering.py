"""All that is published of an edition, gathered from what was computed, and what its manifest
says of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project import dbt_runner, provenance
from dagster_project.collection import manifest as raw
from dagster_project.collection.landing import landing_record
from dagster_project.frameworks import Framework
from dagster_project.indicators import models_of, sql_path
from dagster_project.publication import content, evidence
from dagster_project.publication.conformance import Conformance
from dagster_project.publication.writing import Edition
from dagster_project.registers import registered
from dagster_project.settings import Settings


def gathered(
    settings: Settings,
    framework: Framework,
    edition: str,
    published: dict[str, pd.DataFrame],
    readings: pa.Table,
    past: dict[str, pd.DataFrame],
    found: Conformance,
    known: provenance.Provenance,
) -> Edition:
    """All that is published of an edition.

    published, readings, past: its tables, its readings, and the tables of editions before.
    """
    dbt_manifest = dbt_runner.manifest(settings)
    source = raw.load_source(settings, framework.code, edition)
    landed = {
        table: landing_record(settings, framework.code, edition, table)
        for table in framework.tables
    }
    code = {
        model: known.model(model, edition).parts["code"]
        for model in models_of(dbt_manifest, framework).values()
    }
    sql = {
        indicator: sql_path(settings, framework.code, edition, indicator).read_text("utf-8")
        for indicator in [
            *published["indicator_tree"]["indicator_code"],
            *evidence.models_of_points(dbt_manifest, framework.code),
        ]
    }
    tree = published["indicator_tree"]
    return Edition(
        sources=content.sources(known, dbt_manifest, framework, edition),
        tables=published | evidence.tables(settings, dbt_manifest, framework, edition, tree),
        long_tables={evidence.READINGS: readings},
        sql=sql,
        pages=content.shape(),
        marks={"synthetic": source.synthetic, "conforms": found.conforms},
        past=past,
        description={
            "framework": framework.code,
            "edition": edition,
            "names": {"own": framework.name, "zh": framework.name_zh, "en": framework.name_en},
            "title": source.title,
            "producer": source.producer,
            "address": source.address,
            "licence": source.licence,
            **({"bands_note": framework.bands_note} if framework.bands_note else {}),
            **(
                {
                    "supplement_to": framework.supplement_to,
                    "parent_region": framework.parent_region,
                }
                if framework.supplement_to
                else {}
            ),
            "code_version": provenance.digest(code),
            "engines": provenance.engines(content.ENGINES),
            "conformance": found.counted,
            "raw_files": [
                {
                    "file": name,
                    "table": entry.table,
                    "sha256": entry.sha256,
                    "size": entry.size,
                    "columns": entry.columns,
                }
                for name, entry in source.files.items()
            ],
            "corrections": corrections_of(settings, framework, edition),
            "register": registered(framework.code, edition),
            "rows": {
                **{
                    table: {name: count for name, count in one.items() if name != "corrections"}
                    for table, one in landed.items()
                },
                **{table: len(rows) for table, rows in published.items()},
                evidence.READINGS: len(readings),
            },
        },
    )


def figures_bind(dbt_manifest: Mapping[str, Any], shown: Mapping[str, str]) -> bool:
    """Whether the reconciliation's model says that a first revision has to agree."""
    if "reconciliation" not in shown:
        return False
    meta = dbt_manifest["nodes"][shown["reconciliation"]]["config"].get("meta", {})
    return bool(meta.get("first_revision_agrees"))


def corrections_of(settings: Settings, framework: Framework, edition: str) -> list[dict[str, Any]]:
    """The corrections that were applied to the landed tables of an edition."""
    return [
        applied
        for table in framework.tables
        for applied in landing_record(settings, framework.code, edition, table)["corrections"]
    ]
