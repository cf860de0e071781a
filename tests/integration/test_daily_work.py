"""The daily work of a methodologist, from the command line, on two frameworks.

Annual run, release, edit one SQL file, plan, preview, backfill, read the ledger, explain every
number; then what can go wrong.
The expected sets are lists written by hand.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.integration.conftest import files_of
from tests.proof.small import copy_project, small_copy

STATISTICS = {
    "comparable_figures",
    "score_statistics",
    "change_statistics",
    "collection_statistics",
    "statistics",
}
# Made of every indicator.
ABOVE = {"total", "indicator_tree", "indicator_scores", "rankings", "region_types", "published"}
ABOVE |= STATISTICS


@dataclass(frozen=True)
class Work:
    """A copy of the project with collected editions of one framework, and one edit of it."""

    root: Path
    framework: str
    editions: tuple[str, ...]
    edited: str
    old: str
    new: str
    expected: frozenset[str]

    @property
    def file(self) -> Path:
        return self.root / "dbt_project" / self.edited

    @property
    def indicator(self) -> str:
        return self.file.stem.partition("__")[2]

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVIN")}
        return subprocess.Popen(
            [sys.executable, "-m", "dagster_project.cli", *arguments],
            cwd=self.root,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, framework: bool = True) -> str:
        """Standard output of a command that succeeds."""
        process = self._named(*arguments) if framework else self.start(*arguments)
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        return output

    def fail(self, *arguments: str) -> str:
        """The sentence of a command that fails."""
        process = self._named(*arguments)
        _, errors = process.communicate()
        assert process.returncode == 1
        assert "Traceback" not in errors
        said = [line for line in errors.splitlines() if line.startswith("govindex: ")]
        assert len(said) == 1, errors
        return said[0]

    def _named(self, *arguments: str) -> subprocess.Popen[str]:
        return self.start(*arguments, "--framework", self.framework)

    def all_editions(self) -> str:
        return ",".join(self.editions)

    def plan(self) -> list[dict[str, str]]:
        return json.loads(self.run("plan", "--json"))

    def plan_of(self, fails: bool) -> list[dict[str, str]]:
        """The plan where a sentence beside it says why an edition cannot be computed."""
        process = self.start("plan", "--json")
        output, _ = process.communicate()
        assert process.returncode == int(fails)
        return json.loads(output)

    def published(self, edition: str) -> Path:
        return self.root / "data" / "published" / self.framework / edition

    def revision(self, edition: str, number: int) -> Path:
        return self.root / "data" / "revisions" / self.framework / edition / str(number)

    def ledger(self, edition: str) -> list[dict]:
        path = self.revision(edition, 1).with_name("ledger.jsonl")
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def untouchable(self) -> dict[str, bytes]:
        """What a preview may not touch."""
        data = self.root / "data"
        found = {"warehouse": (data / "warehouse.duckdb").read_bytes()}
        for name in ("revisions", "published", "state", "landing"):
            found |= {f"{name}/{key}": value for key, value in files_of(data / name).items()}
        return found


@pytest.fixture(scope="module")
def chile(computed, tmp_path_factory):
    """The real files of Chile's index."""
    root = tmp_path_factory.mktemp("chile")
    copy_project(root)
    shutil.copytree(computed.raw, root / "raw")
    return Work(
        root,
        "chile_egi",
        ("2016", "2019", "2021"),
        "models/indicators/chile_egi/level_2/chile_egi__news.sql",
        "formula=presence('news')",
        "formula=presence('news') ~ ' * 0.5'",
        frozenset({"news", "presence", "reconciliation"} | ABOVE),
    )


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """Two editions of 互联网服务能力 with twelve regions."""
    root = tmp_path_factory.mktemp("twelve")
    small_copy(root, ("2018", "2019"))
    return Work(
        root,
        "internet_service",
        ("2018", "2019"),
        "models/indicators/internet_service/level_3/internet_service__power_list.sql",
        "[0.7, checklist_share",
        "[0.1, checklist_share",
        frozenset(
            {"power_list", "catalog_coverage", "supply", "band_candidates", "grade_cuts"}
            | {"report_figures", "reconciliation", "claims"}
            | ABOVE
        ),
    )


