"""The demonstration of 数字化服务能力 against the published figures, and the break before it."""

import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from dagster_project import runs
from dagster_project.build import build_definitions
from dagster_project.demonstration.demo import realised_edition
from dagster_project.demonstration.facts import definitions
from dagster_project.explanation import Revision
from dagster_project.explanation.terminal import tree_of
from dagster_project.keys import asset_key
from dagster_project.plan import plan
from dagster_project.preview.compute import NATION, preview
from dagster_project.publication.revisions import current_link
from dagster_project.registers import register, rows_in_effect
from tests.proof import independent
from tests.statistics import check_all, published_tables

FRAMEWORK = "digital_service"
EDITIONS = ["2023", "2024"]
CODES = [row["region_code"] for row in rows_in_effect("divisions", FRAMEWORK, "2024")]
TABLE = register("digital_service__published_indicators")
NAMED = ("名称文中列名，权重推定", "Name named in the document, weight inferred")
INFERRED = ("名称推定，权重推定", "Name inferred, weight inferred")
BASES = {
    row[code]: NAMED if row[provenance].startswith("named") else INFERRED
    for row in TABLE
    for code, provenance in (("level2_code", "level2_provenance"), ("level3_code", "provenance"))
}
# The report's names of the bands are in pictures.
LETTERS = ("此处沿用 A 至 D", "keep the letters A to D")


@pytest.fixture(scope="session")
def folders(successor) -> dict[str, Path]:
    return {edition: current_link(successor, FRAMEWORK, edition) for edition in EDITIONS}


def read(folder: Path, table: str) -> pd.DataFrame:
    text = {"region_code": "str", "verdict": "str", "predecessor_edition": "str"}
    return pd.read_csv(folder / f"{table}.csv", encoding="utf-8-sig", dtype=text)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_published_figure_differs(folders, edition):
    rows = read(folders[edition], "reconciliation")
    differing = rows[rows["verdict"] == "differs"]
    assert differing[["fact", "name", "published_text", "computed_text"]].values.tolist() == []
    said = rows[rows["verdict"] != "agrees"]
    assert said["explanation"].notna().all()
    assert rows["conforms"].all()
    assert json.loads((folders[edition] / "manifest.json").read_text())["synthetic"] is True


def test_what_the_document_contradicts_is_said(folders):  # fact 246
    by_verdict = read(folders["2024"], "reconciliation").groupby("verdict")["fact"].agg(set)
    assert by_verdict["contradicts"] == {150}
    assert by_verdict["rounding"] == {160}
    assert set(by_verdict.index) == {"agrees", "contradicts", "rounding"}


