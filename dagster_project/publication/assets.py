"""The asset that publishes an edition, and its check against what was published before."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandas as pd

from dagster_project import dbt_runner, provenance, site
from dagster_project.analysis.assets import read_tables, region_types_key
from dagster_project.analysis.fingerprint import region_types_fingerprint
from dagster_project.collection.assets import markdown_table
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.indicators import models_of, stale_assets
from dagster_project.keys import ONE_EDITION_A_RUN, Events, one_sentence, partitions_of
from dagster_project.progress import report
from dagster_project.publication import conformance, content, evidence, revisions, tables
from dagster_project.publication.content import published_place, shown_models
from dagster_project.publication.gathering import corrections_of, figures_bind, gathered
from dagster_project.registers import edition_of
from dagster_project.settings import Settings
from dagster_project.warehouse import POOL, reading

CONFORMANCE_CHECK = "conformance"
# A tag of a run that gives the reason; in the UI a tag is easier to set than configuration.
REASON_TAG = "govindex/reason"
SAMPLE_ROWS = 10


class PublicationConfig(dg.Config):
    """reason: why what was released is replaced, or disagrees with published figures."""

    reason: str = ""


def published_key(framework: str) -> dg.AssetKey:
    """Key of the asset that publishes an edition of a framework."""
    return dg.AssetKey(list(published_place(framework)))


def published_asset(settings: Settings, framework: Framework) -> dg.AssetsDefinition:
    """An edition's tables, workbook and site as an immutable revision, and the link to it.

    The site is made in the same step: it is part of the revision, whose manifest lists its
    pages, and the link is swapped only when all of it is there.
    """
    dbt_manifest = dbt_runner.manifest(settings)
    key = published_key(framework.code)
    models = models_of(dbt_manifest, framework)
    shown = shown_models(dbt_manifest, framework.code)

    @dg.multi_asset(
        name=f"{framework.code}__published",
        specs=[
            dg.AssetSpec(
                key,
                deps=[
                    *(asset for asset, model in models.items() if model in shown.values()),
                    region_types_key(framework.code),
                ],
                skippable=True,
                group_name=framework.code,
                owners=framework.owners,
                kinds={"python", "csv", "parquet", "excel", "html"},
                description="Published tables, workbook and site of the edition, an immutable "
                "revision each time they change",
                partitions_def=partitions_of(framework.code),
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                CONFORMANCE_CHECK,
                asset=key,
                description="The recomputed figures equal those that were published",
            )
        ],
        backfill_policy=ONE_EDITION_A_RUN,
        pool=POOL,
    )
    def publish_edition(context: dg.AssetExecutionContext, config: PublicationConfig) -> Events:
        edition = context.partition_key
        reason = config.reason.strip() or context.run.tags.get(REASON_TAG, "").strip()
        report("publish: tables, workbook, site, manifest")
        with one_sentence():
            known = provenance.Provenance(settings, framework, dbt_manifest, as_stored=True)
            _refuse_stale(settings, framework, edition, models, known)
            compared = content.compared_models(dbt_manifest, framework.code)
            with reading(settings) as warehouse:
                published = tables.published_tables(
                    warehouse,
                    framework.code,
                    edition,
                    {dbt_manifest["nodes"][model]["name"] for model in shown.values()},
                    tables.indicators_of_points(dbt_manifest, framework.code),
                    read_tables(settings, framework.code, edition),
                )
                past = tables.history(
                    warehouse,
                    framework.code,
                    known.earlier(compared, edition),
                    {dbt_manifest["nodes"][model]["name"] for model in compared},
                )
                readings = evidence.readings(
                    warehouse, framework.code, edition, corrections_of(settings, framework, edition)
                )
            found = conformance.conformance_of(
                published.get("reconciliation"), figures_bind(dbt_manifest, shown)
            )
            yield dg.AssetCheckResult(
                asset_key=key,
                check_name=CONFORMANCE_CHECK,
                passed=found.conforms,
                severity=dg.AssetCheckSeverity.ERROR
                if found.binding
                else dg.AssetCheckSeverity.WARN,
                metadata=_conformance_metadata(found, edition),
            )
            _refuse_incomplete(framework.code, edition, published["rankings"])
            last = revisions.latest_revision(settings, framework.code, edition)
            new = gathered(settings, framework, edition, published, readings, past, found, known)
            if not revisions.is_published(settings, framework.code, edition, new):
                _refuse_disagreement(found, framework.code, edition, last, reason)
            fingerprint = content.published_fingerprint(
                known, dbt_manifest, framework.code, edition
            )
            number = revisions.publish(
                settings,
                framework.code,
                edition,
                new,
                reason,
                context.run_id,
                fingerprint.value,
                begin_site=site.begin,
            )
            provenance.remember(settings, key.path, edition, fingerprint, context.run_id)
        ranks = published["rankings"]
        yield dg.MaterializeResult(
            asset_key=key,
            data_version=dg.DataVersion(fingerprint.value),
            metadata={
                "revision": number,
                "new": number > last,
                "regions": len(ranks),
                "regions scored": int(ranks["score"].notna().sum()),
                "conformance": found.summary,
                "folder": dg.MetadataValue.path(
                    str(revisions.current_link(settings, framework.code, edition))
                ),
                "site": dg.MetadataValue.path(
                    str(revisions.site_of(settings, framework.code, edition))
                ),
                "distribution of total scores": dg.MetadataValue.md(
                    site.key_picture(revisions.current_link(settings, framework.code, edition))
                ),
                "first ranks": dg.MetadataValue.md(
                    markdown_table(
                        ["rank", "region", "score"],
                        ranks[["rank", "region_name", "score"]].head(SAMPLE_ROWS).values.tolist(),
                    )
                ),
            },
        )

    return publish_edition


def _refuse_stale(
    settings: Settings,
    framework: Framework,
    edition: str,
    models: Mapping[dg.AssetKey, str],
    known: provenance.Provenance,
) -> None:
    """Raises GovIndexError unless every table of the framework follows from today's files."""
    dbt_manifest = dbt_runner.manifest(settings)
    landed = [
        source
        for source, props in dbt_manifest["sources"].items()
        if props["source_name"] == framework.code
    ]
    stale = stale_assets(settings, dbt_manifest, known, edition, [*landed, *models.values()])
    types = region_types_key(framework.code).path
    today = region_types_fingerprint(known, dbt_manifest, framework.code, edition).value
    if provenance.remembered(settings, types, edition) != today:
        stale.append("/".join(types[1:]))
    if stale:
        more = f" and {len(stale) - 3} more" if len(stale) > 3 else ""
        raise GovIndexError(
            f"{framework.code} {edition}: not published, because {', '.join(stale[:3])}{more} "
            "did not pass or are older than what they are made of; run "
            f"`govindex run --framework {framework.code} --edition {edition}`"
        )