@pytest.fixture(scope="module", params=["chile", "twelve"])
def work(request) -> Work:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def chile_done(chile: Work) -> Work:
    """Chile's index after the work."""
    the_work(chile)
    return chile


@cache
def the_work(work: Work) -> dict:
    """Does the work, once; returns what each step said."""
    said: dict = {"run": json.loads(work.run("run", "--json"))}
    said["first plan"] = work.plan()
    said["released"] = work.run("release", "--edition", work.all_editions())
    said["first files"] = {e: files_of(work.published(e)) for e in work.editions}
    work.edit(work.old, work.new)
    said["plan"] = work.plan()
    backfill = ["backfill", "--indicator", work.indicator, "--edition", work.all_editions()]
    said["without a reason"] = work.fail(*backfill)
    before = work.untouchable()
    said["preview"] = json.loads(work.run("preview", "--edition", work.all_editions(), "--json"))
    said["touched by the preview"] = {
        name for name, content in work.untouchable().items() if before.get(name) != content
    }
    said["backfill"] = json.loads(work.run(*backfill, "--reason", "halve it", "--json"))
    said["last plan"] = work.plan()
    walked = work.run("explain", "--edition", work.all_editions(), "--check", "--json")
    said["explained"] = json.loads(walked)
    return said


def test_the_daily_work_of_a_methodologist(work):
    done = the_work(work)
    for look in (
        the_annual_run_publishes_every_edition,
        the_plan_names_exactly_the_expected_pairs,
        what_is_released_is_not_replaced_without_a_reason,
        a_backfill_computes_exactly_the_plan,
        the_preview_predicts_exactly_what_the_backfill_does,
        the_difference_between_the_revisions_is_what_the_preview_said,
        the_ledger_explains_each_change,
        the_old_revision_reads_back_byte_for_byte,
        every_table_says_its_revision_and_whether_it_agrees,
        every_region_of_every_edition_is_explained,
    ):
        look(work, done)


def the_annual_run_publishes_every_edition(work, done):
    assert [(o["edition"], o["revision"], o["computed"]) for o in done["run"]] == [
        (edition, 1, True) for edition in work.editions
    ]
    assert done["first plan"] == []


def the_plan_names_exactly_the_expected_pairs(work, done):
    found = {(row["asset"], row["edition"]) for row in done["plan"]}
    assert found == {(asset, edition) for asset in work.expected for edition in work.editions}
    own = {(row["asset"], row["cause"], row["source"]) for row in done["plan"]} - {
        (row["asset"], "upstream", work.indicator) for row in done["plan"]
    }
    assert own == {(work.indicator, "code", work.edited)}
    assert all(row["since_run"] for row in done["plan"])


def what_is_released_is_not_replaced_without_a_reason(work, done):
    assert "replaced only with a reason" in done["without a reason"]


def a_backfill_computes_exactly_the_plan(work, done):
    for outcome in done["backfill"]:
        assert outcome["failure"] is None
        names = {name.rpartition("/")[2] for name in outcome["assets"]}
        assert {"published" if name == "edition" else name for name in names} == work.expected
    assert done["last plan"] == []


