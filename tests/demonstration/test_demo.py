"""govindex demo: what it writes, what it leaves, and that the platform reads it like any files."""

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import openpyxl
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from dagster_project import runs
from dagster_project.cli import app
from dagster_project.collection import manifest
from dagster_project.collection.fetch import record_edition
from dagster_project.demonstration import demo
from dagster_project.demonstration.demo import recorded_edition, write_demo
from dagster_project.demonstration.facts import FOLDER, demonstration
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework
from dagster_project.publication.revisions import current_link
from dagster_project.registers import register, rows_in_effect
from dagster_project.settings import PROJECT, Settings
from tests.demonstration.conftest import FRAMEWORK, realised
from tests.proof import independent
from tests.proof.small import copy_project, govindex, remove_framework

CODES = [row["region_code"] for row in rows_in_effect("divisions", FRAMEWORK, "2019")]


def read(folder, table):
    return pd.read_csv(folder / f"{table}.csv", encoding="utf-8-sig", dtype={"region_code": "str"})


# What the platform makes of it


def test_every_region_is_in_its_published_grade_and_in_the_published_order(computed_demo):
    ranks = read(computed_demo, "rankings").set_index("region_code")
    cells = defaultdict(list)
    rows = register("internet_service__published_grades")
    assert len(rows) == len(ranks) == 334
    for row in sorted(rows, key=lambda row: int(row["rank_in_cell"])):
        assert ranks.loc[row["code"], "grade"] == row["grade"], row["region_name"]
        cells[row["grade"], row["city_class"]].append(ranks.loc[row["code"], "score"])
    for scores in cells.values():
        assert all(a > b for a, b in pairwise(scores))


def test_bands_cuts_and_highest_scores_are_the_published_ones(computed_demo):  # facts 45 to 57, 226
    cuts = read(computed_demo, "grade_cuts").set_index("grade")
    printed = {"A+": 83.17, "A": 81.54, "A-": 79.91, "B+": 73.04, "B": 66.57, "B-": 60.10,
               "C+": 55.12, "C": 50.61, "C-": 46.09}  # fmt: skip
    assert cuts.loc[list(printed), "lower_printed"].to_dict() == printed
    bands = read(computed_demo, "rankings")["band"].value_counts().to_dict()
    assert bands == {"A": 14, "B": 203, "C": 103, "D": 14}
    assert round(cuts.loc["A", "band_highest"], 2) == 84.80
    assert round(cuts.loc["B", "band_highest"], 2) == 79.51


def test_ranks_and_parts_of_single_regions(computed_demo):  # facts 254, 255
    ranks = read(computed_demo, "rankings").set_index("region_name")["rank"]
    assert ranks[["阳江市", "深圳市", "江门市", "广州市", "湛江市", "铜川市"]].tolist() == [
        1, 2, 5, 6, 11, 50,
    ]  # fmt: skip
    scores = read(computed_demo, "indicator_scores")
    of_one = scores[scores["region_name"] == "铜川市"].set_index("indicator_code")["score"]
    assert round(of_one["total"], 2) == 73.73
    assert round(of_one["supply"], 1) == 30.4
    assert round(of_one["response"], 2) == 31.76
    assert round(of_one["intelligence"], 2) == 11.58


def test_published_rates_come_out_to_the_printed_digits(computed_demo):
    scores = read(computed_demo, "indicator_scores")
    means = scores.groupby("indicator_code")["score"].mean().round(2)
    full = scores.groupby("indicator_code")["max_score"].first()
    rates = (means / full * 100).round(2)
    assert means[["supply", "response", "intelligence"]].tolist() == [25.30, 26.12, 11.46]
    published = {
        "responsibility_list": 82.67, "power_list": 58.67, "info_disclosure_catalog": 57.33,
        "public_service_list": 44.67, "housing": 82.81, "social_security": 80.21,
        "business_registration_change": 59.77, "healthcare": 63.02, "platform_integration": 77.08,
        "interactive_demand_acceptance": 94.17, "transaction_demand_acceptance": 85.50,
        "function_adaptation": 85.96, "application_extension": 66.07,
    }  # facts 68, 70, 71, 72, 88, 106  # fmt: skip
    assert {code: rates[code] for code in published} == published


def test_the_platform_reads_exactly_the_values_that_were_chosen(computed_demo):
    scores = read(computed_demo, "indicator_scores").pivot(
        index="region_code", columns="indicator_code", values="score"
    )
    for code, expected in realised(FRAMEWORK, "2019").scores.items():
        found = scores[code].loc[CODES].to_numpy()
        assert found == pytest.approx(expected, abs=1e-9), code


def test_everything_that_comes_of_it_says_synthetic(computed_demo):
    assert json.loads((computed_demo / "manifest.json").read_text())["synthetic"] is True
    assert read(computed_demo, "rankings")["synthetic"].all()


