"""The dbt assets: one definition per framework, from dbt's manifest.

Keys, groups and versions of models as assets, and the one function that builds an
edition's models. What the models compute stands in the dbt project.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from dagster_project import dbt_runner, provenance
from dagster_project.collection.assets import markdown_table
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.keys import ONE_EDITION_A_RUN, Events, one_sentence, partitions_of
from dagster_project.publication.headings import basis
from dagster_project.registers import break_before, editions, in_effect
from dagster_project.settings import Settings
from dagster_project.warehouse import POOL, exclusive

SAMPLE_ROWS = 10
BINS = 20
# The tables that name bands.
BANDED = ("rankings", "grade_cuts", "band_candidates")


class Translator(DagsterDbtTranslator):
    """How a dbt node appears in Dagster."""

    def __init__(
        self, framework: Framework, known: provenance.Provenance, bases: Mapping[str, str]
    ) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=False))
        self._framework = framework
        self._known = known
        self._bases = bases

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return node_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return self._framework.code

    def get_code_version(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        # The default is the hash of the raw SQL, which does not see macros.
        if dbt_resource_props["resource_type"] != "model":
            return None
        return self._known.code_version(dbt_resource_props["unique_id"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        return self._framework.owners

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        meta = dbt_resource_props.get("config", {}).get("meta", {})
        _, _, name = dbt_resource_props["name"].partition("__")
        if "definition" not in meta:
            text = str(dbt_resource_props.get("description") or meta.get("description") or "")
            note = self._framework.bands_note if name in BANDED else None
            return f"{text}\n\n{note}" if note else text
        text = f"{meta['name']} ({meta['name_en']})\n\n{meta['definition']}"
        if name in self._bases:
            text += f"\n\n{self._bases[name]}"
        if "formula" in meta:
            text += f"\n\nPoints: {', '.join(meta['points'])}\n\n```sql\n{meta['formula']}\n```"
        if "children" in meta:
            columns = ["code", "weight", "first_edition", "last_edition"]
            further = ("role", "provenance")
            columns += [one for one in further if any(one in child for child in meta["children"])]
            rows = [[child.get(column) for column in columns] for child in meta["children"]]
            text += f"\n\n{markdown_table(columns, rows)}"
        return text

    def get_partition_mapping(
        self,
        dbt_resource_props: Mapping[str, Any],
        dbt_parent_resource_props: Mapping[str, Any],
    ) -> dg.PartitionMapping | None:
        if dbt_parent_resource_props["resource_type"] == "seed":
            return None
        if dbt_parent_resource_props["unique_id"] in provenance.models_of_others(
            dbt_resource_props
        ):
            return across_the_break(self._framework.code)
        read_again = dbt_parent_resource_props["resource_type"] == "model"
        if read_again and provenance.reads_previous(dbt_resource_props):
            return itself_and_the_next(self._framework.code)
        return dg.IdentityPartitionMapping()


def itself_and_the_next(framework: str) -> dg.StaticPartitionMapping:
    """An edition goes into the tables of its own edition and into those of the next."""
    names = [line.edition for line in editions(framework)]
    return dg.StaticPartitionMapping(
        {name: names[place : place + 2] for place, name in enumerate(names)}
    )


def across_the_break(framework: str) -> dg.StaticPartitionMapping:
    """The last edition of the framework before goes into the edition that follows the break."""
    return dg.StaticPartitionMapping(
        {
            broken.predecessor_edition: line.edition
            for line in editions(framework)
            if (broken := break_before(framework, line.edition))
        }
    )


def node_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """Asset key of a dbt node."""
    return dg.AssetKey(list(provenance.key_of(node)))


def models_of(manifest: Mapping[str, Any], framework: Framework) -> dict[dg.AssetKey, str]:
    """Unique ids of a framework's models by their asset keys."""
    return {
        node_key(manifest["nodes"][unique_id]): unique_id
        for unique_id in provenance.model_ids(manifest, framework.code)
    }