def _refuse_incomplete(framework: str, edition: str, rankings: pd.DataFrame) -> None:
    """Raises GovIndexError unless every region of the register of editions has its row."""
    expected = edition_of(framework, edition).expected_regions
    regions = rankings["region_code"].nunique()
    if regions != expected:
        raise GovIndexError(
            f"{framework} {edition}: not published, because the tables hold {regions} regions "
            f"instead of {expected}; run `govindex run --framework {framework} --edition {edition}`"
        )


def _refuse_disagreement(
    found: conformance.Conformance, framework: str, edition: str, last: int, reason: str
) -> None:
    """Raises GovIndexError for a first revision that disagrees with figures that were published
    of the same data, and for a later one without a reason."""
    if found.conforms or not found.binding or (last and reason):
        return
    first = found.differing.iloc[0]
    raise GovIndexError(
        f"{framework} {edition}: not published, because it disagrees with the published "
        f"figures ({found.summary}; the first: {first['name']} {first['fact']}, published "
        f"{first['published']}, computed {first['computed']}); "
        + (
            "mend it, or say why with `govindex run --reason`"
            if last
            else "a first revision has to agree"
        )
    )


def _conformance_metadata(found: conformance.Conformance, edition: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"edition": edition, "agreement": found.summary}
    for kind, verdicts in found.verdicts.items():
        metadata |= {f"{kind}: {verdict}": figures for verdict, figures in verdicts.items()}
    if not found.conforms:
        columns = ["fact", "name", "published", "computed"]
        rows = found.differing[columns].head(SAMPLE_ROWS).values.tolist()
        metadata["differing"] = dg.MetadataValue.md(markdown_table(columns, rows))
    return metadata
