"""What dbt is told to build is what is to be built, however short it is said."""

import json

import pytest
from dbt.cli.main import dbtRunner

from dagster_project import indicators
from dagster_project.dbt_runner import build_arguments, manifest, selectors
from dagster_project.frameworks import framework, framework_codes
from tests.conftest import settings_in


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Settings without any data, and the parsed project."""
    settings = settings_in(tmp_path_factory.mktemp("empty"))
    return settings, manifest(settings)


@pytest.mark.parametrize("code", framework_codes())
def test_all_of_a_framework_is_selected_as_by_its_names(code, known, monkeypatch):
    settings, nodes = known
    models = [*indicators.models_of(nodes, framework(code)).values()]
    tests = indicators.tests_on(nodes, models)
    wanted = [*indicators.seeds_of(nodes, [*models, *tests]), *models, *tests]
    names = [nodes["nodes"][node]["name"] for node in wanted]
    short = selectors(nodes, names)
    assert len(short) == len(names) - len(models) + 1

    monkeypatch.setenv("GOVINDEX_DATA", str(settings.data))
    arguments = build_arguments(settings, "2019", None, short)
    listed = ["list" if one == "build" else one for one in arguments]
    outcome = dbtRunner().invoke([*listed, "--output", "json", "--output-keys", "unique_id"])
    assert {json.loads(line)["unique_id"] for line in outcome.result} == set(wanted)


def test_some_models_are_selected_by_their_names(known):
    names = ["chile_egi__news", "chile_egi__regions", "chile_egi__total"]
    assert selectors(known[1], names) == names
