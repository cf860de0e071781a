"""The command line: options, progress, tables and exit codes. What it does stands elsewhere.

The heavy parts (Dagster, dbt) are imported inside the commands that need them, so that
help and mistakes answer at once.
"""

import gc
import json
import math
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from dagster_project import progress
from dagster_project.beside import COLLECTED
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework as framework_of
from dagster_project.frameworks import framework_codes
from dagster_project.registers import select_editions
from dagster_project.settings import PROJECT, Settings

if TYPE_CHECKING:
    from dagster_project.demonstration.demo import DemoEdition
    from dagster_project.plan import Stale
    from dagster_project.preview.compute import EditionPreview
    from dagster_project.publication.comparison import Change
    from dagster_project.publication.ledger import Line
    from dagster_project.runs import PublishedEdition

app = typer.Typer(
    name="govindex",
    help="From the raw files of an evaluation of governments to published, traceable scores.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

PLAN_ROWS = 30
DIFF_ROWS = 10

FrameworkOption = Annotated[
    str | None,
    typer.Option("--framework", metavar="CODE", help="Code of a framework; all, if not given."),
]
OneFrameworkOption = Annotated[
    str, typer.Option("--framework", metavar="CODE", help="Code of a framework.")
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
    gc.set_threshold(*COLLECTED)
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
    as_json: JsonOption = False,
) -> None:
    """Write the demonstration, a synthetic collection, into raw/ where no real files lie."""
    from dagster_project.demonstration.demo import refuse_others_files, write_demo
    from dagster_project.demonstration.facts import demonstrated, demonstration

    settings = Settings.from_environment()
    if edition and not framework:
        raise GovIndexError("--edition needs --framework CODE")
    codes = [framework_of(framework).code] if framework else list(demonstrated())
    wanted = [
        (code, one)
        for code in codes
        for one in sorted(
            select_editions(code, edition) if edition else demonstration(code).editions
        )
    ]
    # Before any is written: a synthetic edition beside a real one would be compared with it.
    for pair in wanted:
        refuse_others_files(settings, *pair)
    done = [write_demo(settings, *pair) for pair in wanted]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=2))
    else:
        _print_demonstrations(done)


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
    codes, editions = _chosen(framework, edition)
    named = [(codes[0], one) for one in editions or []]
    with _shown_progress():
        progress.report("loading the project")
        from dagster_project.collection.ahead import reading_ahead

        # What is named is read while Dagster is imported.
        with reading_ahead(settings, named):
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
def plan(
    framework: FrameworkOption = None, edition: EditionOption = None, as_json: JsonOption = False
) -> None:
    """List what is stale or missing, why, and what lies downstream of it."""
    settings = Settings.from_environment()
    codes, editions = _chosen(framework, edition)
    with _shown_progress():
        progress.report("reading the project")
        from dagster_project.plan import plan as plan_of

        found, complaints = plan_of(settings, codes, editions)
    if as_json:
        rows = {tuple(one.as_dict().items()): one.as_dict() for one in found}
        typer.echo(json.dumps(list(rows.values()), ensure_ascii=False, indent=2))
    elif found or not complaints:
        _print_plan(found)
    if complaints:
        raise GovIndexError("\n".join(complaints))