def bases_of(manifest: Mapping[str, Any], framework: Framework) -> dict[str, str]:
    """Where name and weight of each indicator below the total come from, in Chinese and English:
    by its parent's file, else by the parameter `provenance`. Editions that differ are named."""
    nodes = {
        node["name"].partition("__")[2]: node
        for node in (manifest["nodes"][model] for model in models_of(manifest, framework).values())
        if "model_kind" in node["config"]["meta"]
    }
    parameter = provenance.method_of(framework.code).get("provenance", "")
    found: dict[str, dict[str, list[str]]] = {}
    for parent in nodes.values():
        for child in parent["config"]["meta"].get("children", []):
            said = child.get("provenance") or parameter
            if isinstance(said, dict):
                keys = (*provenance.keys_of(nodes[child["code"]]), "default")
                said = next((said[key] for key in keys if key in said), "")
            ranges = said if isinstance(said, list) else [{"value": said}]
            for line in editions(framework.code):
                for one in ranges:
                    if in_effect(child, line.edition) and in_effect(one, line.edition):
                        words = " / ".join(basis(one["value"]))
                        found.setdefault(child["code"], {}).setdefault(words, []).append(
                            line.edition
                        )
    return {
        code: "依据 basis: "
        + "; ".join(
            f"{words} ({', '.join(known)})" if len(said) > 1 else words
            for words, known in said.items()
        )
        for code, said in found.items()
    }


def register_specs(settings: Settings, frameworks: Sequence[Framework]) -> list[dg.AssetSpec]:
    """The registers that the frameworks' models and tests read: assets that nothing here
    makes, so that they show in the lineage."""
    manifest = dbt_runner.manifest(settings)
    models = [model for one in frameworks for model in models_of(manifest, one).values()]
    return [
        dg.AssetSpec(
            node_key(manifest["nodes"][seed]),
            description=manifest["nodes"][seed]["description"],
            kinds={"csv"},
            group_name="registers",
        )
        for seed in seeds_of(manifest, [*models, *tests_on(manifest, models)])
    ]


def dbt_models_asset(settings: Settings, framework: Framework) -> dg.AssetsDefinition:
    """All dbt models of a framework as assets of one operation that can run any subset."""
    manifest = dbt_runner.manifest(settings)
    models = models_of(manifest, framework)

    @dbt_assets(
        manifest=manifest,
        select=f"{framework.code}__*,resource_type:model",
        name=f"{framework.code}__dbt",
        partitions_def=partitions_of(framework.code),
        backfill_policy=ONE_EDITION_A_RUN,
        dagster_dbt_translator=Translator(
            framework,
            provenance.Provenance(settings, framework, manifest),
            bases_of(manifest, framework),
        ),
        pool=POOL,
    )
    def build_models(context: dg.AssetExecutionContext) -> Events:
        edition = context.partition_key
        selected = {key: models[key] for key in sorted(context.selected_asset_keys)}
        checks = {key.name: key for key in context.selected_asset_check_keys}
        tests = [test for test in tests_on(manifest, selected.values()) if _name(test) in checks]
        with one_sentence():
            known = provenance.Provenance(settings, framework, manifest, as_stored=True)
            _refuse_stale_inputs(settings, framework, manifest, known, edition, selected)
            for key in selected:
                provenance.forget(settings, key.path, edition)
            needed = [*seeds_of(manifest, [*selected.values(), *tests]), *selected.values()]
            names = [manifest["nodes"][node]["name"] for node in [*needed, *tests]]
            # Nothing is yielded while the warehouse is held: whoever takes the events might
            # never ask for the next.
            with exclusive(settings):
                provenance.name_new_warehouse(settings)
                results = dbt_runner.build(
                    settings,
                    edition,
                    known.computed_before(edition),
                    names,
                    predecessor=known.computed_before_break(edition),
                )
                with duckdb.connect(str(settings.warehouse), read_only=True) as warehouse:
                    metadata = {
                        result.unique_id: _metadata(warehouse, manifest, result, edition)
                        for result in results
                    }
            by_node = {result.unique_id: result for result in results}
            keys = {model: key for key, model in selected.items()}
            for result in results:  # in the order they ran, parents first
                if result.unique_id in keys and result.succeeded:
                    version = known.model(result.unique_id, edition).value
                    yield dg.MaterializeResult(
                        asset_key=keys[result.unique_id],
                        data_version=dg.DataVersion(version),
                        metadata=metadata[result.unique_id],
                    )
            for test in tests:
                if by_node[test].status != "skipped":
                    check = checks[_name(test)]
                    yield dg.AssetCheckResult(
                        asset_key=check.asset_key,
                        check_name=check.name,
                        passed=by_node[test].succeeded,
                        metadata=metadata[test],
                    )
            _remember(settings, manifest, known, edition, selected, by_node, tests, context.run_id)
            failed = [result for result in results if result.status in ("error", "fail")]
            if failed:
                reasons = "; ".join(sentence_of(manifest, result) for result in failed)
                raise GovIndexError(f"{framework.code} {edition}: {reasons}")

    return build_models


