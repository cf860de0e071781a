"""The command line: options, progress, tables and exit codes. What it does stands elsewhere.

The heavy parts (Dagster, dbt) are imported inside the commands that need them, so that
help and mistakes answer at once.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from dagster_project import progress
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework as framework_of
from dagster_project.frameworks import framework_codes
from dagster_project.registers import select_editions
from dagster_project.settings import PROJECT, Settings

if TYPE_CHECKING:
    from dagster_project.runs import PublishedEdition

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
        code = app(standalone_mode=False)
    except GovIndexError as error:
        _say_error(str(error))
        sys.exit(1)
    except Exception as error:
        # Wrong options: typer's own exceptions, whose module is not public.
        if not hasattr(error, "format_message"):
            raise
        _say_error(f"{error.format_message()} (`govindex --help` says what there is)")
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


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
        wanted = select_editions(code, edition) if edition else declared_editions(settings, code)
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
def demo(
    framework: FrameworkOption = None,
    edition: EditionOption = None,
) -> None:
    """Write the demonstration, a synthetic collection, into raw/ where no real files lie."""
    from dagster_project.demonstration.demo import write_demo
    from dagster_project.demonstration.facts import demonstrated, demonstration

    settings = Settings.from_environment()
    if edition and not framework:
        raise GovIndexError("--edition needs --framework CODE")
    codes = [framework_of(framework).code] if framework else list(demonstrated())
    table = Table(box=None, pad_edge=False)
    for heading in ("framework", "edition", "regions", "files", "samples", "MB", "seconds", ""):
        table.add_column(heading, no_wrap=True)
    failed = []
    for code in codes:
        wanted = select_editions(code, edition) if edition else list(demonstration(code).editions)
        for one in wanted:
            try:
                done = write_demo(settings, code, one)
            except GovIndexError as error:
                failed.append(str(error))
                continue
            table.add_row(
                code,
                one,
                str(done.regions),
                str(done.files),
                str(done.samples),
                f"{done.size / 1e6:.1f}",
                f"{done.seconds:.1f}",
                "synthetic, written now" if done.written else "synthetic, unchanged",
            )
    if table.row_count:
        _console().print(table)
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
    if edition and not framework:
        raise GovIndexError("--edition needs --framework CODE")
    codes = _frameworks(framework)
    named = [(codes[0], one) for one in select_editions(codes[0], edition)] if edition else []
    with _shown_progress():
        progress.report("loading the project")
        from dagster_project import runs

        due, failures = (named, []) if named else runs.editions_due(settings, codes)
        outcomes = runs.run_editions(settings, due, reason) if due else []
    failures += [outcome.failure for outcome in outcomes if outcome.failure]
    computed = [(one.framework, one.edition) for one in outcomes if one.computed]
    known = named or [(code, one) for code in codes for one in select_editions(code, [":"])]
    shown = [found for pair in known if (found := runs.published_edition(settings, *pair))]
    if as_json:
        rows = [
            {**asdict(one), "computed": (one.framework, one.edition) in computed} for one in shown
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif shown:
        _print_results(shown, computed, [pair for pair in due if pair not in computed])
    if failures:
        raise GovIndexError("\n".join(failures))
    if not shown:
        raise GovIndexError(
            "there are no collected files in raw/; run `govindex fetch`, or put files there as "
            "raw/README.md says"
        )


@app.command()
def template(
    framework: Annotated[str, typer.Option("--framework", metavar="CODE", help="Framework.")],
    edition: Annotated[str, typer.Option("--edition", metavar="EDITION", help="One edition.")],
    assessor: Annotated[str, typer.Option(help="Name of the person who will fill it in.")],
    output: Annotated[Path, typer.Option(help="The workbook to write.")],
    region: Annotated[
        list[str] | None,
        typer.Option(help="A region by code, name or alias; again for more. All, if not given."),
    ] = None,
) -> None:
    """Write an empty workbook for an assessor, with drop-down lists."""
    from dagster_project.collection.template import write_template

    [one] = select_editions(framework_of(framework).code, [edition])
    count = write_template(framework_of(framework), one, assessor, region or [], output)
    typer.echo(f"{output}: {count} answers to fill in")


@app.command()
def explain(
    framework: Annotated[str, typer.Option("--framework", metavar="CODE", help="Framework.")],
    edition: Annotated[
        list[str],
        typer.Option("--edition", metavar="EDITION", help="One edition; several with --check."),
    ],
    region: Annotated[
        str | None, typer.Option(help="A region by code, name or alias; all, with --check.")
    ] = None,
    indicator: Annotated[str, typer.Option(help="Code of an indicator.")] = "total",
    group: Annotated[
        str | None, typer.Option(help="Object group, where a region is ranked in several.")
    ] = None,
    revision: Annotated[
        int | None, typer.Option(help="Number of a revision; the published one, if not given.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Formulas and readings of every point.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Recompute every number and find every raw value.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Walk from a score to its children, points, readings and raw files."""
    from dagster_project import explanation
    from dagster_project.explanation.terminal import tree_of
    from dagster_project.publication.revisions import revision_folder

    settings = Settings.from_environment()
    code = framework_of(framework).code
    editions = select_editions(code, edition)
    if check:
        if region:
            raise GovIndexError("--check walks all regions; leave --region out")
        rows = []
        for one in editions:
            loaded = explanation.Revision(revision_folder(settings, code, one, revision))
            found = explanation.check(loaded, settings)
            rows.append({"framework": code, "edition": one, **asdict(found)})
            if not as_json:
                typer.echo(f"{loaded.name}: {found.sentence}")
        if as_json:
            typer.echo(json.dumps(rows, indent=2))
        return
    if not region or len(editions) != 1:
        raise GovIndexError("explain needs --region and one --edition, or --check")
    loaded = explanation.Revision(revision_folder(settings, code, editions[0], revision))
    explained = loaded.explain(loaded.region_of(region), indicator, group)
    if as_json:
        typer.echo(json.dumps(explained.as_dict(), ensure_ascii=False, indent=2))
        return
    # A file has no width at which a line would have to be broken.
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(tree_of(explained, full), highlight=False)


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


