"""A backfill that is killed at any of its steps: what is published is wholly old or wholly new,
and the next call goes on.

The steps are those in which something is computed or a file changes; a process is killed (with
the signal that nothing can catch) just before each of them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import files_of
from tests.proof.small import copy_project

FRAMEWORK = "chile_egi"
INDICATOR = "models/indicators/chile_egi/level_2/chile_egi__news.sql"
# In this order, written by hand: what the command line says, and what happens to a file.
STEPS = [
    "start",
    "rename state/indicators",
    "rename state/scores",
    "dbt seed",
    "dbt model",
    "dbt test",
    "open state/sql",
    "types of regions",
    "rename state/analysis",
    "rename analysis",
    "publish",
    "mkdir revisions/part",
    "open revisions/part",
    "mkdir revisions/part/site",
    "chmod revisions/part",
    "rename revisions/line",
    "rename revisions/part",
    "open revisions/ledger",
    "symlink published",
    "rename published",
    "rename state/published",
]

# Parses the project once; then backfills in a process of its own for each line that it reads,
# and kills that before the step that the line names.
DRIVER = """
import json, os, re, signal, sys
from pathlib import Path
from dagster_project import dbt_runner, progress, runs
from dagster_project.settings import Settings

settings = Settings.from_environment()
nodes = dbt_runner.manifest(settings)["nodes"].values()
kinds = {node["name"]: node["resource_type"] for node in nodes}

ASIDE = {
    *(f"open state/{layer}" for layer in ("indicators", "scores", "analysis", "published")),
    "mkdir state/sql",
    "mkdir published",
    "open revisions/part/site",
    "chmod revisions/part/site",
    "chmod revisions/line",
}

def step_of_message(message):
    if message.startswith("dbt, "):
        return "dbt " + kinds.get(message.rpartition(": ")[2], "test")
    return message.partition(":")[0]

def step_of_event(event, arguments):
    named = arguments[1] if event in ("os.rename", "os.symlink") else arguments[0]
    if not isinstance(named, (str, os.PathLike)):
        return None
    try:
        root, _, *rest = Path(named).relative_to(settings.data).parts
        rest = rest[1:] if root != "published" else []
    except ValueError:
        return None
    if not rest and root != "published":
        return None
    if root == "revisions":
        source = Path(arguments[0]).name
        if source.endswith(".part") and not rest[0].endswith(".json"):
            rest = ["part"]
        elif rest[0].endswith(".part") and not rest[0].startswith(".."):
            rest = ["part", *(one for one in rest[1:2] if one == "site")]
        elif rest[0].startswith("."):
            rest = ["line"]
        else:
            rest = [rest[0].partition(".")[0]]
        root = "/".join([root, *rest])
    elif root == "state":
        root = "/".join([root, rest[0].strip(".").partition(".")[0]])
    elif root not in ("published", "analysis"):
        return None
    return f"{event.rpartition('.')[2]} {root}"

def backfill(killed_before):
    met = []
    def pass_by(step):
        if step and step not in met:
            met.append(step)
        if step == killed_before:
            os.kill(os.getpid(), signal.SIGKILL)
    def watch(event, arguments):
        written = event == "open" and str(arguments[1])[:1] in ("w", "a", "x")
        if written or event in ("os.rename", "os.symlink", "os.mkdir", "os.chmod"):
            step = step_of_event(event, arguments)
            # What is written aside counts when it is renamed.
            if step not in ASIDE:
                pass_by(step)
    sys.addaudithook(watch)
    with progress.listening(lambda _, message: pass_by(step_of_message(message))):
        done = runs.backfill(settings, "chile_egi", ["news"], ["2016", "2019"], "another factor")
    assert [one.failure for one in done] == [None, None], done
    return met

for line in sys.stdin:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        met = backfill(line.strip())
        os.write(writer, json.dumps(met).encode())
        os._exit(0)
    os.close(writer)
    said = os.fdopen(reader).read()
    _, status = os.waitpid(child, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), said]), flush=True)
"""


@dataclass(frozen=True)
class Backfill:
    """A backfill of two editions, which can be killed before a step."""

    root: Path
    driver: subprocess.Popen[str]

    def killed_before(self, step: str) -> None:
        code, _ = self._run(step)
        assert code == -9, f"the step {step} did not come"

    def whole(self) -> list[str]:
        """The steps of a backfill that nobody kills."""
        code, said = self._run("")
        assert code == 0
        found: list[str] = json.loads(said)
        return found

    def _run(self, step: str) -> tuple[int, str]:
        assert self.driver.stdin
        assert self.driver.stdout
        self.driver.stdin.write(f"{step}\n")
        self.driver.stdin.flush()
        code, said = json.loads(self.driver.stdout.readline())
        return code, said

    def published(self, edition: str) -> Path:
        return self.root / "data" / "published" / FRAMEWORK / edition


@pytest.fixture
def backfill(computed, tmp_path) -> Iterator[Backfill]:
    """An edited indicator of Chile's index, whose editions are published."""
    copy_project(tmp_path)
    shutil.copytree(computed.raw, tmp_path / "raw")
    shutil.copytree(computed.data, tmp_path / "data", symlinks=True)
    edited = tmp_path / "dbt_project" / INDICATOR
    text = edited.read_text(encoding="utf-8")
    edited.write_text(
        text.replace("formula=presence('news')", "formula=presence('news') ~ ' * 0.5'"),
        encoding="utf-8",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVIN")}
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as driver:
        yield Backfill(tmp_path, driver)
        driver.stdin.close()


def test_a_backfill_that_is_killed_at_any_step_leaves_editions_whole_and_goes_on(backfill):
    old = {edition: files_of(backfill.published(edition)) for edition in ("2016", "2019", "2021")}
    for step in STEPS:
        backfill.killed_before(step)
        for edition, files in old.items():
            published = backfill.published(edition).resolve()
            found = files_of(published)
            manifest = json.loads(found["manifest.json"])
            if published.name == "1":
                assert found == files, step
            else:
                assert (edition, published.name) == ("2016", "2"), step
                assert manifest["reason"] == "another factor"
            assert set(manifest["files"]) == set(found) - {"manifest.json"}, step
    # The last call goes on where the one before was killed: with the end of 2016, then with 2019,
    # and meets no step that was not tried.
    assert set(backfill.whole()) == set(STEPS)
    for edition, number in (("2016", "2"), ("2019", "2"), ("2021", "1")):
        assert backfill.published(edition).resolve().name == number
        lines = backfill.published(edition).resolve().with_name("ledger.jsonl").read_text()
        assert [json.loads(line)["revision"] for line in lines.splitlines()] == [
            *range(1, int(number) + 1)
        ]