def stale_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    known: provenance.Provenance,
    edition: str,
    nodes: Iterable[str],
) -> list[str]:
    """Names of the models and landed tables (dbt's unique ids) whose stored result does not
    follow from today's files, or is not there."""
    stale = []
    for node in nodes:
        if node.startswith("source."):
            props = manifest["sources"][node]
            today = known.landed(props["name"], edition)
        else:
            props = manifest["nodes"][node]
            today = known.model(node, edition)
        if provenance.remembered(settings, node_key(props).path, edition) != today.value:
            stale.append("/".join(node_key(props).path[1:]))
    return stale


def _refuse_stale_inputs(
    settings: Settings,
    framework: Framework,
    manifest: Mapping[str, Any],
    known: provenance.Provenance,
    edition: str,
    selected: Mapping[dg.AssetKey, str],
) -> None:
    """Raises GovIndexError if an input that is not built here is stale."""
    inputs = {
        parent
        for model in selected.values()
        for parent in manifest["nodes"][model]["depends_on"]["nodes"]
        if not parent.startswith("seed.")
        and parent not in provenance.models_of_others(manifest["nodes"][model])
    } - set(selected.values())
    refuse_stale(settings, framework, manifest, known, edition, sorted(inputs))


def refuse_stale(
    settings: Settings,
    framework: Framework,
    manifest: Mapping[str, Any],
    known: provenance.Provenance,
    edition: str,
    inputs: Sequence[str],
) -> None:
    """Raises GovIndexError if one of the inputs (dbt's unique ids) did not pass its gate, or is
    older than what it is made of: what is built on it would claim what it does not hold."""
    stale = stale_assets(settings, manifest, known, edition, inputs)
    if stale:
        raise GovIndexError(
            f"{framework.code} {edition}: {', '.join(stale)} did not pass or is older than what "
            "it is made of, so nothing can be computed from it; materialise it first, or run "
            f"`govindex run --framework {framework.code} --edition {edition}`"
        )


def sql_path(settings: Settings, framework: str, edition: str, model: str) -> Path:
    """Where the SQL of a model is kept as it last ran for an edition."""
    return settings.state / framework / edition / "sql" / f"{model}.sql"


def _remember(
    settings: Settings,
    manifest: Mapping[str, Any],
    known: provenance.Provenance,
    edition: str,
    selected: Mapping[dg.AssetKey, str],
    by_node: Mapping[str, dbt_runner.NodeResult],
    tests: Sequence[str],
    run: str,
) -> None:
    """Stores fingerprint and SQL of every model that was built and passed its tests."""
    for key, model in selected.items():
        results = [by_node[model]]
        results += [
            by_node[test] for test in tests if manifest["nodes"][test]["attached_node"] == model
        ]
        if all(result.succeeded for result in results):
            provenance.remember(settings, key.path, edition, known.model(model, edition), run)
            path = sql_path(settings, key.path[0], edition, key.path[-1])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(by_node[model].compiled_code.strip() + "\n", encoding="utf-8")