@contextmanager
def _shown_progress() -> Iterator[None]:
    """Shows what is being done: one line that changes on a terminal, a line a step elsewhere."""
    console = Console(stderr=True)
    start = time.monotonic()
    last = ("", "")

    def text(subject: str, message: str) -> str:
        return f"{time.monotonic() - start:5.1f} s  {subject}  {message}"

    def print_line(subject: str, message: str) -> None:
        nonlocal last
        # A log does not need a line for each of dozens of models.
        step = (subject, message.partition(",")[0])
        if step != last:
            last = step
            console.print(text(subject, message), soft_wrap=True, highlight=False)

    if not console.is_terminal:
        with progress.listening(print_line):
            yield
        return
    with (
        console.status("") as status,
        progress.listening(lambda subject, message: status.update(text(subject, message))),
    ):
        yield


def _print_results(
    shown: "list[PublishedEdition]",
    computed: list[tuple[str, str]],
    failed: list[tuple[str, str]],
) -> None:
    """The short table at the end of a run. Of a failed edition it shows what is published."""
    states = dict.fromkeys(computed, "computed now") | dict.fromkeys(failed, "failed; as before")
    table = Table(box=None, pad_edge=False)
    for heading in ("framework", "edition", "revision", "regions", "scored", "agreement", "", ""):
        table.add_column(heading, no_wrap=heading != "agreement")
    for one in shown:
        table.add_row(
            one.framework,
            one.edition,
            str(one.revision),
            str(one.regions),
            str(one.scored),
            one.agreement,
            "synthetic" if one.synthetic else "",
            states.get((one.framework, one.edition), "up to date"),
        )
    _console().print(table)
    typer.echo(f"Results: {os.path.commonpath([one.folder for one in shown])}")


def _console() -> Console:
    """For tables. A log has no width that a line could be cut to."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def _say_error(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"govindex: {line}", err=True)


if __name__ == "__main__":
    main()
