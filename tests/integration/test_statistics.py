"""The statistics of the report against a second computation from the published tables."""

from dataclasses import replace

import pytest

from dagster_project import runs
from dagster_project.build import build_definitions
from dagster_project.keys import asset_key
from dagster_project.plan import plan
from dagster_project.publication.revisions import current_link
from dagster_project.registers import register
from tests.statistics import check_all, published_tables


@pytest.mark.parametrize(
    ("edition", "before"), [("2016", None), ("2019", "2016"), ("2021", "2019")]
)
def test_every_statistic_of_chile_equals_the_second_computation(computed, edition, before):
    tables = published_tables(current_link(computed, "chile_egi", edition))
    other = published_tables(current_link(computed, "chile_egi", before)) if before else None
    methods = {row["point_code"]: row["method"] for row in register("chile_egi__points")}
    check_all(tables, other, {}, methods)


def test_every_statistic_of_the_report_equals_the_second_computation(demonstrated):
    tables, before = (published_tables(demonstrated[edition]) for edition in ("2019", "2018"))
    economic = {row["region_code"]: row["economic_region"] for row in register("divisions")}
    methods = {row["point_code"]: row["method"] for row in register("internet_service__points")}
    found = check_all(tables, before, economic, methods)
    # Every figure that both editions have is compared, and one that names nobody twice.
    for statistic in ("mean", "median", "quantile_10", "std", "zero_share", "count", "score_rate"):
        for kind, name in (("nation", ""), ("province", "四川省"), ("economic_region", "西部")):
            assert ("response", f"{statistic}_change", kind, name) in found
    for statistic in ("gini", "theil_within", "province_ratio", "sigma", "std_of_provinces"):
        for suffix in ("_change", "_change_relative"):
            assert ("supply", statistic + suffix, "nation", "") in found
    assert found["", "late_samples", "collection", ""][0] > 900  # six regions, one round late
    assert found["", "duplicate_rows", "collection", ""][0] == 100


@pytest.mark.parametrize(
    ("edition", "before"), [("2003", None), ("2010", "2008"), ("2022", "2020")]
)
def test_every_statistic_of_the_surveys_equals_the_second_computation(surveys, edition, before):
    tables = published_tables(current_link(surveys, "un_egdi", edition))
    other = published_tables(current_link(surveys, "un_egdi", before)) if before else None
    methods = {row["point_code"]: row["method"] for row in register("un_egdi__points")}
    check_all(tables, other, {}, methods)


def test_changes_appear_when_the_edition_before_is_computed(computed, tmp_path):
    fresh = replace(computed, data=tmp_path / "data")

    def changes():
        tables = published_tables(current_link(fresh, "chile_egi", "2019"))
        return tables["statistics"]["statistic"].isin(["rank_change", "mean_change"]).sum()

    [outcome] = runs.run_editions(fresh, [("chile_egi", "2019")])
    assert outcome.failure is None
    assert changes() == 0
    [outcome] = runs.run_editions(fresh, [("chile_egi", "2016")])
    assert outcome.failure is None
    assert plan(fresh, ["chile_egi"], ["2019"])[0] != []
    due, _ = runs.editions_due(fresh, ["chile_egi"])
    assert due == [("chile_egi", "2019"), ("chile_egi", "2021")]
    [outcome] = runs.run_editions(fresh, due[:1])
    assert outcome.failure is None
    assert changes() > 100
    assert plan(fresh, ["chile_egi"], ["2019"]) == ([], [])


def test_an_edition_goes_into_the_changes_of_itself_and_of_the_next(computed):
    graph = build_definitions(computed).resolve_asset_graph()
    change = graph.get(asset_key("chile_egi", "scores", "change_statistics"))
    assert change.parent_keys == {asset_key("chile_egi", "scores", "comparable_figures")}
    [mapping] = change.partition_mappings.values()
    assert mapping.downstream_partition_keys_by_upstream_partition_key == {
        "2016": ["2016", "2019"],
        "2019": ["2019", "2021"],
        "2021": ["2021"],
    }