def test_the_dirt_is_in_quarantine_and_what_was_read_twice_was_adjudicated(computed_demo, written):
    rows = pd.read_csv(
        written.quarantine / FRAMEWORK / "2019" / "samples.csv", encoding="utf-8-sig"
    )
    assert {"某某新区", "开发区"} <= set(rows["value"])
    assert rows["reason"].str.endswith("expected each sample once").sum() >= 100
    for table in ("manual", "verification"):
        bad = written.quarantine / FRAMEWORK / "2019" / f"{table}.csv"
        assert pd.read_csv(bad, encoding="utf-8-sig").empty
    points = pd.read_parquet(computed_demo / "points.parquet")
    assert points["adjudicated"].sum() > 100
    assert (points["chosen_by"] == "verified").sum() > 400
    overruled = points[(points["chosen_by"] == "verified") & (points["rounds"] > 0)]
    assert (overruled["technical_value"].fillna(-1) != overruled["value"].fillna(-1)).sum() > 20
    assert (points["status"] == "not_collected").sum() > 20
    assert (points["agreement"] < 1).mean() > 0.05


# What was recorded


def test_rounds_merge_to_the_values_by_the_rules_of_the_proof():
    found = realised(FRAMEWORK, "2019")
    records = recorded_edition(FRAMEWORK, "2019", found)
    points = {row["point_code"]: row for row in register("internet_service__points")}
    rounds = defaultdict(dict)
    for number, one in enumerate(records.samples, start=1):
        for region, point, value, status in zip(
            one.region, one.point, one.value, one.status, strict=True
        ):
            if status != "not_collected":
                rounds[region, point][number] = value if status == "observed" else "not_found"
    set_right = {(reading.region, reading.point) for reading in records.verified}
    lost = {(region, point) for point, regions in records.lost.items() for region in regions}
    assert len(lost) == 40
    collected = sum(map(len, rounds.values())) / (4 * 334 * 186)
    assert 0.9 < collected < 1
    differing = 0
    for (region, point), given in rounds.items():
        if (region, point) in set_right:
            continue
        kind = points[point]["point_type"]
        numbers = {n: independent.number_of(value, points[point]) for n, value in given.items()}
        merged = independent.merge(kind, numbers)
        expected = found.values[point][region]
        if expected == -1:
            expected = "not_found"
        differing += len(set(given.values())) > 1
        if merged == "not_found" and expected == 0:
            continue
        assert merged == pytest.approx(expected, abs=1e-9), (region, point, given)
    assert differing > 5000
    assert not lost & rounds.keys()


# What lies in raw/


def test_a_demonstration_that_lies_there_unchanged_is_left(written):
    before = {path: path.stat().st_mtime_ns for path in written.raw.rglob("*")}
    done = write_demo(written, FRAMEWORK, "2019")
    assert not done.written
    assert (done.regions, done.files, done.samples) == (334, 10, 334 * 186 * 4)
    assert {path: path.stat().st_mtime_ns for path in written.raw.rglob("*")} == before


@pytest.fixture(scope="module")
def of_another_process(tmp_path_factory):
    """raw/ with the demonstration of all editions, written by a process whose hashes differ."""
    root = tmp_path_factory.mktemp("another")
    environment = {
        **os.environ,
        "GOVINDEX_RAW": str(root / "raw"),
        "GOVINDEX_DATA": str(root / "data"),
        "PYTHONHASHSEED": "7",
    }
    command = [sys.executable, "-m", "dagster_project.cli", "demo", "--framework", FRAMEWORK]
    subprocess.run(
        [*command, "--edition", "2018:2022"], env=environment, cwd=PROJECT, check=True, timeout=300
    )
    return Settings(raw=root / "raw", data=root / "data")


@pytest.mark.parametrize("edition", demonstration(FRAMEWORK).editions)
def test_the_same_bytes_every_time(written, of_another_process, tmp_path, edition):
    here = written
    if edition not in ("2018", "2019"):
        here = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
        assert write_demo(here, FRAMEWORK, edition).written
    folders = [one.raw / FRAMEWORK / edition for one in (here, of_another_process)]
    names = [sorted(path.name for path in folder.iterdir()) for folder in folders]
    assert names[0] == names[1]
    for name in names[0]:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    source = manifest.load_source(of_another_process, FRAMEWORK, edition)
    assert source.synthetic
    assert not manifest.problems(of_another_process, FRAMEWORK, edition, source)
    assert len(source.files) == 10


# What the generator may know

KNOWN = {"errors", "frameworks", "registers", "settings", "collection.manifest"}