def the_preview_predicts_exactly_what_the_backfill_does(work, done):
    assert done["touched by the preview"] == set()
    assert [one["edition"] for one in done["preview"]] == list(work.editions)
    for one in done["preview"]:
        edition = one["edition"]
        before, after = (
            pd.read_parquet(work.revision(edition, number) / "rankings.parquet")
            .set_index(["object_group", "region_code"])
            .sort_index()
            for number in (1, 2)
        )
        assert len(one["regions"]) > 5
        assert one["causes"] == [{"asset": work.indicator, "cause": "code", "source": work.edited}]
        assert one["refusals"] == []
        released, *disagrees = one["reasons"]
        assert released == "revision 1 is released"
        # Chile's figures were published of the same data; the report's of 334 regions.
        assert [said.partition(" (")[0] for said in disagrees] == (
            ["disagrees with published figures"] if work.framework == "chile_egi" else []
        )
        predicted = before.copy()
        for region in one["regions"]:
            for name, value in region["after"].items():
                predicted.loc[(region["object_group"], region["region_code"]), name] = value
        names = ["score", "rank", "band", "grade", "provisional"]
        pd.testing.assert_frame_equal(
            predicted[names], after[names], check_dtype=False, check_exact=True
        )
        nation = one["means"][0]
        assert nation["before"] == pytest.approx(before["score"].mean(), abs=1e-12)
        assert nation["after"] == pytest.approx(after["score"].mean(), abs=1e-12)
        cuts = work.revision(edition, 2) / "grade_cuts.csv"
        if cuts.is_file():
            rows = pd.read_csv(cuts, encoding="utf-8-sig")
            assert dict(zip(rows["grade"], rows["lower"], strict=True)) == {
                row["grade"]: row["after"] for row in one["cuts"] if row["after"] is not None
            }


def the_difference_between_the_revisions_is_what_the_preview_said(work, done):
    for one in done["preview"]:
        found = json.loads(
            work.run("diff", "--edition", one["edition"], "--from", "1", "--to", "2", "--json")
        )
        changed = {
            (change["region_code"], change["column"]): (change["before"], change["after"])
            for change in found["changes"]
            if change["table"] == "rankings" and change["column"] in ("score", "rank", "grade")
        }
        expected = {
            (region["region_code"], column)
            for region in one["regions"]
            for column in ("score", "rank", "grade")
            if region["before"][column] != region["after"][column]
        }
        assert changed.keys() == expected
        for region in one["regions"]:
            if (region["region_code"], "rank") in changed:
                ranks = region["before"]["rank"], region["after"]["rank"]
                assert changed[region["region_code"], "rank"] == tuple(map(str, ranks))


def the_ledger_explains_each_change(work, done):
    for edition in work.editions:
        first, released, second = work.ledger(edition)
        assert (first["event"], first["revision"]) == ("publication", 1)
        assert (released["event"], released["revision"]) == ("release", 1)
        cause = [{"cause": "code", "source": work.edited}]
        if edition != work.editions[0]:
            # It is compared with the edition before, which was computed again too.
            before = work.editions[work.editions.index(edition) - 1]
            cause.append({"cause": "upstream", "source": f"comparable_figures of {before}"})
        assert second["cause"] == cause
        assert second["reason"] == "halve it"
        assert second["run"]


def the_old_revision_reads_back_byte_for_byte(work, done):
    for edition in work.editions:
        assert files_of(work.revision(edition, 1)) == done["first files"][edition]
        assert work.published(edition).resolve().name == "2"
    assert "as they were published" in work.run("verify")


def every_table_says_its_revision_and_whether_it_agrees(work, done):
    manifest = json.loads((work.published(work.editions[0]) / "manifest.json").read_text())
    rows = pd.read_parquet(work.published(work.editions[0]) / "rankings.parquet")
    assert rows["revision"].unique().tolist() == [2]
    # Chile's index differs from the published one now, and twelve regions are no nation.
    assert rows["conforms"].unique().tolist() == [False]
    assert manifest["reason"] == "halve it"


def every_region_of_every_edition_is_explained(work, done):
    assert [(one["edition"], one["revision"]) for one in done["explained"]] == [
        (edition, 2) for edition in work.editions
    ]
    for one in done["explained"]:
        ranks = pd.read_parquet(work.revision(one["edition"], 2) / "rankings.parquet")
        scores = pd.read_parquet(work.revision(one["edition"], 2) / "indicator_scores.parquet")
        assert one["regions"] == len(ranks) > 10
        assert one["indicators"] == len(scores)
        assert one["readings"] > 1000


