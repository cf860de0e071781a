"""The assets of collection: the raw files of an edition, and its landed tables."""

from typing import Any

import dagster as dg
import pandas as pd

from dagster_project import consistency, provenance
from dagster_project.collection import ahead, manifest
from dagster_project.collection.gate import Audit
from dagster_project.collection.landing import land, quarantine_path
from dagster_project.dbt_runner import manifest as dbt_manifest
from dagster_project.frameworks import Framework
from dagster_project.keys import ONE_EDITION_A_RUN, Events, asset_key, one_sentence, partitions_of
from dagster_project.progress import report
from dagster_project.settings import Settings

SUITE_CHECK = "suite"
SAMPLE_ROWS = 10


def raw_files_asset(settings: Settings, framework: Framework) -> dg.AssetsDefinition:
    """The collected files of an edition, held against source.yml; their version is its data
    version."""

    @dg.asset(
        key=asset_key(framework.code, "raw", "files"),
        partitions_def=partitions_of(framework.code),
        backfill_policy=ONE_EDITION_A_RUN,
        group_name=framework.code,
        owners=framework.owners,
        kinds={"file"},
        description=f"Collected files of {framework.name_en}, exactly as they came, held "
        "against their checksums in source.yml",
    )
    def files(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        edition = context.partition_key
        report("raw files: checksums")
        with one_sentence():
            consistency.refuse_nonsense(framework, dbt_manifest(settings), edition)
            source = manifest.verified_source(settings, framework.code, edition)
            known = provenance.Provenance(settings, framework, dbt_manifest(settings))
            version = known.raw(edition).value
        return dg.MaterializeResult(
            data_version=dg.DataVersion(version),
            metadata={
                "title": source.title,
                "producer": source.producer,
                "licence": source.licence,
                "collected on": source.collected_on,
                "synthetic": source.synthetic,
                "files": dg.MetadataValue.md(
                    markdown_table(
                        ["file", "table", "bytes", "sha256"],
                        [
                            [name, entry.table, entry.size, entry.sha256[:12]]
                            for name, entry in source.files.items()
                        ],
                    )
                ),
            },
        )

    return files


def landed_table_asset(settings: Settings, framework: Framework, table: str) -> dg.AssetsDefinition:
    """A collected table: read, corrected, audited by its suite, landed as Parquet."""
    key = asset_key(framework.code, "landing", table)

    @dg.multi_asset(
        name=f"{framework.code}__landing__{table}",
        specs=[
            dg.AssetSpec(
                key,
                deps=[asset_key(framework.code, "raw", "files")],
                skippable=True,
                code_version=provenance.Provenance(
                    settings, framework, dbt_manifest(settings)
                ).landing_code_version(table),
                group_name=framework.code,
                owners=framework.owners,
                kinds={"python", "parquet"},
                description=framework.tables[table].description,
                partitions_def=partitions_of(framework.code),
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                SUITE_CHECK,
                asset=key,
                blocking=True,
                description=f"Great Expectations suite expectations/{framework.code}/{table}.json",
            )
        ],
        backfill_policy=ONE_EDITION_A_RUN,
    )
    def landed(context: dg.AssetExecutionContext) -> Events:
        edition = context.partition_key
        report(f"{table}: read, correct, audit, land")
        provenance.forget(settings, key.path, edition)
        with one_sentence():
            known = provenance.Provenance(settings, framework, dbt_manifest(settings))
            fingerprint = known.landed(table, edition)
            read = ahead.audited(settings, framework.code, edition, table, fingerprint.value)
            landing = land(settings, framework, edition, table, read)
        audit = landing.audit
        refused = audit.refusal is not None
        if not refused:
            provenance.remember(settings, key.path, edition, fingerprint, context.run_id)
            yield dg.MaterializeResult(
                asset_key=key,
                data_version=dg.DataVersion(fingerprint.value),
                metadata={
                    "dagster/row_count": len(audit.accepted),
                    "rows in quarantine": audit.rows - len(audit.accepted),
                    "corrections": dg.MetadataValue.md(
                        markdown_table(
                            ["file", "row", "column", "from", "to", "reason"],
                            [
                                [one.file, one.row, one.column, one.before, one.after, one.reason]
                                for one in landing.applied
                            ],
                        )
                    ),
                },
            )
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=SUITE_CHECK,
            passed=all(outcome.success for outcome in audit.outcomes),
            # Rows in quarantine within the tolerance are a warning; the table is landed.
            severity=dg.AssetCheckSeverity.ERROR if refused else dg.AssetCheckSeverity.WARN,
            metadata=audit_metadata(audit, edition),
        )
        if refused:
            bad = quarantine_path(settings, framework.code, edition, table)
            raise dg.Failure(
                description=f"{framework.code} {edition}: the table {table} did not pass its "
                f"gate and is not landed: {audit.refusal}"
                + (f" (rows in quarantine: {bad})" if len(audit.quarantine) else ""),
                allow_retries=False,
            )

    return landed


def audit_metadata(audit: Audit, edition: str) -> dict[str, Any]:
    """What a suite found, for the page of its check: failing expectations and sample rows."""
    metadata: dict[str, Any] = {
        "edition": edition,
        "rows": audit.rows,
        "expectations": len(audit.outcomes),
        "cells in quarantine": len(audit.quarantine),
    }
    failing = [outcome for outcome in audit.outcomes if not outcome.success]
    if failing:
        metadata["failing expectations"] = dg.MetadataValue.md(
            markdown_table(
                ["expectation", "column", "expected", "found"],
                [[one.type, one.column, one.expected, one.observed] for one in failing],
            )
        )
    if len(audit.quarantine):
        metadata["sample rows"] = dg.MetadataValue.md(
            markdown_table(
                list(audit.quarantine.columns),
                audit.quarantine.head(SAMPLE_ROWS).values.tolist(),
            )
        )
    return metadata


def markdown_table(heading: list[str], rows: list[list[object]]) -> str:
    """A Markdown table; what cells hold is shown, never understood as markup. A missing value
    (None, NaN, NA) is blank."""

    def cell(value: object) -> str:
        text = "" if value is None or value is pd.NA or value != value else str(value)
        for sign in "\\`*_{}[]<>#|":
            text = text.replace(sign, f"\\{sign}")
        return " ".join(text.split())

    if not rows:
        return "none"
    lines = [heading, ["---"] * len(heading), *[[cell(value) for value in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