def test_the_generator_imports_nothing_of_the_computing_code():
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, path.name
                module = str(node.module)
                whole = module in ("dagster_project", "dagster_project.collection")
                names = [f"{module}.{one.name}" for one in node.names] if whole else [module]
            own = {one.removeprefix("dagster_project.") for one in names if "dagster_" in one}
            assert {one for one in own if not one.startswith("demonstration.")} <= KNOWN, path.name
            assert not {one.partition(".")[0] for one in names} & {"dbt", "duckdb", "dagster"}
    # Nor by way of what it imports.
    code = "import sys, dagster_project.demonstration.demo; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    loaded = done.stdout.split()
    assert "dagster_project.demonstration.realisation" in loaded
    assert {one for one in loaded if one.startswith("dagster_project.")} <= {
        *(f"dagster_project.{one}" for one in KNOWN),
        "dagster_project.collection",
        "dagster_project.demonstration",
        *(f"dagster_project.demonstration.{path.stem}" for path in FOLDER.glob("*.py")),
    }
    assert not {one.partition(".")[0] for one in loaded} & {"dbt", "duckdb", "dagster"}


# What a changed cell changes

DAYS = "rr_reply_days"


def test_one_changed_cell_moves_the_score_by_exactly_what_the_formula_says(
    written, demonstrated, tmp_path
):
    # The mean days to reply as the latest round has them; of (30 - days) / 27 a tenth counts,
    # of 5.60 points (fact 8).
    settings = replace(written, raw=tmp_path / "raw", data=tmp_path / "data")
    shutil.copytree(written.raw, settings.raw)
    shutil.copytree(written.data, settings.data, symlinks=True)
    path = settings.raw / FRAMEWORK / "2019" / "samples_4.csv"
    with path.open(encoding="utf-8", newline="") as file:
        heading, *lines = csv.reader(file)
    names = framework(FRAMEWORK).names("2019")["region"]
    place, days = next(
        (place, float(line[3]))
        for place, line in enumerate(lines)
        if line[1] in (DAYS, "平均答复天数") and line[4] == "observed" and 10 < float(line[3]) < 20
    )
    region = names[lines[place][0]]
    points = pd.read_parquet(demonstrated["2019"] / "points.parquet")
    mine = points[(points["region_code"] == region) & (points["point_code"] == DAYS)]
    assert mine["value"].tolist() == [days]
    lines[place][3] = f"{days + 2.7:.1f}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *lines])
    record_edition(settings, FRAMEWORK, "2019")
    [outcome] = runs.run_editions(settings, [(FRAMEWORK, "2019")], "a test")
    assert outcome.failure is None
    keys = ["region_code", "indicator_code"]
    before, after = (
        read(folder, "indicator_scores").set_index(keys)["score"]
        for folder in (demonstrated["2019"], current_link(settings, FRAMEWORK, "2019"))
    )
    moved = (after - before).loc[lambda change: change != 0]
    above = ["reply_responsiveness", "interaction_feedback", "response", "total"]
    assert sorted(moved.index) == sorted((region, code) for code in above)
    assert moved.tolist() == pytest.approx([-5.6 * 0.1 * 2.7 / 27] * 4, abs=1e-9)


def test_a_newer_generator_writes_its_own_files_again(written, settings, monkeypatch):
    folder = settings.raw / FRAMEWORK / "2019"
    shutil.copytree(written.raw / FRAMEWORK / "2019", folder)
    source = folder / "source.yml"
    text = source.read_text(encoding="utf-8")
    producer = yaml.safe_load(text)["producer"]
    version = producer.removeprefix("govindex demo ").partition(",")[0]
    source.write_text(text.replace(version, "of another day"), encoding="utf-8")
    (folder / "corrections.csv").write_text("kept\n")
    (folder / ".note").write_text("kept\n")
    assert write_demo(settings, FRAMEWORK, "2019").written
    assert (folder / "corrections.csv").read_text() == (folder / ".note").read_text() == "kept\n"
    assert yaml.safe_load(source.read_text(encoding="utf-8"))["producer"] == producer


def test_a_framework_that_came_later_leaves_the_files_as_they_are(written, tmp_path):
    copy_project(tmp_path)
    for code in ("digital_service", "un_egdi"):
        remove_framework(tmp_path, code)
    assert govindex(tmp_path, "demo").returncode == 0
    folder = written.raw / FRAMEWORK / "2019"
    for path in folder.iterdir():
        other = tmp_path / "raw" / FRAMEWORK / "2019" / path.name
        assert other.read_bytes() == path.read_bytes(), path.name