def _metadata(
    warehouse: duckdb.DuckDBPyConnection,
    manifest: Mapping[str, Any],
    result: dbt_runner.NodeResult,
    edition: str,
) -> dict[str, Any]:
    """What the page of a model or test shows of an edition.

    Of a model its rows, its seconds and how its score rates are distributed; of a test how
    many rows fail, and the first of them.
    """
    node = manifest["nodes"][result.unique_id]
    metadata: dict[str, Any] = {"edition": edition, "seconds": round(result.seconds, 3)}
    if not result.succeeded:
        metadata["message"] = result.message
    if node["resource_type"] == "test":
        metadata["rows that fail"] = result.failures
        if result.status == "fail":
            found = warehouse.execute(result.compiled_code)
            heading = [column[0] for column in found.description or []]
            rows = [list(row) for row in found.fetchmany(SAMPLE_ROWS)]
            metadata["sample rows"] = dg.MetadataValue.md(markdown_table(heading, rows))
    elif node["resource_type"] == "model" and result.succeeded:
        table = node["name"]
        counted = warehouse.execute(f"select count(*) from {table} where edition = ?", [edition])
        metadata["dagster/row_count"] = (counted.fetchone() or (0,))[0]
        if "model_kind" in node["config"]["meta"]:
            query = f"""
                select least(floor(score_rate * {BINS}), {BINS - 1})::integer, count(*)
                from {table} where edition = ? and score_rate is not null group by 1
            """
            bins = dict(warehouse.execute(query, [edition]).fetchall())
            metadata["distribution of score rates"] = dg.MetadataValue.md(
                histogram([bins.get(number, 0) for number in range(BINS)])
            )
    return metadata


def histogram(counts: Sequence[int]) -> str:
    """A small picture of a distribution over 0..1, as Markdown that needs no file."""
    width, height = 240, 60
    step = width / len(counts)
    top = max([*counts, 1])
    bars = "".join(
        f'<rect x="{number * step + 0.5:.1f}" y="{height - height * count / top:.1f}" '
        f'width="{step - 1:.1f}" height="{height * count / top:.1f}" fill="#3b6fb6"/>'
        for number, count in enumerate(counts)
    )
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + 14}" '
        f'font-family="sans-serif" font-size="10">{bars}'
        f'<line x1="0" x2="{width}" y1="{height}" y2="{height}" stroke="#888"/>'
        f'<text x="0" y="{height + 11}" fill="#888">0</text>'
        f'<text x="{width}" y="{height + 11}" fill="#888" text-anchor="end">1</text></svg>'
    )
    encoded = base64.b64encode(picture.encode()).decode()
    return f"![distribution](data:image/svg+xml;base64,{encoded})"


def sentence_of(manifest: Mapping[str, Any], result: dbt_runner.NodeResult) -> str:
    """Why a model or test failed, and where it stands."""
    node = manifest["nodes"][result.unique_id]
    if result.status == "fail":
        model = manifest["nodes"][node["attached_node"]]["name"]
        return (
            f"{model} has {result.failures} rows that fail the test {node['name']} "
            f"(dbt_project/{node['original_file_path']}; the check of the asset shows them)"
        )
    return f"dbt_project/{node['original_file_path']}: {result.message}"


def _name(unique_id: str) -> str:
    """A node's name without its kind, package and, for a test, the hash behind it."""
    return unique_id.split(".")[2 if not unique_id.startswith("source") else 3]


def _parents(manifest: Mapping[str, Any], nodes: Iterable[str], kind: str) -> list[str]:
    found = {
        parent
        for node in nodes
        for parent in manifest["nodes"][node]["depends_on"]["nodes"]
        if parent.startswith(f"{kind}.")
    }
    return sorted(found)


def seeds_of(manifest: Mapping[str, Any], nodes: Iterable[str]) -> list[str]:
    """The registers that models and tests read."""
    return _parents(manifest, nodes, "seed")


def tests_on(manifest: Mapping[str, Any], models: Iterable[str]) -> list[str]:
    """The data tests of models."""
    attached = set(models)
    return sorted(
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "test" and node["attached_node"] in attached
    )
