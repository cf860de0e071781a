"""The platform against the independent script, on twelve regions in real file formats."""

import csv
import gzip
import io
import json
import shutil

import duckdb
import krippendorff
import openpyxl
import pandas as pd
import pytest

from tests.proof import collection, independent
from tests.proof.small import govindex, remove_framework
from tests.statistics import check_all, published_tables
from tests.unit.test_internet_service import RELATIVE


def test_scores_of_every_level_equal_those_of_the_independent_script(small_project, published):
    expected = independent.scores(small_project, small_project / "raw/internet_service/2019")
    rows = pd.read_parquet(published / "indicator_scores.parquet")
    found = {(one.region_code, one.indicator_code): one.score for one in rows.itertuples()}
    assert found.keys() == expected.keys()
    assert len(found) == 12 * 44
    for key, score in expected.items():
        if score is None:
            assert pd.isna(found[key]), key
        else:
            assert found[key] == pytest.approx(score, abs=1e-9), key


def test_what_is_dirty_is_in_quarantine_with_its_reason(small_project, published):
    path = small_project / "data/quarantine/internet_service/2019/samples.csv"
    rows = pd.read_csv(path, encoding="utf-8-sig")
    assert rows.groupby(["column", "value"]).size().to_dict().keys() >= {
        ("region_code", "吉林"),
        ("region_code", "某某市"),
    }
    assert rows["reason"].str.endswith("expected each sample once").sum() == 2
    assert len(rows) == 4


def test_a_region_with_too_few_points_is_provisional_and_its_share_is_published(published):
    ranks = pd.read_parquet(published / "rankings.parquet").set_index("region_code")
    assert ranks.index[ranks["provisional"]].tolist() == ["632800"]
    scores = pd.read_parquet(published / "indicator_scores.parquet")
    total = scores[scores["indicator_code"] == "total"].set_index("region_code")
    assert 0.8 < total.loc["632800", "collected_share"] < 0.9
    assert (total.drop(index="632800")["collected_share"] >= 0.9).all()


def test_every_reading_is_kept_beside_the_one_that_counts(published):
    points = pd.read_parquet(published / "points.parquet")
    verified = points[points["chosen_by"] == "verified"]
    # Sixty by a second person; of the six of an assessor's own, those that he left blank before.
    assert 60 <= len(verified) < 66
    technical = verified[verified["rounds"] > 0]
    assert len(technical) > 30
    assert (technical["value"].fillna(-1) == technical["verified_value"].fillna(-1)).all()
    assert (technical["technical_value"].fillna(-1) != technical["value"].fillna(-1)).any()
    assert points["adjudicated"].sum() > 50
    # The place is that of the latest round, which for most is the last file.
    endings = set(points["raw_file"].dropna().str.rpartition(".")[2])
    assert endings >= {"jsonl", "parquet", "xlsx"}


def test_ranks_agree_with_scores(published):
    ranks = pd.read_parquet(published / "rankings.parquet")
    assert (ranks["rank"] == ranks["score"].rank(method="min", ascending=False)).all()
    for column, group in (("rank_in_parent", "parent_region"), ("rank_in_class", "region_class")):
        groups = ranks.groupby(group)
        assert (groups.size() > 1).sum() > 1
        within = groups["score"].rank(method="min", ascending=False)
        assert (ranks[column] == within).all()


def again(small_project, raw, tmp_path):
    """What the platform publishes of other raw files."""
    environment = {"GOVINDEX_RAW": str(raw.parents[1]), "GOVINDEX_DATA": str(tmp_path / "data")}
    recorded = govindex(small_project, "fetch", "--record", **environment)
    assert recorded.returncode == 0, recorded.stderr
    result = govindex(small_project, "run", **environment)
    assert result.returncode == 0, result.stderr
    return tmp_path / "data" / "published" / "internet_service" / "2019"


def reverse_lines(path, encoding, opened=open, heading=1):
    """Turns the rows of a text file around."""
    with opened(path, "rt", encoding=encoding, newline="") as file:
        lines = file.readlines()
    with opened(path, "wt", encoding=encoding, newline="") as file:
        file.writelines([*lines[:heading], *reversed(lines[heading:])])


