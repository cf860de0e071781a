import json
import os
import signal
import subprocess
import sys
import tomllib

import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.dbt_runner import build_arguments
from dagster_project.settings import PROJECT


@pytest.mark.parametrize(
    "command",
    ["backfill", "diff", "fetch", "plan", "preview", "release", "run", "template", "ui", "verify"],
)
def test_every_command_has_help(command):
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "--framework", "nothing"], "there is no framework nothing; known: chile_egi"),
        (["run", "--edition", "2019"], "--edition needs --framework CODE"),
        (["run", "--framework", "chile_egi", "--edition", "1999"], "has no edition 1999"),
        (["fetch", "--framework", "chile_egi", "--edition", "1999"], "has no edition 1999"),
        (
            [
                "template",
                *("--framework", "internet_service", "--edition", "2018:2019"),
                *("--assessor", "x", "--output", "x.xlsx"),
            ],
            "--edition 2018:2019 names 2 editions; name one",
        ),
    ],
)
def test_a_mistake_is_one_sentence_on_standard_error(arguments, sentence):
    result = subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", *arguments], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert sentence in result.stderr
    assert result.stderr.startswith("govindex: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [["run", "--nonsense"], ["nothing"], ["template"]])
def test_wrong_options_are_one_sentence_too(arguments):
    result = subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", *arguments], capture_output=True, text=True
    )
    assert result.returncode == 2
    assert result.stderr.startswith("govindex: ")
    assert result.stderr.count("\n") == 1


def test_a_template_for_several_regions(tmp_path):
    named = ["--framework", "internet_service", "--edition", "2019", "--assessor", "张三"]
    regions = ["--region", "成都,深圳市", "--region", "440100"]
    path = tmp_path / "a.xlsx"
    result = CliRunner().invoke(app, ["template", *named, *regions, "--output", str(path)])
    assert result.output == f"{path}: 213 answers to fill in\n"


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    result = subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", "run"],
        env={**os.environ, "GOVINDEX_DATA": str(tmp_path / "file")},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("govindex: GOVINDEX_DATA names the file")


def test_dbt_builds_the_named_nodes_for_one_edition_and_no_unit_tests(settings):
    arguments = build_arguments(settings, "2019", "2016", ["a", "b"])
    assert arguments[-3:] == ["--select", "a", "b"]
    variables = json.loads(arguments[arguments.index("--vars") + 1])
    assert variables == {
        "edition": "2019",
        "previous_edition": "2016",
        "predecessor_edition": "",
    }
    assert arguments[arguments.index("--exclude-resource-type") + 1] == "unit_test"
    assert str(settings.data / "dbt" / "target") in arguments


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_who_ends_the_ui_ends_dagster(tmp_path, sign):
    # What it would start tells its own process and rests.
    program = tmp_path / "dagster" / "__main__.py"
    program.parent.mkdir()
    program.with_name("__init__.py").touch()
    program.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n")
    start = "from dagster_project import cli, runs\n"
    start += "runs.prepare_dagster_home = lambda settings: None\n"
    start += f"cli.PROJECT = __import__('pathlib').Path({str(tmp_path)!r})\n"
    start += "cli.app(['ui'])"
    process = subprocess.Popen(
        [sys.executable, "-c", start],
        env={**os.environ, "GOVINDEX_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "Dagster UI: http://127.0.0.1:3000" in process.stdout.readline()
    dagster = int(process.stdout.readline())
    process.send_signal(sign)
    process.communicate()
    with pytest.raises(ProcessLookupError):
        os.kill(dagster, 0)


def test_lock_files_name_no_host_and_pin_everything():
    for path in PROJECT.glob("requirements*.txt"):
        for line in path.read_text().splitlines():
            assert "://" not in line
            assert line.startswith(("    ", "#")) or "==" in line


def test_the_lock_holds_the_versions_that_the_project_asks_for():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    locked = (PROJECT / "requirements.txt").read_text()
    for dependency in project["dependencies"]:
        name, _, version = dependency.partition("==")
        if version and "*" not in version:
            assert f"\n{name}=={version} " in f"\n{locked}"