def test_a_finished_backfill_has_nothing_left_to_do(work):
    the_work(work)
    again = ["backfill", "--indicator", work.indicator, "--edition", work.all_editions()]
    outcomes = json.loads(work.run(*again, "--json"))
    assert [one["assets"] for one in outcomes] == [[] for _ in work.editions]
    assert [len(work.ledger(edition)) for edition in work.editions] == [3] * len(work.editions)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["backfill", "--edition", "1999"], "has no edition 1999"),
        (["backfill"], "name the editions to recompute with --edition"),
        (["preview", "--edition", "1999"], "has no edition 1999"),
        (["preview", "--edition", "2019", "--set", "weight.x=1"], "has no indicator x with"),
        (["release", "--edition", "2019"], "revision 1 was released before; say with --reason"),
        (["diff", "--edition", "2019", "--from", "1", "--to", "9"], "2019 has no revision 9"),
        (["diff", "--edition", "1999"], "has no edition 1999"),
        (["backfill", "--edition", "2019", "--indicator", "x"], "chile_egi has no indicator x"),
    ],
)
def test_a_mistake_is_one_sentence(chile_done, arguments, sentence):
    assert sentence in chile_done.fail(*arguments)


# Words of the line at which a backfill is killed, with the whole group of its processes;
# test_interruption.py kills it before each of its steps.
KILLS = ["dbt, 1 of", "2019 (edition 2 of 2)  publish"]


def kill_at(work: Work, step: str, *arguments: str) -> None:
    process = work.start(*arguments, "--framework", work.framework)
    for line in process.stderr:
        if step in line:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL


def test_a_backfill_that_is_killed_leaves_editions_whole_and_goes_on(chile_done):
    chile_done.edit("* 0.5", "* 0.25")
    arguments = ["backfill", "--indicator", "news", "--edition", "2016,2019", "--reason", "less"]
    old = {edition: files_of(chile_done.published(edition)) for edition in ("2016", "2019")}
    for step in KILLS:
        kill_at(chile_done, step, *arguments)
        for edition in ("2016", "2019"):
            published = chile_done.published(edition).resolve()
            assert published.name in ("2", "3")
            if published.name == "2":
                assert files_of(published) == old[edition]
            manifest = json.loads((published / "manifest.json").read_text())
            assert set(manifest["files"]) == set(files_of(published)) - {"manifest.json"}
    chile_done.run(*arguments)
    # 2021 was not asked for, and its comparison with 2019 is stale by now.
    assert {row["edition"] for row in chile_done.plan()} == {"2021"}
    for edition in ("2016", "2019"):
        assert chile_done.published(edition).resolve().name == "3"
        assert chile_done.ledger(edition)[-1]["reason"] == "less"
    assert chile_done.published("2021").resolve().name == "2"
    chile_done.run("verify")
    chile_done.run("backfill", "--edition", "2021", "--reason", "less")
    assert chile_done.plan() == []


def test_two_backfills_at_once_follow_each_other(chile_done):
    chile_done.edit("* 0.25", "* 0.75")
    arguments = ["backfill", "--edition", "2016", "--reason", "both", "--framework", "chile_egi"]
    count = len(chile_done.ledger("2016"))
    processes = [chile_done.start(*arguments) for _ in range(2)]
    ends = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ends
    assert len(chile_done.ledger("2016")) == count + 1


def test_a_deleted_warehouse_loses_no_history(chile_done):
    chile_done.run("backfill", "--edition", "2016:2021", "--reason", "all")
    history = files_of(chile_done.root / "data" / "revisions")
    (chile_done.root / "data" / "warehouse.duckdb").unlink()
    assert {row["cause"] for row in chile_done.plan()} == {"missing"}
    chile_done.run("run")
    assert files_of(chile_done.root / "data" / "revisions") == history
    assert chile_done.plan() == []


