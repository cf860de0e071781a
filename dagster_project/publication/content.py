"""What of an edition is published, and what it follows from; needs neither Dagster nor the
warehouse."""

from collections.abc import Mapping
from typing import Any

from dagster_project import provenance, site
from dagster_project.analysis.fingerprint import region_types_fingerprint, region_types_place
from dagster_project.frameworks import Framework
from dagster_project.frameworks import framework as framework_of
from dagster_project.publication import evidence, tables
from dagster_project.registers import registered

# The Python code that gathers what is published, and that which writes the files of it.
GATHERS = (
    "dagster_project.publication.content",
    "dagster_project.publication.gathering",
    "dagster_project.publication.tables",
    "dagster_project.publication.evidence",
    "dagster_project.publication.conformance",
)
WRITES = (
    "dagster_project.publication.writing",
    "dagster_project.publication.headings",
    "dagster_project.publication.sheets",
    "dagster_project.publication.workbook",
)
# What computes and writes; the manifest names their versions.
ENGINES = (*provenance.COMPILERS, "pandas", "pyarrow", "xlsxwriter")
# Of a framework's declaration, what its manifests say.
NAMES = ("name", "name_zh", "name_en", "bands_note", "supplement_to", "parent_region")


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


def shape() -> str:
    """Hash of the code that makes files of the tables of a revision: Parquet, workbook, site."""
    code = {module: provenance.python_code(module) for module in WRITES}
    return provenance.digest([code, site.code_digest()])


def published_fingerprint(
    known: provenance.Provenance, dbt_manifest: Mapping[str, Any], framework: str, edition: str
) -> provenance.Fingerprint:
    """What the published tables of an edition follow from, from today's files: besides its
    models all that its files say of it."""
    models = sorted(shown_models(dbt_manifest, framework).values())
    found = known.published(models, edition, (*GATHERS, *WRITES))
    declared = framework_of(framework)
    names = [getattr(declared, name) for name in NAMES]
    code = found.parts["code"] | {
        f"frameworks/{framework}.yaml": provenance.digest(names),
        "macros/formulas/_formulas.yml": evidence.words_digest(dbt_manifest, framework),
        "dagster_project/site": site.code_digest(),
    }
    types = region_types_fingerprint(known, dbt_manifest, framework, edition).value
    line = provenance.digest(registered(framework, edition))
    return provenance.Fingerprint(
        {
            "raw": known.described(edition),
            "register": {"seeds/editions.csv": line},
            "code": code,
            "upstream": found.parts["upstream"]
            | {"/".join(region_types_place(framework)[1:]): types},
            "engine": provenance.engines(ENGINES),
        }
    )


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