def test_real_files_are_never_overwritten(settings, collect):
    folder = collect({"a.csv": ("samples", b"region\n")}, FRAMEWORK, "2019")
    for synthetic, sentence in ((False, "real collected files"), (True, "of another origin")):
        source = yaml.safe_load((folder / "source.yml").read_text())
        source["synthetic"] = synthetic
        (folder / "source.yml").write_text(yaml.safe_dump(source))
        with pytest.raises(GovIndexError, match=sentence):
            write_demo(settings, FRAMEWORK, "2019")
    (folder / "source.yml").unlink()
    with pytest.raises(GovIndexError, match=r"without a source\.yml"):
        write_demo(settings, FRAMEWORK, "2019")
    assert (folder / "a.csv").read_bytes() == b"region\n"


def test_a_demonstration_that_somebody_changed_is_not_overwritten(written, settings):
    folder = settings.raw / FRAMEWORK / "2019"
    shutil.copytree(written.raw / FRAMEWORK / "2019", folder)
    with (folder / "samples_4.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(GovIndexError, match=r"changed since they were written .*samples_4\.csv"):
        write_demo(settings, FRAMEWORK, "2019")


def test_a_file_that_somebody_recorded_in_its_place_is_not_overwritten(
    written, settings, monkeypatch
):
    folder = settings.raw / FRAMEWORK / "2019"
    shutil.copytree(written.raw / FRAMEWORK / "2019", folder)
    real = b"region,point\n"
    (folder / "samples_4.csv").write_bytes(real)
    assert record_edition(settings, FRAMEWORK, "2019") == ["samples_4.csv"]
    # Though source.yml still names the demonstration, whatever its registers say by now.
    for version in (demo._version, lambda *_: "of another day"):
        monkeypatch.setattr(demo, "_version", version)
        with pytest.raises(GovIndexError, match="that the demonstration did not write"):
            write_demo(settings, FRAMEWORK, "2019")
    assert (folder / "samples_4.csv").read_bytes() == real


def test_the_command_shows_a_table_and_names_what_it_cannot_do(written, monkeypatch):
    monkeypatch.setenv("GOVINDEX_RAW", str(written.raw))
    run = CliRunner().invoke
    shown = run(app, ["demo", "--framework", FRAMEWORK, "--edition", "2019"])
    assert shown.exit_code == 0, shown.output
    assert "unchanged" in shown.stdout
    assert "248496" in shown.stdout
    told = run(app, ["demo", "--framework", FRAMEWORK, "--edition", "2019", "--json"])
    [one] = json.loads(told.stdout)
    assert (one["edition"], one["regions"], one["written"]) == ("2019", 334, False)
    refused = run(app, ["demo", "--framework", "chile_egi", "--edition", "2019"])
    assert isinstance(refused.exception, GovIndexError)
    assert "chile_egi has no demonstration; known: digital_service, internet_service" in str(
        refused.exception
    )


def test_everything_that_comes_of_it_says_that_it_is_synthetic(written, demonstrated, tmp_path):
    folder = demonstrated["2019"]
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["synthetic"]
    tables = [pd.read_csv(path, encoding="utf-8-sig") for path in folder.glob("*.csv")]
    tables += [
        pd.read_parquet(path, columns=["synthetic"])
        for path in folder.glob("*.parquet")
        if not path.name.startswith("history")
    ]
    kept_out = (written.quarantine / FRAMEWORK / "2019").glob("*.csv")
    tables += [pd.read_csv(path, encoding="utf-8-sig") for path in kept_out]
    assert len(tables) > 20
    assert all(rows["synthetic"].all() for rows in tables)
    book = openpyxl.load_workbook(folder / "scores.xlsx", read_only=True)
    for sheet in book.worksheets[1:]:
        headings, first = (next(sheet.iter_rows(row, row, values_only=True)) for row in (1, 2))
        shown = dict(zip(headings, first, strict=False))
        assert (shown["合成数据"], shown["修订号"]) == (True, 1), sheet.title
    pages = [path.read_text(encoding="utf-8") for path in (folder / "site").rglob("*.html")]
    assert len(pages) > 300
    assert all("合成数据" in page for page in pages)

    # Set anew for each command, as for processes: dbt is told of other folders by the environment.
    folders = {"GOVINDEX_RAW": str(written.raw), "GOVINDEX_DATA": str(written.data)}
    run, of_it = CliRunner(env=folders).invoke, ["--framework", FRAMEWORK, "--edition", "2019"]
    unchanged = ["--from", "1", "--to", "1"]
    assert "synthetic" in run(app, ["diff", *of_it, *unchanged]).stdout
    assert json.loads(run(app, ["diff", *of_it, *unchanged, "--json"]).stdout)["synthetic"]
    page = tmp_path / "preview.html"
    shown = run(app, ["preview", *of_it, "--output", str(page)])
    assert "2019 (revision 1, synthetic)" in shown.stdout, shown.output
    assert "合成数据" in page.read_text(encoding="utf-8")
    explained = run(app, ["explain", *of_it, "--region", "深圳市"])
    assert "synthetic" in explained.stdout