def test_a_lost_link_is_planned_and_set_again_without_a_reason(chile_done):
    assert chile_done.plan() == []
    link = chile_done.published("2019")
    number = link.resolve().name
    lines = chile_done.ledger("2019")
    for spoil in (link.unlink, lambda: point_at(link, "1")):
        spoil()
        [row] = chile_done.plan()
        assert (row["asset"], row["edition"], row["cause"]) == ("published", "2019", "missing")
        assert row["source"].startswith("published/chile_egi/2019: shows ")
        assert row["source"].endswith(f"instead of {number}")
        [outcome] = json.loads(chile_done.run("backfill", "--edition", "2019", "--json"))
        assert outcome["assets"] == ["published/edition"]
        assert link.resolve().name == number
        assert chile_done.ledger("2019") == lines
        assert chile_done.plan() == []


def point_at(link: Path, number: str) -> None:
    target = Path(os.readlink(link)).with_name(number)
    link.unlink()
    link.symlink_to(target)


def weighed(work: Work, factor: str) -> None:
    """Edits the factor of the formula, whatever it was before."""
    text = work.file.read_text(encoding="utf-8")
    work.file.write_text(re.sub(r"\* [\d.]+", f"* {factor}", text), encoding="utf-8")


def test_a_backfill_of_one_indicator_names_what_else_is_stale(chile_done):
    weighed(chile_done, "0.7")
    forms = chile_done.file.with_name("chile_egi__forms.sql")
    text = forms.read_text(encoding="utf-8")
    forms.write_text(text.replace("presence('forms')", "presence('forms') ~ ' * 0.5'"))
    arguments = ("backfill", "--edition", "2016", "--reason", "x", "--indicator", "news")
    said = chile_done.fail(*arguments)
    file = "models/indicators/chile_egi/level_2/chile_egi__forms.sql"
    assert said == (
        f"govindex: chile_egi 2016: stale too: forms (code: {file}); an edition is "
        "published whole, so name what is stale as well (--indicator forms), or leave --indicator "
        "out to recompute all that is stale"
    )
    forms.write_text(text)
    [outcome] = json.loads(chile_done.run(*arguments, "--json"))
    assert outcome["failure"] is None
    chile_done.run("backfill", "--edition", "2019:2021", "--reason", "x")
    assert chile_done.plan() == []


def test_after_a_failed_run_the_plan_names_the_file_and_the_last_good_run(chile_done):
    path = chile_done.root / "raw" / "chile_egi" / "2021" / "egi_2021.csv"
    content = path.read_bytes()
    path.write_bytes(content[:-30])
    before = chile_done.plan_of(fails=True)
    chile_done.run("fetch", "--edition", "2021", "--record")
    assert chile_done.plan() == before
    chile_done.fail("run", "--edition", "2021", "--reason", "x")
    rows = chile_done.plan()
    [landed] = [row for row in rows if row["asset"] == "websites" and row["cause"] == "raw"]
    assert landed["source"] == "raw/chile_egi/2021/egi_2021.csv"
    assert {row["since_run"] for row in before} == {row["since_run"] for row in rows}
    path.write_bytes(content)
    chile_done.run("fetch", "--edition", "2021", "--record")
    chile_done.run("run", "--edition", "2021", "--reason", "x")
    assert chile_done.plan() == []


def test_a_lost_ledger_is_mended_and_the_release_is_not_forgotten(chile_done):
    path = chile_done.revision("2016", 1).with_name("ledger.jsonl")
    before = path.read_bytes()
    path.unlink()
    said = chile_done.fail("verify", "--edition", "2016")
    assert "ledger.jsonl: the publication of revision 1, the release of revision 1, " in said
    text = chile_done.file.read_text(encoding="utf-8")
    weighed(chile_done, "0.65")
    assert "released as revision 1" in chile_done.fail("backfill", "--edition", "2016")
    chile_done.file.write_text(text, encoding="utf-8")
    # Whatever publishes next mends it, even if nothing is to be published.
    chile_done.run("run", "--edition", "2016")
    assert path.read_bytes() == before
    chile_done.run("verify", "--edition", "2016")
