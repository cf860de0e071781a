"""Bad input: one clear sentence or a quarantine row, and the last published edition stays."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import dagster as dg
import pandas as pd
import pytest
import yaml

from dagster_project import runs
from dagster_project.automation import annual_run_name
from dagster_project.collection.gate import QUARANTINE_COLUMNS
from dagster_project.files import remove
from tests.integration.conftest import files_of


def cut(content: bytes) -> bytes:
    return content[:-30]


def cut_inside_the_last_value(content: bytes) -> bytes:
    return content.rstrip(b"\n")


def as_gbk(content: bytes) -> bytes:
    text = content.decode("utf-8-sig").replace("Ñ", "N").replace("ARICA", "阿里卡")
    return text.encode("gbk")


def as_latin_1(content: bytes) -> bytes:
    return content.decode("utf-8-sig").replace("ARICA", "ÑUÑOA").encode("latin-1")


def doubled(content: bytes) -> bytes:
    return content.replace(b",15102,", b",15101,")


def item_of_two(content: bytes) -> bytes:
    return content.replace(b",15101,ARICA,1,", b",15101,ARICA,2,")


def digit_missing(content: bytes) -> bytes:
    return content.replace(b",15101,", b",1510,")


def empty(content: bytes) -> bytes:
    return b""


def heading_alone(content: bytes) -> bytes:
    return content.splitlines(keepends=True)[0]


@pytest.mark.parametrize(
    ("spoil", "sentences"),
    [
        (cut, ["raw/chile_egi/2019/egi_2019.csv, row 346", "the last line has no line end"]),
        (cut_inside_the_last_value, ["egi_2019.csv, row 346: the last line has no line end"]),
        (as_latin_1, ["egi_2019.csv: the text is neither UTF-8 nor GBK/GB18030"]),
        (empty, ["egi_2019.csv: the file is empty"]),
        (heading_alone, ["matches 0 rows of websites, expected one"]),
        (doubled, ["not published, because it disagrees", "335 of 337 egi"]),
        (item_of_two, ["not published, because it disagrees", "336 of 337 egi"]),
        (digit_missing, ["not published, because it disagrees", "Arica egi 15101"]),
    ],
)
def test_a_spoiled_file_is_not_published(sandbox, spoil, sentences):
    before = files_of(sandbox.published("2019"))
    sandbox.change("2019", "egi_2019.csv", spoil)
    failure = sandbox.run("2019")
    assert failure is not None
    for sentence in sentences:
        assert sentence in failure
    assert "\n" not in failure
    assert files_of(sandbox.published("2019")) == before


@pytest.mark.parametrize(
    ("spoil", "rows"),
    [
        (doubled, [(2, "region_code", "15101"), (3, "region_code", "15101")]),
        (item_of_two, [(2, "forms", "2")]),
        (digit_missing, [(2, "region_code", "01510")]),
    ],
)
def test_bad_rows_are_in_quarantine(sandbox, spoil, rows):
    sandbox.change("2019", "egi_2019.csv", spoil)
    sandbox.run("2019")
    path = sandbox.settings.quarantine / "chile_egi" / "2019" / "websites.csv"
    found = pd.read_csv(path, encoding="utf-8-sig", dtype={"value": "str"})
    assert list(found.columns) == [*QUARANTINE_COLUMNS, "synthetic"]
    assert list(found[["row", "column", "value"]].itertuples(index=False, name=None)) == rows
    assert set(found["file"]) == {"raw/chile_egi/2019/egi_2019.csv"}


def test_gbk_text_is_read(sandbox):
    sandbox.change("2019", "egi_2019.csv", as_gbk)
    assert sandbox.run("2019") is None


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: shutil.rmtree(folder), "raw/chile_egi/2019: there is no such folder"),
        (
            lambda folder: (folder / "egi_2019.csv").write_bytes(b"x"),
            "raw/chile_egi/2019/egi_2019.csv: changed since its checksum was written",
        ),
        (
            lambda folder: (folder / "egi_2019.csv").unlink(),
            "raw/chile_egi/2019/egi_2019.csv: missing; run `govindex fetch",
        ),
        (
            lambda folder: (folder / "notes.txt").write_text("x"),
            "raw/chile_egi/2019/notes.txt: not listed in source.yml",
        ),
    ],
)
def test_files_that_do_not_fit_their_manifest_stop_the_edition(sandbox, spoil, sentence):
    before = files_of(sandbox.published("2019"))
    spoil(sandbox.folder("2019"))
    assert sentence in sandbox.run("2019")
    assert files_of(sandbox.published("2019")) == before


def test_a_folder_that_is_no_edition_is_said_and_the_command_fails(sandbox):
    (sandbox.settings.raw / "chile_egi" / "20l9").mkdir()
    result = govindex(sandbox, "run", "--framework", "chile_egi")
    assert result.returncode == 1
    assert "govindex: raw/chile_egi/20l9: 20l9 is no edition of chile_egi" in result.stderr


def test_a_later_revision_may_disagree_with_a_reason_and_says_so(sandbox):
    sandbox.change(
        "2016", "local_gov_indicators_2016.csv", lambda c: c.replace(b",4.25,", b",4.5,", 1)
    )
    assert "or say why with `govindex run --reason`" in sandbox.run("2016")
    assert sandbox.run("2016", reason="the published file was changed for a test") is None
    rankings = pd.read_parquet(sandbox.published("2016") / "rankings.parquet")
    assert not rankings["conforms"].any()
    [one] = [
        found
        for found in [runs.published_edition(sandbox.settings, "chile_egi", "2016")]
        if found is not None
    ]
    assert one.agreement == "187 of 188 egi, 188 of 188 egi_std"


def test_a_first_revision_that_disagrees_is_refused_whatever_the_reason(sandbox):
    remove(sandbox.settings.revisions / "chile_egi" / "2021")
    sandbox.published("2021").unlink()
    sandbox.change(
        "2021", "local_gov_indicators_2021.csv", lambda c: c.replace(b",7.5,", b",7.25,", 1)
    )
    assert "a first revision has to agree" in sandbox.run("2021", reason="because")
    assert not sandbox.published("2021").exists()


def test_what_is_downstream_of_a_failed_gate_cannot_pass_either(sandbox):
    sandbox.change("2019", "egi_2019.csv", cut)
    assert sandbox.run("2019") is not None
    for layer, name, sentence in (
        ("staging", "websites", "landing/websites did not pass"),
        ("indicators", "presence", "did not pass or is older than what it is made of"),
        ("published", "edition", "not published, because"),
    ):
        assert sentence in materialise(sandbox, "2019", layer, name)


def materialise(sandbox, edition, layer, name):
    """One asset alone, as the UI does it; returns what it says, or None."""
    runs.prepare_dagster_home(sandbox.settings)
    job = runs._definitions(sandbox.settings).resolve_job_def(annual_run_name("chile_egi"))
    result = job.execute_in_process(
        instance=dg.DagsterInstance.get(),
        partition_key=edition,
        asset_selection=[dg.AssetKey(["chile_egi", layer, name])],
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return None if result.success else runs._failure(result)


def test_an_edition_whose_warehouse_was_deleted_is_not_published_empty(sandbox):
    before = files_of(sandbox.published("2016"))
    sandbox.settings.warehouse.unlink()
    assert sandbox.run("2019") is None
    assert "not published, because" in materialise(sandbox, "2016", "published", "edition")
    assert files_of(sandbox.published("2016")) == before
    assert sandbox.run("2016") is None
    assert sandbox.run("2021") is None


def test_an_edition_that_nobody_published_before_is_published(computed, sandbox, tmp_path):
    settings = replace(sandbox.settings, data=tmp_path / "data")
    folder = sandbox.folder("2021")
    (folder / "local_gov_indicators_2021.csv").unlink()
    source = yaml.safe_load((folder / "source.yml").read_text(encoding="utf-8"))
    del source["files"]["local_gov_indicators_2021.csv"]
    (folder / "source.yml").write_text(yaml.safe_dump(source), encoding="utf-8")
    [outcome] = runs.run_editions(settings, [("chile_egi", "2021")])
    assert outcome.failure is None
    found = runs.published_edition(settings, "chile_egi", "2021")
    assert (found.scored, found.agreement) == (333, "nothing published to compare with")


def test_a_slot_that_a_killed_run_left_does_not_block_the_next_run(sandbox):
    assert sandbox.run("2019") is None
    runs.prepare_dagster_home(sandbox.settings)
    storage = dg.DagsterInstance.get().event_log_storage
    storage.claim_concurrency_slot("duckdb", "a-run-that-was-killed", "step")
    assert sandbox.run("2019") is None


def test_another_reason_alone_makes_no_revision(sandbox):
    assert sandbox.run("2019") is None
    number = sandbox.published("2019").resolve().name
    assert sandbox.run("2019", reason="once more") is None
    assert sandbox.published("2019").resolve().name == number


def test_a_column_that_a_correction_needs_and_no_file_has_is_named(sandbox):
    sandbox.change("2019", "egi_2019.csv", lambda c: c.replace(b",commune,", b",comuna,"))
    failure = sandbox.run("2019")
    assert "the files of websites have no column 'commune'; name renamed columns" in failure


def test_of_a_failed_edition_the_table_says_so(sandbox):
    sandbox.change("2019", "egi_2019.csv", cut)
    named = ["--framework", "chile_egi", "--edition", "2019"]
    result = govindex(sandbox, "run", *named)
    assert result.returncode == 1
    assert "failed; as before" in result.stdout
    shown = json.loads(govindex(sandbox, "run", *named, "--json").stdout)
    assert [one["computed"] for one in shown] == [False]


def test_a_killed_run_leaves_the_old_edition_and_the_next_run_goes_through(sandbox):
    assert sandbox.run("2019") is None
    before = files_of(sandbox.published("2019"))
    for step in ("landing", "dbt, 1", "publish"):
        process = subprocess.Popen(
            command("run", "--framework", "chile_egi", "--edition", "2019"),
            env=environment(sandbox),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for line in process.stderr:
            if step in line or (step == "landing" and "read, correct" in line):
                break
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert files_of(sandbox.published("2019")) == before
    result = govindex(sandbox, "run", "--framework", "chile_egi", "--edition", "2019")
    assert result.returncode == 0, result.stderr
    assert files_of(sandbox.published("2019")) == before
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    runs.prepare_dagster_home(sandbox.settings)
    assert dg.DagsterInstance.get().get_runs(filters=unfinished) == []


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "dagster_project.cli", *arguments]


def environment(sandbox) -> dict[str, str]:
    return {
        **os.environ,
        "GOVINDEX_RAW": str(sandbox.settings.raw),
        "GOVINDEX_DATA": str(sandbox.settings.data),
    }


def govindex(sandbox, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(sandbox), capture_output=True, text=True, check=False
    )
