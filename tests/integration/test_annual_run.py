"""The annual run on the real files: what is published, and that it is the same every time."""

import json
import shutil
from dataclasses import replace

import duckdb
import pandas as pd
import pytest

from dagster_project import runs
from dagster_project.collection.fetch import record_edition
from dagster_project.collection.manifest import edition_folder
from dagster_project.publication.revisions import current_link
from dagster_project.publication.tables import COLUMNS
from tests.conftest import EDITIONS
from tests.integration.conftest import files_of

PUBLISHED = {
    "2016": {"egi": (188, 188), "egi_std": (188, 188)},
    "2019": {"egi": (337, 337)},
    "2021": {"egi": (333, 333)},
}
# Chile's index has neither grades, nor a second assessor, nor claims.
ABSENT = {"grade_cuts", "band_candidates", "assessor_agreement", "claims"}
CSV = [table for table in COLUMNS if table != "points" and table not in ABSENT]
PARQUET = ["indicator_scores", "rankings", "points", "statistics"]


def read_csv(computed, edition, table):
    path = current_link(computed, "chile_egi", edition) / f"{table}.csv"
    return pd.read_csv(path, encoding="utf-8-sig", dtype={"region_code": "str", "edition": "str"})


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_published_figure_is_met(computed, edition):
    manifest = json.loads(
        (current_link(computed, "chile_egi", edition) / "manifest.json").read_text()
    )
    counted = {
        kind: (one["agree"], one["figures"]) for kind, one in manifest["conformance"].items()
    }
    assert counted == PUBLISHED[edition]
    rows = read_csv(computed, edition, "reconciliation")
    assert (rows["verdict"] == "agrees").all()
    assert len(rows) == sum(total for _, total in PUBLISHED[edition].values())


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_published_score_is_the_one_in_the_rankings(computed, mirror, edition):
    published = pd.read_csv(
        mirror / "chile_egi" / f"local_gov_indicators_{edition}.csv", dtype={"cut_com": "str"}
    )
    ours = read_csv(computed, edition, "rankings").set_index("region_code")["score"]
    theirs = published.set_index(published["cut_com"].str.zfill(5))["egi"]
    assert len(ours) == 345
    assert ours.notna().sum() == sum(PUBLISHED[edition]["egi"]) // 2
    pd.testing.assert_series_equal(
        ours.sort_index(), theirs.sort_index(), check_names=False, check_index_type=False
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_tables_have_the_columns_that_others_rely_on(computed, edition):
    folder = current_link(computed, "chile_egi", edition)
    for table in CSV:
        if not (folder / f"{table}.csv").is_file():
            assert table == "framework_break"
            continue
        found = list(read_csv(computed, edition, table).columns)
        assert found[: len(COLUMNS[table])] == COLUMNS[table]
        assert found[-3:] == ["revision", "synthetic", "conforms"]
    for table in PARQUET:
        found = list(pd.read_parquet(folder / f"{table}.parquet").columns)
        assert found[: len(COLUMNS[table])] == COLUMNS[table]


def test_rows_are_ordered_by_group_rank_and_region(computed):
    for table in ("rankings", "indicator_scores"):
        rows = read_csv(computed, "2019", table)
        order = rows.sort_values(["object_group", "rank", "region_code"], kind="stable").index
        assert (order == rows.index).all()
        assert rows["rank"].isna().sum() == (rows["status"] == "missing").sum()


def test_ties_share_the_smaller_rank(computed):
    rows = read_csv(computed, "2019", "rankings").dropna(subset="score")
    expected = rows["score"].rank(method="min", ascending=False)
    assert (rows["rank"] == expected).all()
    within = rows.groupby("parent_region")["score"].rank(method="min", ascending=False)
    assert (rows["rank_in_parent"] == within).all()


def test_the_tree_is_that_of_the_published_method(computed):
    tree = read_csv(computed, "2016", "indicator_tree").set_index("indicator_code")
    assert (tree["level"] == 2).sum() == 13
    assert tree.loc["total", "max_score"] == 9.25
    assert tree.loc["transaction", ["weight", "max_score"]].tolist() == [4, 4]
    tree = read_csv(computed, "2021", "indicator_tree").set_index("indicator_code")
    assert (tree["level"] == 2).sum() == 14
    assert tree.loc["total", "max_score"] == 10.25
    assert tree.loc["digital_certificate", "parent_code"] == "transaction"
    shares = tree.groupby("parent_code")["weight_share"].sum()
    assert shares.tolist() == pytest.approx([1.0] * len(shares), abs=1e-11)


def test_every_point_is_found_in_its_file_at_its_place(computed):
    points = pd.read_parquet(current_link(computed, "chile_egi", "2021") / "points.parquet")
    assert len(points) == 345 * 20
    raw = edition_folder(computed, "chile_egi", "2021") / "egi_2021.csv"
    lines = raw.read_text(encoding="utf-8-sig").splitlines()
    heading = lines[0].split(",")
    collected = points.dropna(subset="value")
    assert len(collected) > 5000
    for one in collected.itertuples():
        assert one.raw_file == "raw/chile_egi/2021/egi_2021.csv"
        assert float(lines[one.row - 1].split(",")[heading.index(one.point_code)]) == one.value


def test_missing_items_leave_a_row_without_a_score(computed):
    scores = read_csv(computed, "2019", "indicator_scores")
    total = scores[scores["indicator_code"] == "total"].set_index("region_code")
    missing = total[total["status"] == "missing"]
    assert len(missing) == 8
    assert missing["score"].isna().all()
    assert (missing["collected_share"] == 0).all()


def test_the_corrections_that_were_applied_are_listed_with_file_and_row(computed):
    folder = current_link(computed, "chile_egi", "2019")
    applied = json.loads((folder / "manifest.json").read_text())["corrections"]
    assert {(one["row"], one["after"]) for one in applied} == {
        (4, "15202"),
        (5, "15201"),
        (237, "16206"),
        (291, "14105"),
    }
    folder = current_link(computed, "chile_egi", "2021")
    [one] = json.loads((folder / "manifest.json").read_text())["corrections"]
    assert (one["before"], one["after"]) == ("12202", "exclude")


def test_a_second_run_makes_no_new_revision_and_changes_no_byte(computed, sandbox):
    assert sandbox.run("2019", "what another test left there is undone") is None
    number, before = sandbox.published("2019").resolve().name, files_of(sandbox.published("2019"))
    assert sandbox.run("2019") is None
    assert sandbox.published("2019").resolve().name == number
    assert files_of(sandbox.published("2019")) == before


def test_the_same_files_give_the_same_bytes_from_nothing(computed, tmp_path):
    fresh = replace(computed, data=tmp_path / "data")
    [outcome] = runs.run_editions(fresh, [("chile_egi", "2016")])
    assert outcome.failure is None
    assert files_of(current_link(fresh, "chile_egi", "2016")) == files_of(
        current_link(computed, "chile_egi", "2016")
    )


def test_the_order_of_rows_in_a_file_changes_no_score(computed, sandbox, tmp_path):
    def reverse(content: bytes) -> bytes:
        heading, *rows = content.splitlines(keepends=True)
        return b"".join([heading, *reversed(rows)])

    sandbox.change("2021", "egi_2021.csv", reverse)
    assert sandbox.run("2021") is None
    names = ["score", "rank", "rank_in_parent"]
    ours = pd.read_parquet(sandbox.published("2021") / "rankings.parquet")
    theirs = pd.read_parquet(current_link(computed, "chile_egi", "2021") / "rankings.parquet")
    pd.testing.assert_frame_equal(ours[["region_code", *names]], theirs[["region_code", *names]])
    assert sandbox.published("2021").resolve().name == "2"  # the rows came from other places


def test_a_region_that_left_the_edition_leaves_no_row(sandbox):
    models = ["regions", "point_values", "forms", "presence", "total", "indicator_scores"]
    with duckdb.connect(str(sandbox.settings.warehouse)) as warehouse:
        for model in models:
            warehouse.execute(f"""
                insert into chile_egi__{model} by name
                select * replace ('99999' as region_code) from chile_egi__{model}
                where edition = '2019' and region_code = '01101'
            """)
    assert sandbox.run("2019") is None
    with duckdb.connect(str(sandbox.settings.warehouse), read_only=True) as warehouse:
        for model in models:
            query = f"select count(*) from chile_egi__{model} where region_code = '99999'"
            assert warehouse.execute(query).fetchone() == (0,)


def test_only_editions_whose_files_changed_are_due(computed, sandbox):
    assert runs.editions_due(computed, ["chile_egi"]) == ([], [])
    path = sandbox.folder("2019") / "corrections.csv"
    path.write_text(path.read_text() + "websites,commune,ARICA,forms,1,1,looked again,us\n")
    due, complaints = runs.editions_due(sandbox.settings, ["chile_egi"])
    assert ("chile_egi", "2019") in due
    assert ("chile_egi", "2016") not in due
    assert complaints == []


def test_results_lie_where_they_belong_and_nowhere_else(computed):
    found = {path.name for path in computed.data.iterdir()}
    assert found >= {
        "landing",
        "quarantine",
        "warehouse.duckdb",
        "revisions",
        "published",
        "dagster",
    }
    shown = sorted(
        path.relative_to(computed.data).as_posix()
        for folder in ("landing", "quarantine")
        for path in (computed.data / folder).rglob("*")
        if path.is_file()
    )
    assert shown == [
        f"{folder}/chile_egi/{edition}/{table}{ending}"
        for folder, endings in (
            ("landing", [".json", ".parquet", "_cleaning.parquet"]),
            ("quarantine", [".csv"]),
        )
        for edition in EDITIONS
        for table in ("published_scores", "websites")
        for ending in endings
    ]


def test_a_checksum_is_recorded_only_for_what_changed(sandbox):
    assert record_edition(sandbox.settings, "chile_egi", "2019") == []


def test_a_public_edition_without_files_is_said(sandbox):
    shutil.rmtree(sandbox.folder("2016"))
    due, complaints = runs.editions_due(sandbox.settings, ["chile_egi"])
    assert ("chile_egi", "2016") not in due
    [sentence] = complaints
    assert sentence.startswith("raw/chile_egi/2016: holds no collected file; run `govindex fetch")