@app.command()
def backfill(
    framework: OneFrameworkOption,
    edition: EditionOption = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(help="An indicator or table; again for more. All that is stale, if none."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; needed to replace what was released.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Recompute what is stale of an indicator and downstream of it, in the editions named.

    An edition is published whole: where something else of it is stale too, nothing is computed,
    and it is said what else. Name that with --indicator as well, or leave --indicator out. A link
    in published/ that was lost is set again.
    """
    settings = Settings.from_environment()
    code = framework_of(framework).code
    if not edition:
        raise GovIndexError("name the editions to recompute with --edition")
    editions = select_editions(code, edition)
    with _shown_progress():
        progress.report("loading the project")
        from dagster_project import runs

        outcomes = runs.backfill(settings, code, indicator or [], editions, reason)
    shown = [found for one in editions if (found := runs.published_edition(settings, code, one))]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in outcomes], ensure_ascii=False, indent=2))
    else:
        computed = [(one.framework, one.edition) for one in outcomes if one.computed]
        failed = [(one.framework, one.edition) for one in outcomes if one.failure]
        if shown:
            _print_results(shown, computed, failed)
        for one in outcomes:
            if one.assets:
                typer.echo(f"{one.edition}: {len(one.assets)} computed: {', '.join(one.assets)}")
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if failures:
        raise GovIndexError("\n".join(failures))


@app.command()
def preview(
    framework: OneFrameworkOption,
    edition: EditionOption = None,
    assumed: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="What if: weight.<indicator>=<number> or <parameter>=<value>; again for more.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="The HTML page; data/preview/<framework>.html, if none.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what computing all that is stale would change; published tables stay as they are."""
    settings = Settings.from_environment()
    code = framework_of(framework).code
    named = select_editions(code, edition) if edition else None
    with _shown_progress():
        progress.report("loading the project")
        from dagster_project.preview import compute, page

        found = compute.preview(settings, code, named, assumed or [])
        path = output or settings.data / "preview" / f"{code}.html"
        page.write(path, found, assumed or [])
    if as_json:
        rows = [one.as_dict() for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print_preview(found)
        typer.echo(f"With pictures: {path}")


@app.command()
def release(
    framework: OneFrameworkOption,
    edition: EditionOption = None,
    reason: Annotated[
        str, typer.Option(help="Why it takes the place of what was released before.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Release what is published; from then on nothing of it is replaced without a reason."""
    from dagster_project.publication import revisions

    settings = Settings.from_environment()
    if not edition:
        raise GovIndexError("name the editions to release with --edition")
    done, failures = [], []
    for one in select_editions(framework_of(framework).code, edition):
        try:
            number = revisions.release(settings, framework, one, reason)
            done.append({"framework": framework, "edition": one, "revision": number})
        except GovIndexError as error:
            failures.append(str(error))
    if as_json:
        typer.echo(json.dumps(done, ensure_ascii=False, indent=2))
    else:
        for row in done:
            typer.echo(f"{framework} {row['edition']}: revision {row['revision']} is released")
    if failures:
        raise GovIndexError("\n".join(failures))


@app.command()
def diff(
    edition: Annotated[str, typer.Option("--edition", metavar="EDITION", help="One edition.")],
    framework: FrameworkOption = None,
    before: Annotated[
        int | None, typer.Option("--from", help="A revision; the one before, if not given.")
    ] = None,
    after: Annotated[
        int | None, typer.Option("--to", help="A revision; the last, if not given.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List every cell, rank and grade that differs between two revisions of an edition."""
    from dagster_project.publication import comparison, ledger, revisions

    settings = Settings.from_environment()
    code = _with_revisions(settings, framework, edition)
    one = _one_edition(code, edition)
    numbers = ledger.numbers(ledger.revisions_folder(settings, code, one))
    last = after if after is not None else max(numbers, default=1)
    first = before
    if first is None:
        earlier = [number for number in numbers if number < last]
        if last in numbers and not earlier:
            raise GovIndexError(f"{code} {one} has no revision before {last} to compare with")
        first = max(earlier, default=last)
    folders = [revisions.revision_folder(settings, code, one, n) for n in (first, last)]
    for changed in (sentence for folder in folders for sentence in revisions.changed_files(folder)):
        _say_error(changed)
    changes = comparison.compare(*(comparison.tables_of(folder) for folder in folders))
    synthetic = any(
        revisions.read_manifest(settings, code, one, number)["synthetic"]
        for number in (first, last)
    )
    known = ledger.read(ledger.revisions_folder(settings, code, one))
    if known.complaint:
        _say_error(known.complaint)
    lines = [line for line in known.lines if first < line.revision <= last]
    if as_json:
        content = {
            "framework": code,
            "edition": one,
            "from": first,
            "to": last,
            "synthetic": synthetic,
            "ledger": [asdict(line) for line in lines],
            "changes": [change.as_dict() for change in changes],
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        if synthetic:
            typer.echo(f"{code} {one}: the collection is synthetic")
        _print_diff(changes, lines)


@app.command()
def verify(framework: FrameworkOption = None, edition: EditionOption = None) -> None:
    """Hold every revision against its checksums and its ledger."""
    from dagster_project.publication import ledger, revisions

    settings = Settings.from_environment()
    codes, editions = _chosen(framework, edition)
    problems, count = [], 0
    for code in codes:
        for one in editions or select_editions(code, [":"]):
            problems += revisions.problems_of(settings, code, one)
            number = len(ledger.numbers(ledger.revisions_folder(settings, code, one)))
            if editions and not number and not problems:
                problems.append(f"{code} {one}: has no revision that could be verified")
            count += number
    if problems:
        raise GovIndexError("\n".join(problems))
    typer.echo(f"{count} revisions are as they were published.")


@app.command()
def template(
    framework: OneFrameworkOption,
    edition: Annotated[str, typer.Option("--edition", metavar="EDITION", help="One edition.")],
    assessor: Annotated[str, typer.Option(help="Name of the person who will fill it in.")],
    output: Annotated[Path, typer.Option(help="The workbook to write.")],
    region: Annotated[
        list[str] | None,
        typer.Option(
            help="A region by code, name or alias; more with commas, or again. All, if not given."
        ),
    ] = None,
) -> None:
    """Write an empty workbook for an assessor, with drop-down lists."""
    from dagster_project.collection.template import write_template

    one = _one_edition(framework_of(framework).code, edition)
    regions = [name.strip() for text in region or [] for name in re.split("[,，、]", text)]
    count = write_template(framework_of(framework), one, assessor, regions, output)
    typer.echo(f"{output}: {count} answers to fill in")


@app.command()
def explain(
    framework: OneFrameworkOption,
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


@app.command(name="new-framework")
def new_framework(
    framework: Annotated[str, typer.Option("--framework", metavar="CODE", help="Its code.")],
    name: Annotated[str, typer.Option(help="Its name, in the language of the evaluation.")],
    name_en: Annotated[str, typer.Option(help="Its name in English.")],
    edition: Annotated[str, typer.Option("--edition", metavar="YEAR", help="The first edition.")],
    regions: Annotated[
        Path | None, typer.Option(help="CSV of who is assessed: region_code, region_name, ...")
    ] = None,
    register: Annotated[
        str | None, typer.Option(help="Or a register of regions that exists, like divisions.")
    ] = None,
    indicators: Annotated[
        Path | None, typer.Option(help="CSV of the indicators: code, name, parent, weight, ...")
    ] = None,
    files: Annotated[
        Path | None, typer.Option(help="Folder of the collected files, CSV, a row a region.")
    ] = None,
    supplement_to: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="A framework to which a province adds indicators."),
    ] = None,
    parent_region: Annotated[
        str | None, typer.Option(metavar="PROVINCE", help="That province, like 四川省.")
    ] = None,
) -> None:
    """Lay the first files of a new framework; docs/new-framework.md says what comes next."""
    from dagster_project import scaffold

    wanted = scaffold.Wanted(
        code=framework,
        name=name,
        name_en=name_en,
        edition=edition,
        regions=regions,
        register=register,
        indicators=indicators,
        files=files,
        supplement_to=supplement_to,
        parent_region=parent_region,
    )
    laid = scaffold.new_framework(Settings.from_environment(), wanted)
    for path in laid.files:
        typer.echo(f"new    {path}")
    for path in laid.registers:
        typer.echo(f"added  {path}")
    typer.echo(
        f"Next: what docs/new-framework.md says, then `govindex run --framework {framework}`"
    )


@app.command()
def report(
    framework: FrameworkOption = None,
    edition: EditionOption = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open the first page in the browser.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say where the site of an edition lies, and open it; of every published one, if none is
    named."""
    from dagster_project.publication import ledger, revisions

    settings = Settings.from_environment()
    codes, editions = _chosen(framework, edition)
    wanted = [(code, one) for code in codes for one in editions or select_editions(code, [":"])]
    if not editions:
        wanted = [pair for pair in wanted if revisions.current_revision(settings, *pair)]
    if not wanted:
        raise GovIndexError("nothing is published yet; run `govindex run`")
    found = [
        {
            "framework": code,
            "edition": one,
            "revision": revisions.current_revision(settings, code, one),
            "released": ledger.read(ledger.revisions_folder(settings, code, one)).released,
            "path": str(revisions.site_of(settings, code, one)),
        }
        for code, one in wanted
    ]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for row in found:
            typer.echo(row["path"])
    if open_it:
        for row in found:
            typer.launch(Path(str(row["path"])).as_uri())


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
    sys.stdout.flush()
    # Paths are handed on as they were understood here, because Dagster starts elsewhere.
    os.chdir(PROJECT)
    environment = os.environ | {
        "GOVINDEX_RAW": str(settings.raw),
        "GOVINDEX_DATA": str(settings.data),
    }
    # In place of this process, so that who ends it ends the UI.
    os.execve(sys.executable, command, environment)


def _chosen(framework: str | None, edition: list[str] | None) -> tuple[list[str], list[str] | None]:
    """The frameworks that the options name, and the editions if any are named."""
    if edition and not framework:
        raise GovIndexError("--edition needs --framework CODE")
    codes = _frameworks(framework)
    return codes, select_editions(codes[0], edition) if edition else None


def _with_revisions(settings: Settings, framework: str | None, edition: str) -> str:
    """The framework that is named or, without a name, the only one with such an edition."""
    if framework:
        return framework_of(framework).code
    found = [code for code in framework_codes() if (settings.revisions / code / edition).is_dir()]
    if len(found) == 1:
        return found[0]
    raise GovIndexError(
        f"say which one with --framework: {', '.join(found)} have an edition {edition}"
        if found
        else f"nothing was published of an edition {edition}"
    )


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


def _one_edition(framework: str, named: str) -> str:
    """The edition that an option names. Raises GovIndexError if it names several."""
    found = select_editions(framework, [named])
    if len(found) != 1:
        raise GovIndexError(f"--edition {named} names {len(found)} editions; name one")
    return found[0]


def _print_results(
    shown: "list[PublishedEdition]",
    computed: list[tuple[str, str]],
    failed: list[tuple[str, str]],
) -> None:
    """The short table at the end of a run. Of a failed edition it shows what is published."""
    states = dict.fromkeys(computed, "computed now") | dict.fromkeys(failed, "failed; as before")
    headings = ("framework", "edition", "revision", "regions", "scored", "bands", "agreement")
    table = _table(*headings, "", "")
    for one in shown:
        table.add_row(
            one.framework,
            one.edition,
            str(one.revision),
            str(one.regions),
            str(one.scored),
            "/".join(map(str, one.bands.values())),
            one.agreement,
            "synthetic" if one.synthetic else "",
            states.get((one.framework, one.edition), "up to date"),
        )
    _console().print(table)
    for note, known in _noted(shown).items():
        typer.echo(f"{', '.join(known)}: {note}")
    typer.echo(f"Results: {os.path.commonpath([one.folder for one in shown])}")
    # Of each framework the last edition; `govindex report` has the others.
    for site in {one.framework: one.site for one in shown if one.site}.values():
        typer.echo(f"To look at: {site}")


def _noted(shown: "list[PublishedEdition]") -> dict[str, list[str]]:
    """What readers have to know, each once, with the editions that it is true of."""
    known: dict[str, list[str]] = {}
    for one in shown:
        for note in one.notes:
            known.setdefault(note, []).append(f"{one.framework} {one.edition}")
    return known


def _print_plan(found: "Sequence[Stale]") -> None:
    """A row a cause and place: which assets, how many tables above them, which editions."""
    if not found:
        typer.echo("Nothing is stale or missing.")
        return
    changed = {(one.place[0], one.edition, one.asset) for one in found if one.cause != "upstream"}
    above = [
        one
        for one in found
        if one.cause == "upstream"
        and any((one.place[0], one.edition, name) in changed for name in one.source.split(", "))
    ]
    groups: dict[tuple[str, str, str], list[Stale]] = {}
    counted = set(above)
    for one in found:
        # What it is made of may be built again already, and it itself not.
        if one not in counted:
            groups.setdefault((one.place[0], one.cause, one.source), []).append(one)
    table = _table("framework", "cause", "where", "assets", "above", "editions", "since run")
    for (code, cause, source), rows in list(groups.items())[:PLAN_ROWS]:
        names = list(dict.fromkeys(one.asset for one in rows))
        begun = {(one.edition, one.asset) for one in rows}
        table.add_row(
            code,
            cause,
            _place_in_short(source),
            ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else ""),
            str(
                sum(
                    one.place[0] == code
                    and any((one.edition, name) in begun for name in one.source.split(", "))
                    for one in above
                )
            ),
            ", ".join(sorted({one.edition for one in rows})),
            ", ".join(sorted({one.since_run[:8] for one in rows})),
        )
    _console().print(table)
    if len(groups) > PLAN_ROWS:
        typer.echo(f"and {len(groups) - PLAN_ROWS} more causes")
    pairs = {(one.place, one.edition) for one in found}
    editions = {(place[0], edition) for place, edition in pairs}
    typer.echo(
        f"{len(pairs)} results of {len(editions)} editions are stale or missing "
        "(govindex plan --json lists them one by one)."
    )


def _place_in_short(source: str) -> str:
    """The file of a place; a folder with its path, because its name alone says nothing."""
    name = source.rpartition("/")[2]
    return name if "." in name else source


def _print_preview(found: "Sequence[EditionPreview]") -> None:
    """Per edition: how many regions change, the largest movers, cut points and means."""

    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.4f}"

    for one in found:
        state = f"revision {one.revision}" if one.revision else "not published yet"
        state += ", released" if one.released else ""
        state += ", synthetic" if one.synthetic else ""
        typer.echo(
            f"{one.framework} {one.edition} ({state}): "
            + (f"{one.stale} results would be computed" if one.stale else "nothing is stale")
        )
        for sentence in one.refusals:
            typer.echo(f"  would not be published so: {sentence}")
        if one.reasons:
            typer.echo(f"  would be published only with --reason: {'; '.join(one.reasons)}")
        if not one.regions:
            typer.echo("  no region changes")
            continue
        changes = ", ".join(f"{name} of {count}" for name, count in one.changed.items() if count)
        typer.echo(f"  {len(one.regions)} regions change: {changes}")
        table = _table("largest movers", "rank", "score", "band", "grade")
        for region in one.regions[:DIFF_ROWS]:
            was, now = region.before, region.after
            cells = [f"{was['rank'] or '-'} -> {now['rank'] or '-'}"]
            cells.append(f"{number(was['score'])} -> {number(now['score'])}")
            cells += [
                f"{was[name] or '-'} -> {now[name] or '-'}" if was[name] != now[name] else ""
                for name in ("band", "grade")
            ]
            table.add_row(f"{region.region_code} {region.region_name}", *cells)
        _console().print(table)
        moved = [row for row in one.cuts if row["before"] != row["after"]]
        if moved:
            table = _table("cut points", "before", "after")
            for row in moved:
                table.add_row(row["grade"], number(row["before"]), number(row["after"]))
            _console().print(table)
        nation, *parts = one.means
        parts = sorted((p for p in parts if p["change"]), key=lambda p: -abs(p["change"]))
        table = _table("mean score", "before", "after", "change")
        for row in (nation, *parts[: DIFF_ROWS // 2]):
            change = "-" if row["change"] is None else f"{row['change']:+.4f}"
            table.add_row(row["region"], number(row["before"]), number(row["after"]), change)
        _console().print(table)


def _print_diff(changes: "Sequence[Change]", lines: "Sequence[Line]") -> None:
    """How many cells changed by table and column, and the regions whose rank moved most."""
    for line in lines:
        causes = "; ".join(f"{one['cause']} {one['source']}" for one in line.cause[:3])
        more = f" and {len(line.cause) - 3} more" if len(line.cause) > 3 else ""
        typer.echo(
            f"revision {line.revision}, {line.event} {line.time}: "
            + (f"{line.reason} " if line.reason else "")
            + (f"({causes}{more})" if causes else "")
        )
    if not changes:
        typer.echo("Nothing differs.")
        return
    counts = Counter((one.table, one.column or f"{one.before} -> {one.after}") for one in changes)
    table = _table("table", "column", "changed")
    for (name, column), count in counts.items():
        table.add_row(name, column, str(count))
    _console().print(table)
    regions: dict[tuple[str, str], dict[str, Change]] = {}
    for one in changes:
        if one.table == "rankings" and one.key:
            place = (one.key.get("object_group", ""), one.key.get("region_code", ""))
            regions.setdefault(place, {})[one.column] = one
    shown = sorted(regions.items(), key=lambda item: (-_distance(item[1].get("rank")), item[0]))
    columns = ("score", "rank", "band", "grade")
    table = _table("region", *columns)
    for (_, code), cells in shown[:DIFF_ROWS]:
        name = next(iter(cells.values())).key.get("region_name", "")
        arrows = (
            f"{cells[c].before or '-'} -> {cells[c].after or '-'}" if c in cells else ""
            for c in columns
        )
        table.add_row(f"{code} {name}", *arrows)
    if shown:
        _console().print(table)
    if len(shown) > DIFF_ROWS:
        typer.echo(f"and {len(shown) - DIFF_ROWS} more regions (govindex diff --json has all)")


def _distance(change: "Change | None") -> float:
    """How far a number moved; without one before or after, farthest."""
    if change is None:
        return 0
    try:
        return abs(float(change.after) - float(change.before))
    except (TypeError, ValueError):
        return math.inf


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=heading != "agreement")
    return table


def _print_demonstrations(done: "list[DemoEdition]") -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("framework", "edition", "regions", "files", "samples", "MB", "seconds", ""):
        table.add_column(heading, no_wrap=True)
    for one in done:
        table.add_row(
            one.framework,
            one.edition,
            str(one.regions),
            str(one.files),
            str(one.samples),
            f"{one.size / 1e6:.1f}",
            f"{one.seconds:.1f}",
            "synthetic, written now" if one.written else "synthetic, unchanged",
        )
    _console().print(table)


def _console() -> Console:
    # A log has no width that a line could be cut to.
    return Console() if sys.stdout.isatty() else Console(width=200)


def _say_error(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"govindex: {line}", err=True)


if __name__ == "__main__":
    main()
