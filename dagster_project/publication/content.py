"""What of an edition is published, and what it follows from; needs neither Dagster nor the
warehouse."""

from collections.abc import Mapping
from typing import Any

from dagster_project import provenance, site
from dagster_project.analysis.fingerprint import region_types_fingerprint, region_types_place
from dagster_project.frameworks import Framework
from dagster_project.publication import evidence, tables

# The Python code that shapes what is published.
CODE = (
    "dagster_project.publication.tables",
    "dagster_project.publication.evidence",
    "dagster_project.publication.conformance",
    "dagster_project.publication.revisions",
    "dagster_project.publication.headings",
    "dagster_project.publication.sheets",
    "dagster_project.publication.workbook",
)


def published_place(framework: str) -> tuple[str, str, str]:
    """Framework, layer and name of the asset that publishes an edition."""
    return (framework, "published", "edition")


def shown_models(dbt_manifest: Mapping[str, Any], framework: str) -> dict[str, str]:
    """Unique ids of the models that are published, by the name of their table."""
    by_name = {
        dbt_manifest["nodes"][model]["name"]: model
        for model in provenance.model_ids(dbt_manifest, framework)
    }
    names = {
        table: tables.model_name(framework, table) for table in (*tables.COLUMNS, evidence.READINGS)
    }
    return {table: by_name[name] for table, name in names.items() if name in by_name}


def compared_models(dbt_manifest: Mapping[str, Any], framework: str) -> list[str]:
    """Unique ids of the models whose editions before are published with an edition."""
    shown = shown_models(dbt_manifest, framework)
    return sorted({shown[model] for model, _ in tables.HISTORY.values() if model in shown})


def published_fingerprint(
    known: provenance.Provenance, dbt_manifest: Mapping[str, Any], framework: str, edition: str
) -> provenance.Fingerprint:
    """What the published tables of an edition follow from, from today's files."""
    models = sorted(shown_models(dbt_manifest, framework).values())
    found = known.published(models, edition, CODE)
    found.parts["code"]["macros/formulas/_formulas.yml"] = evidence.words_digest(
        dbt_manifest, framework
    )
    found.parts["code"]["dagster_project/site"] = site.code_digest()
    types = region_types_fingerprint(known, dbt_manifest, framework, edition)
    found.parts["upstream"]["/".join(region_types_place(framework)[1:])] = types.value
    return found


def sources(
    known: provenance.Provenance,
    dbt_manifest: Mapping[str, Any],
    framework: Framework,
    edition: str,
) -> provenance.Parts:
    """All that a published edition follows from, by cause and place: files, macros, weights,
    parameters, register rows and tables of the edition before, but not its own tables."""
    found: dict[str, dict[str, set[str]]] = {}
    for one in [
        *(known.landed(table, edition) for table in framework.tables),
        *(
            known.model(model, edition)
            for model in provenance.model_ids(dbt_manifest, framework.code)
        ),
        region_types_fingerprint(known, dbt_manifest, framework.code, edition),
        published_fingerprint(known, dbt_manifest, framework.code, edition),
    ]:
        for cause, places in one.parts.items():
            for place, value in places.items():
                if cause != "upstream" or provenance.PREVIOUS in place:
                    named = place.rpartition("__")[2] if cause == "upstream" else place
                    found.setdefault(cause, {}).setdefault(named, set()).add(value)
    return {
        cause: {place: provenance.digest(sorted(values)) for place, values in places.items()}
        for cause, places in found.items()
    }
