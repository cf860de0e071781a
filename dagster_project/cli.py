"""The command line: options, progress, tables and exit codes. What it does stands elsewhere.

The heavy parts (Dagster, dbt) are imported inside the commands that need them, so that
help and mistakes answer at once.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dagster_project import progress
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework as framework_of
from dagster_project.frameworks import framework_codes
from dagster_project.registers import select_editions
from dagster_project.settings import PROJECT, Settings

app = typer.Typer(
    name="govindex",
    help="From the raw files of an evaluation of governments to published, traceable scores.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FrameworkOption = Annotated[
    str | None,
    typer.Option("--framework", metavar="CODE", help="Code of a framework; all, if not given."),
]
EditionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--edition",
        metavar="EDITION",
        help="An edition, several (2016,2019) or a range (2016:2021).",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")]


def main() -> None:
    """Entry point: one clear sentence on standard error for what the user can mend."""
    try:
        app()
    except GovIndexError as error:
        _say_error(str(error))
        sys.exit(1)


@app.callback()
def _root() -> None:
    """Options come after the command."""


@app.command()
def fetch(
    framework: FrameworkOption = None,
    edition: EditionOption = None,
    record: Annotated[
        bool,
        typer.Option("--record", help="Write the checksums of the files as they lie there."),
    ] = False,
) -> None:
    """Bring the collected files that have a public address into raw/."""
    from dagster_project.collection.fetch import fetch_edition, record_edition
    from dagster_project.collection.manifest import declared_editions

    settings = Settings.from_environment()
    failed = []
    for code in _frameworks(framework):
        wanted = (
            select_editions(code, edition) if edition else declared_editions(settings, code)
        )
        for one in wanted:
            try:
                if record:
                    changed = record_edition(settings, code, one)
                    names = ", ".join(changed) or "nothing had changed"
                    typer.echo(f"raw/{code}/{one}/source.yml: {names}")
                else:
                    fetch_edition(settings, code, one, typer.echo)
            except GovIndexError as error:
                failed.append(str(error))
    if failed:
        raise GovIndexError("\n".join(failed))


@app.command()
def run(
    framework: FrameworkOption = None,
    edition: EditionOption = None,
    reason: Annotated[
        str, typer.Option(help="Why a revision may disagree with published figures.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Compute and publish editions: those named, or all that are stale or missing."""
    settings = Settings.from_environment()
    codes = _frameworks(framework)
    with _progress() as say:
        say("", "loading the project")
        from dagster_project import runs

        complaints: list[str] = []
        if edition:
            if not framework:
                raise GovIndexError("--edition needs --framework CODE")
            editions = [(codes[0], one) for one in select_editions(codes[0], edition)]
        else:
            editions, complaints = runs.editions_due(settings, codes)
        failures = list(complaints)
        outcomes = runs.run_editions(settings, editions, reason) if editions else iter(())
        for number, (code, one) in enumerate(editions, start=1):
            label = f"{code} {one} (edition {number} of {len(editions)})"
            with progress.listening(lambda message, label=label: say(label, message)):
                outcome = next(outcomes)
            if outcome.failure:
                failures.append(outcome.failure)
        outcomes = list(outcomes)  # lets go of the lock
    known = [(code, one) for code in codes for one in _editions(code)]
    if edition:
        known = editions
    shown = [found for pair in known if (found := runs.published_edition(settings, *pair))]
    computed = {pair for pair in editions}
    if as_json:
        rows = [
            {**asdict(one), "computed": (one.framework, one.edition) in computed} for one in shown
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print_results(shown, computed)
    if failures:
        raise GovIndexError("\n".join(failures))
    if not shown:
        raise GovIndexError(
            "there are no collected files in raw/; run `govindex fetch`, or put files there as "
            "raw/README.md says"
        )


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open the Dagster UI on this machine with the code location of workspace.yaml."""
    from dagster_project.runs import prepare_dagster_home

    settings = Settings.from_environment()
    prepare_dagster_home(settings)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "--workspace",
        str(PROJECT / "workspace.yaml"),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    typer.echo(f"Dagster UI: http://127.0.0.1:{port} (stop it with Ctrl-C)")
    # Paths are handed on as they were understood here, because Dagster starts elsewhere.
    environment = os.environ | {
        "GOVINDEX_RAW": str(settings.raw),
        "GOVINDEX_DATA": str(settings.data),
    }
    sys.exit(subprocess.call(command, cwd=PROJECT, env=environment))


def _frameworks(code: str | None) -> list[str]:
    return [framework_of(code).code] if code else list(framework_codes())


def _editions(code: str) -> list[str]:
    return select_editions(code, [":"])


@contextmanager
def _progress() -> Iterator[Callable[[str, str], None]]:
    """Shows what is being done: one line that changes on a terminal, a line a step elsewhere."""
    console = Console(stderr=True)
    start = time.monotonic()
    last = ""

    if console.is_terminal:
        with console.status("") as status:
            yield lambda label, message: status.update(
                f"{time.monotonic() - start:5.1f} s  {label}  {message}"
            )
        return

    def line(label: str, message: str) -> None:
        nonlocal last
        # A log does not need a line for each of dozens of models.
        step = message.partition(",")[0]
        if (label, step) != last:
            last = (label, step)
            console.print(f"{time.monotonic() - start:5.1f} s  {label}  {message}", soft_wrap=True)

    yield line


def _print_results(shown: list, computed: set[tuple[str, str]]) -> None:
    """The short table at the end of a run."""
    if not shown:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("framework", "edition", "revision", "regions", "scored", "agreement", "", ""):
        table.add_column(heading, overflow="fold")
    for one in shown:
        table.add_row(
            one.framework,
            one.edition,
            str(one.revision),
            str(one.regions),
            str(one.scored),
            one.agreement,
            "synthetic" if one.synthetic else "",
            "computed now" if (one.framework, one.edition) in computed else "up to date",
        )
    console = Console()
    console.print(table)
    folder = os.path.commonpath([one.folder for one in shown])
    typer.echo(f"Results: {folder}")


def _say_error(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"govindex: {line}", err=True)


if __name__ == "__main__":
    main()