def test_claims_come_out_as_the_facts_say(folders):
    by_verdict = read(folders["2024"], "claims").groupby("verdict")["fact"].agg(set)
    assert by_verdict["false"] == {246}
    # How provinces coordinate is not collected.
    assert by_verdict["undecidable"] == {162}
    assert {143, 145, 146, 149, 157, 160, 161, 232} <= by_verdict["true"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_derived_tree_equals_the_table_with_its_provenance(folders, edition):
    tree = read(folders[edition], "indicator_tree").set_index("indicator_code")
    assert len(tree) == 1 + 4 + 9 + 24
    for row in TABLE:
        one = tree.loc[row["level3_code"]]
        assert one["indicator_name"] == row["level3"]
        assert one["parent_code"] == row["level2_code"]
        assert one["weight"] == float(row["level3_weight"])
        assert one["max_score"] == pytest.approx(float(row["max_score"]), abs=1e-9)
        named = "named" if row["provenance"].startswith("named") else "inferred"
        assert one["provenance"] == f"name {named}, weight inferred"
        assert tree.loc[row["level2_code"], "parent_code"] == row["level1_code"]
        assert tree.loc[row["level1_code"], "weight"] == float(row["level1_weight"])
        for code in (row["level1_code"], row["level2_code"], row["level3_code"]):
            role = {"评价": "evaluated", "观察": "observed"}[row["level1_kind"]]
            assert tree.loc[code, "role"] == role
    shares = tree.groupby("parent_code")["weight_share"].sum()
    assert shares.tolist() == pytest.approx([1] * len(shares))


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_platform_reads_exactly_the_values_that_were_chosen(folders, edition):
    scores = read(folders[edition], "indicator_scores").pivot(
        index="region_code", columns="indicator_code", values="score"
    )
    assert len(scores) == 337
    for code, expected in realised_edition(FRAMEWORK, edition).scores.items():
        assert scores[code].loc[CODES].to_numpy() == pytest.approx(expected, abs=1e-9), code


def test_scores_of_some_regions_are_those_of_the_independent_script(folders):
    """From the published values of points, by the formulas as written down apart from the SQL."""
    points = pd.read_parquet(folders["2024"] / "points.parquet")
    scores = read(folders["2024"], "indicator_scores").set_index(["region_code", "indicator_code"])
    values = {}
    for one in points.itertuples():
        if one.status == "not_collected":
            continue
        missed = one.status == "not_found" and pd.isna(one.value)
        values[one.region_code, one.point_code] = "not_found" if missed else float(one.value)
    agreement = {(one.region_code, one.point_code): one.agreement for one in points.itertuples()}
    marks = {row["level3_code"]: float(row["max_score"]) for row in TABLE}
    for region in ("110000", "330100", "620200", "542500"):
        context = independent.Context(values, agreement, region, CODES)
        total = 0.0
        for code, expression in definitions(FRAMEWORK, "2024").items():
            rate = context.rate(expression)
            assert scores.loc[(region, code), "score_rate"] == pytest.approx(rate, abs=1e-9), code
            total += marks[code] * rate
        assert scores.loc[(region, "total"), "score"] == pytest.approx(total, abs=1e-9)


def test_two_indicators_by_hand(folders):
    points = pd.read_parquet(folders["2024"] / "points.parquet")
    wide = points.pivot(index="region_code", columns="point_code", values="value")
    rates = read(folders["2024"], "indicator_scores").pivot(
        index="region_code", columns="indicator_code", values="score_rate"
    )
    listed = {"dac": ["sorted", "submission", "contest", "introduced"]}
    listed["saa"] = ["sources", "current", "several_turns"]
    for region in ("310000", "440300", "632600"):
        one = wide.loc[region]
        # What nobody collected is left out of a list.
        dac, saa = (one[[f"{key}_{name}" for name in listed[key]]].mean() for key in listed)
        expected = one["dac_column"] * (0.6 * dac + 0.4 * one["dac_level"] / 3)
        assert rates.loc[region, "data_application_column"] == pytest.approx(expected, abs=1e-9)
        answered = one["saa_correct"] / one["saa_asked"] if one["saa_asked"] else 0
        expected = 0.5 * answered + 0.25 * one["saa_relevance"] + 0.25 * saa
        assert rates.loc[region, "smart_answer_accuracy"] == pytest.approx(expected, abs=1e-9)


def test_every_statistic_equals_the_second_computation(folders):
    tables, before = (published_tables(folders[edition]) for edition in ("2024", "2023"))
    divisions = rows_in_effect("divisions", FRAMEWORK, "2024")
    economic = {row["region_code"]: row["economic_region"] for row in divisions}
    methods = {row["point_code"]: row["method"] for row in register("digital_service__points")}
    check_all(tables, before, economic, methods)


# Where names and weights come from, wherever the framework is shown


def test_pages_say_where_names_weights_and_bands_come_from(folders):
    site = folders["2024"] / "site"
    method = (site / "method.html").read_text(encoding="utf-8")
    # A row of a long table has no closing tags.
    rows = {
        code: method.partition(f'<td class="t"><code>{code}</code><td>')[2].partition("<tr>")[0]
        for code in (*BASES, "data_driven")
    }
    for code, (zh, en) in BASES.items():
        assert zh in rows[code], code
        assert en in rows[code], code
    assert "观察指标" in rows["data_driven"]
    assert "name named, weight" not in method
    names = ("index.html", "ranking.html", "indicators/smart_search.html", "regions/330100.html")
    for page in [method, *((site / name).read_text(encoding="utf-8") for name in names)]:
        footer = page.partition('<footer class="bottom">')[2]
        assert "29 项名称文中列名，权重推定；8 项名称推定，权重推定" in footer
        assert all(words in footer for words in LETTERS)


def test_explanation_run_and_workbook_say_it_too(successor, folders):
    explained = Revision(folders["2024"]).explain("330100")
    text = Console(width=300, record=True, file=StringIO())
    text.print(tree_of(explained, full=True))
    said = text.export_text()
    for words in (*NAMED, *INFERRED, *LETTERS):
        assert words in said
    told = runs.published_edition(successor, FRAMEWORK, "2024").notes
    assert any("8 项名称推定" in note and "8 name inferred" in note for note in told)
    assert any(LETTERS[0] in note and LETTERS[1] in note for note in told)
    first = pd.read_excel(folders["2024"] / "scores.xlsx", sheet_name=0, header=None)
    lines = dict(zip(first[0], first[1], strict=True))
    assert LETTERS[0] in lines["类型说明 bands_note"]
    # Of a framework whose bands have names of their own nothing is said.
    before = current_link(successor, "internet_service", "2022")
    assert "bands_note" not in json.loads((before / "manifest.json").read_text())
    [note] = runs.published_edition(successor, "internet_service", "2022").notes
    assert "假定与 2019 年相同" in note


def test_assets_say_it_too(successor):
    graph = build_definitions(successor).resolve_asset_graph()

    def description(framework, *name):
        return graph.get(asset_key(framework, *name)).description

    for code, (zh, en) in BASES.items():
        assert f"依据 basis: {zh} / {en}" in description(FRAMEWORK, "indicators", code)
    assert LETTERS[0] in description(FRAMEWORK, "scores", "rankings")
    assert LETTERS[1] in description(FRAMEWORK, "scores", "grade_cuts")
    # Editions that differ are named.
    supply = description("internet_service", "indicators", "supply")
    assert "名称与权重已公布 / Name and weight published (2019, 2021)" in supply
    assert "假定与 2019 年相同 / Assumed to be as in 2019 (2018, 2020, 2022)" in supply
    news = description("chile_egi", "indicators", "news")
    assert "依据 basis: 名称与权重已公布 / Name and weight published\n" in news


# The observed indicator


def test_without_the_observed_indicator_the_others_make_up_the_total(successor, folders):
    """The preview assumes the other setting; nothing is published by it."""
    [found] = preview(successor, FRAMEWORK, ["2024"], ["observed_counts=false"])
    assert found.refusals == []
    scores = read(folders["2024"], "indicator_scores")
    means = scores.groupby("indicator_code")["score"].mean()
    expected = means[["supply", "response", "intelligence"]].sum() / 0.9
    [nation] = [row for row in found.means if row["region"] == NATION]
    assert nation["before"] == pytest.approx(71.30, abs=0.005)
    assert nation["after"] == pytest.approx(expected, abs=1e-6)
    assert nation["after"] > 74


# The break between the frameworks


def test_only_declared_rates_are_compared_across_the_break(successor, folders):
    rows = read(folders["2023"], "framework_break").set_index("indicator_code")
    declared = {row["indicator_code"]: row for row in register("comparable_indicators")}
    compared = rows[rows["compared"] == "score_rate"]
    assert set(compared.index) == declared.keys()
    before = read(current_link(successor, "internet_service", "2022"), "statistics")
    rate = (before["statistic"] == "score_rate") & (before["group_kind"] == "nation")
    then = before[rate].set_index("indicator_code")["value"]
    for code, row in compared.iterrows():
        assert row["predecessor_code"] == declared[code]["predecessor_code"]
        assert row["predecessor_score_rate"] == then[row["predecessor_code"]]
        change = row["score_rate"] - row["predecessor_score_rate"]
        assert row["score_rate_change"] == pytest.approx(change, abs=1e-12)
    said = rows.loc["total"]
    assert (said["compared"], said["predecessor_edition"]) == ("nothing", "2022")
    assert "不比较" in said["why"]
    assert pd.isna(said["score_rate_change"])
    # No statistic of 2023 compares with the edition before, which is another framework's.
    statistics = read(folders["2023"], "statistics")["statistic"]
    assert not statistics.str.contains("_change|gain_over|from_zero|beta").any()
    later = read(folders["2024"], "framework_break")
    assert later["compared"].tolist() == ["nothing"]
    assert read(folders["2024"], "statistics")["statistic"].str.contains("_change").any()


def test_the_plan_knows_that_the_break_is_read(successor, tmp_path):
    assert plan(successor, ["internet_service", FRAMEWORK], None) == ([], [])
    fresh = replace(successor, raw=tmp_path / "raw", data=tmp_path / "data")
    shutil.copytree(successor.raw / FRAMEWORK, fresh.raw / FRAMEWORK)
    shutil.copytree(successor.data, fresh.data, symlinks=True)
    # The files of the framework before are gone, its tables are there: as they were computed.
    assert plan(fresh, [FRAMEWORK]) == ([], [])
    shutil.rmtree(fresh.state / "internet_service")
    stale, _ = plan(fresh, [FRAMEWORK])
    assert {(one.asset, one.edition) for one in stale} == {
        ("framework_break", "2023"),
        ("published", "2023"),
    }
    assert {one.source for one in stale} == {"score_statistics"}
    [outcome] = runs.backfill(fresh, FRAMEWORK, [], ["2023"])
    assert outcome.failure is None
    assert sorted(outcome.assets) == ["published/edition", "scores/framework_break"]
    rows = read(current_link(fresh, FRAMEWORK, "2023"), "framework_break")
    assert rows["compared"].tolist() == ["nothing"]
    assert plan(fresh, [FRAMEWORK]) == ([], [])


def test_the_last_edition_before_goes_into_the_first_after(successor):
    graph = build_definitions(successor).resolve_asset_graph()
    broken = graph.get(asset_key(FRAMEWORK, "scores", "framework_break"))
    before = asset_key("internet_service", "scores", "score_statistics")
    assert before in broken.parent_keys
    mapping = broken.partition_mappings[before]
    assert mapping.downstream_partition_keys_by_upstream_partition_key == {"2022": "2023"}
