"""The asset graph as a golden file, so that a change of it is a diff that someone reads.

A framework that the file does not know, one of your own, is not compared. To renew the file, and
to take such a one in: GOVINDEX_RENEW=1 pytest tests/integration/test_asset_graph.py
"""

import json
import os
import re
from pathlib import Path

import dagster as dg

from dagster_project import runs
from dagster_project.automation import annual_run_name
from dagster_project.build import build_definitions
from dagster_project.frameworks import framework_codes
from dagster_project.settings import DBT_PROJECT
from dagster_project.staleness import CHECK as STALE

GOLDEN = Path(__file__).with_name("asset_graph.json")


def described(definitions: dg.Definitions) -> dict[str, dict[str, object]]:
    graph = definitions.resolve_asset_graph()
    shown = {}
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        shown[key.to_user_string()] = {
            "group": node.group_name,
            "kinds": sorted(node.kinds),
            "owners": sorted(node.owners),
            "editions": node.partitions_def.get_partition_keys() if node.partitions_def else None,
            "pools": sorted(node.pools or []),
            "after": sorted(parent.to_user_string() for parent in node.parent_keys),
            "checks": sorted(check.name for check in node.check_keys),
        }
    return shown


def test_definitions_load_and_are_those_of_the_golden_file(computed):
    definitions = build_definitions(computed)
    dg.Definitions.validate_loadable(definitions)
    found = described(definitions)
    if os.environ.get("GOVINDEX_RENEW"):
        GOLDEN.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert of_known_frameworks(found) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def of_known_frameworks(
    found: dict[str, dict[str, object]],
) -> dict[str, dict[str, object]]:
    """The assets and registers without those of frameworks of which the golden file has none."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    own = set(framework_codes()) - {name.partition("/")[0] for name in golden}

    def whose(name: str) -> str:
        first, _, last = name.partition("/")
        return last.partition("__")[0] if first == "registers" else first

    return {name: asset for name, asset in found.items() if whose(name) not in own}


def test_a_framework_of_ones_own_is_not_compared(monkeypatch):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    known = framework_codes()
    own = {"water_service/points/readings": {}, "registers/water_service__points": {}}
    assert of_known_frameworks(golden | own) != golden
    monkeypatch.setitem(globals(), "framework_codes", lambda: (*known, "water_service"))
    assert of_known_frameworks(golden | own) == golden


def test_every_asset_that_is_made_here_runs_one_edition_at_a_time(computed):
    definitions = build_definitions(computed)
    for asset in definitions.assets:
        if isinstance(asset, dg.AssetsDefinition):
            assert asset.backfill_policy == dg.BackfillPolicy.multi_run(max_partitions_per_run=1)


def test_a_run_of_some_assets_leaves_the_check_of_all_editions_to_its_own_job(computed):
    def checks(definitions, asset):
        job = definitions.resolve_job_def(annual_run_name("chile_egi"))
        some = job.get_subset(asset_selection={dg.AssetKey(["chile_egi", *asset])})
        return {key.name for key in some.asset_layer.asset_graph.asset_check_keys}

    news = ("indicators", "news")
    assert STALE in checks(build_definitions(computed), news)
    ours = checks(runs._definitions(computed), news)
    assert ours == checks(build_definitions(computed), news) - {STALE}
    assert "conformance" in checks(runs._definitions(computed), ("published", "edition"))


def test_every_indicator_is_described_in_two_languages(computed):
    graph = build_definitions(computed).resolve_asset_graph()
    indicators = [key for key in graph.get_all_asset_keys() if key.path[1:2] == ["indicators"]]
    assert len(indicators) == len(list((DBT_PROJECT / "models/indicators").rglob("*.sql")))
    for key in indicators:
        # Lists show it as it is written, so it begins without signs of Markdown.
        first, _, _ = graph.get(key).description.partition("\n")
        assert re.fullmatch(r"[^*]+ \([^*]+\)", first)