def reverse_rows(sheet, first):
    """Turns the rows of a sheet around, from a row on."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
    for number, row in enumerate(reversed(rows), start=first):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def test_a_permutation_of_rows_and_files_changes_no_score(small_project, published, tmp_path):
    """Of all seven files: the lines of four, the sheets and the rows of three workbooks, and the
    names of files, so that they are read in another order."""
    raw = tmp_path / "raw" / "internet_service" / "2019"
    shutil.copytree(small_project / "raw" / "internet_service" / "2019", raw)
    reverse_lines(raw / "round_1_gbk.csv", "gb18030")
    reverse_lines(raw / "round_2.csv.gz", "utf-8-sig", gzip.open)
    reverse_lines(raw / "round_3.jsonl", "utf-8", heading=0)
    frame = pd.read_parquet(raw / "round_4.parquet").sample(frac=1, random_state=1)
    frame.to_parquet(raw / "round_4.parquet", index=False)
    book = openpyxl.load_workbook(raw / "manual_long.xlsx")
    book.move_sheet("李四", -2)
    # A block of rows a region, whose name is merged over it: inside a block they are turned.
    for sheet in (book["张三"], book["李四"]):
        for block in sorted(sheet.merged_cells.ranges, key=lambda one: one.min_row):
            if block.max_row > block.min_row:
                rows = range(block.min_row, block.max_row + 1)
                cells = [[sheet.cell(row, column).value for column in range(2, 6)] for row in rows]
                for row, values in zip(rows, reversed(cells), strict=True):
                    for column, value in enumerate(values, start=2):
                        sheet.cell(row, column).value = value
    book.save(raw / "manual_long.xlsx")
    for name, person, first in (("manual_wide", "王五", 4), ("verification", "赵六", 2)):
        book = openpyxl.load_workbook(raw / f"{name}.xlsx")
        reverse_rows(book[person], first)
        book.save(raw / f"{name}.xlsx")
    text = (raw / "source.yml").read_text(encoding="utf-8")
    for old, new in (("round_4.parquet", "aa_round_4.parquet"), ("manual_wide", "a_manual_wide")):
        [file] = raw.glob(f"{old}*")
        file.rename(raw / file.name.replace(old, new))
        text = text.replace(old, new)
    (raw / "source.yml").write_text(text, encoding="utf-8")
    other = again(small_project, raw, tmp_path)
    for name in ("rankings.csv", "indicator_scores.csv"):
        assert (other / name).read_bytes() == (published / name).read_bytes()


def test_a_score_depends_on_other_regions_only_by_the_relative_formulas(
    small_project, published, tmp_path
):
    """All that was counted in one region becomes more than anywhere else."""
    changed, best = "440300", "5000"
    raw = tmp_path / "raw" / "internet_service" / "2019"
    shutil.copytree(small_project / "raw" / "internet_service" / "2019", raw)
    points = {row["point_code"]: row for row in collection.points(small_project, "2019")}
    counted = {
        name
        for row in points.values()
        if row["point_type"] == "volume" and row["unit"] != "层"
        for name in (row["point_code"], row["point_name"])
    }

    def more(row, names=collection.REGIONS[changed]):
        if row["region"] not in names or row["point"] not in counted:
            return row
        return {**row, "value": best, "status": "observed"}

    text = (raw / "round_1_gbk.csv").read_bytes().decode("gb18030")
    with (raw / "round_1_gbk.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, collection.FIELDS)
        writer.writeheader()
        writer.writerows(more(row) for row in csv.DictReader(io.StringIO(text)))
    frame = pd.read_parquet(raw / "round_4.parquet")
    frame = pd.DataFrame([more(row) for row in frame.to_dict("records")])
    frame.to_parquet(raw / "round_4.parquet", index=False)
    lines = (raw / "round_3.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [json.dumps(more(json.loads(line)), ensure_ascii=False) for line in lines]
    (raw / "round_3.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    key = ["region_code", "indicator_code"]
    before, after = (
        pd.read_parquet(folder / "indicator_scores.parquet").set_index(key)["score"].fillna(-1)
        for folder in (published, again(small_project, raw, tmp_path))
    )
    differing = [place for place in before.index if before[place] != after[place]]
    assert changed in {region for region, _ in differing}
    tree = pd.read_csv(published / "indicator_tree.csv", encoding="utf-8-sig", dtype="str")
    parents = tree.set_index("indicator_code")["parent_code"].to_dict()
    levels = tree.set_index("indicator_code")["level"].to_dict()
    touched = {code for region, code in differing if region != changed}
    listed = {code for codes in RELATIVE.values() for code in codes}
    assert {code for code in touched if levels[code] == "3"} == listed
    above = set(listed)
    for _ in range(3):
        above |= {parents[code] for code in above if code != "total"}
    assert touched == above


def test_a_tree_of_the_published_table(published):
    manifest = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] is True
    tree = pd.read_csv(published / "indicator_tree.csv", encoding="utf-8-sig")
    assert tree.groupby("level").size().tolist() == [1, 3, 9, 31]
    levels = tree.groupby("level")["max_score"].sum()
    assert levels.tolist() == pytest.approx([100, 100, 100, 100], abs=1e-9)
    assert set(tree["provenance"]) == {"published"}


def test_every_statistic_equals_the_second_computation(small_project, published):
    seeds = small_project / "dbt_project" / "seeds"
    divisions = pd.read_csv(seeds / "divisions.csv", dtype="str").set_index("region_code")
    points = pd.read_csv(seeds / "internet_service__points.csv").set_index("point_code")
    found = check_all(
        published_tables(published),
        None,
        divisions["economic_region"].to_dict(),
        points["method"].to_dict(),
    )
    assert found["", "assessors", "collection", ""][0] > 1
    assert found["", "formulas", "collection", ""][0] == 24
    assert found["", "first_month", "collection", ""][1] == "2018-12"


def test_agreement_of_assessors_is_that_of_a_library(small_project, published):
    with duckdb.connect(str(small_project / "data/warehouse.duckdb"), read_only=True) as warehouse:
        readings = warehouse.execute("from internet_service__manual_readings").df()
        found = warehouse.execute("from internet_service__assessor_agreement").df()
    readings["number"] = readings["number"].fillna(-1)
    pairs = readings[
        readings.groupby(["region_code", "point_code"])["assessor"].transform("size") == 2
    ]
    assert len(found) == pairs["point_code"].nunique() == 40
    for one in found.itertuples():
        of_point = pairs[pairs["point_code"] == one.point_code]
        data = of_point.pivot(index="assessor", columns="region_code", values="number").to_numpy()
        level = "nominal" if of_point["point_type"].iloc[0] == "presence" else "interval"
        if len(set(data.ravel())) == 1:
            assert pd.isna(one.krippendorff_alpha)
        else:
            expected = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
            assert one.krippendorff_alpha == pytest.approx(expected, abs=1e-9)


def test_every_number_of_the_edition_is_explained_down_to_its_cell(small_project):
    checked = govindex(small_project, "explain", "--check", "--json")
    assert checked.returncode == 0, checked.stderr
    [found] = json.loads(checked.stdout)
    assert (found["regions"], found["indicators"]) == (12, 12 * 44)
    assert found["points"] == 12 * 257
    assert found["readings"] > 12 * 186 * 4
    assert found["raw_files"] == 7


def test_an_explanation_shows_rounds_assessors_and_what_was_set_aside(small_project):
    shown = govindex(small_project, "explain", "--region", "成都", "--json")
    assert shown.returncode == 0, shown.stderr
    points = {}

    def walk(node):
        for child in node["children"]:
            walk(child)
        points.update({point["code"]: point for point in node["points"]})

    walk(json.loads(shown.stdout)["node"])
    readings = [one for point in points.values() for one in point["readings"]]
    assert all(point["closes"] for point in points.values())
    assert {one["place"]["file"].rpartition(".")[2] for one in readings} == {
        *("csv", "gz", "jsonl", "parquet", "xlsx"),
    }
    assert {one["set_aside"] for one in readings} >= {None, "not_collected", "adjudicated"}
    verified = [one for one in points.values() if one["chosen_by"] == "verified"]
    assert verified
    for point in verified:
        counted = [one for one in point["readings"] if one["counts"]]
        assert [one["kind"] for one in counted] == ["verification"]
        assert counted[0]["number"] == point["value"]
    for point in points.values():
        if point["chosen_by"] == "manual":
            [counted] = [one for one in point["readings"] if one["counts"]]
            assert counted["number"] == point["value"]


def test_a_changed_cell_of_a_workbook_is_named_with_sheet_and_place(small_project, tmp_path):
    shutil.copytree(small_project / "raw", tmp_path / "raw")
    path = tmp_path / "raw/internet_service/2019/manual_wide.xlsx"
    book = openpyxl.load_workbook(path)
    cell = book["王五"]["D5"]
    cell.value = "无" if cell.value in ("是", "有", "√", "是（见首页）", "有，需登录") else "是"
    book.save(path)
    environment = {
        "GOVINDEX_RAW": str(tmp_path / "raw"),
        "GOVINDEX_DATA": str(small_project / "data"),
    }
    checked = govindex(small_project, "explain", "--check", **environment)
    assert checked.returncode == 1
    assert "manual_wide.xlsx, sheet 王五, row 5, column D: there stands" in checked.stderr


def test_without_the_later_frameworks_every_published_byte_is_the_same(
    small_project, published, tmp_path
):
    for name in ("dagster_project", "dbt_project", "expectations", "raw"):
        shutil.copytree(small_project / name, tmp_path / name)
    for code in ("digital_service", "un_egdi"):
        remove_framework(tmp_path, code)
        assert not [path for path in tmp_path.rglob(f"*{code}*") if "__pycache__" not in path.parts]
    assert govindex(tmp_path, "run").returncode == 0
    alone = tmp_path / "data" / "published" / "internet_service" / "2019"
    files = {path.relative_to(published) for path in published.rglob("*") if path.is_file()}
    assert files == {path.relative_to(alone) for path in alone.rglob("*") if path.is_file()}
    for name in files:
        assert (alone / name).read_bytes() == (published / name).read_bytes(), name
