"""Annual runs: any number of editions in one warm process, one Dagster run each.

Which editions are due, running them on the real instance so that they show in the UI, and
what came of each.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import dagster as dg
import pandas as pd
import sqlalchemy
import yaml

from dagster_project import beside, dbt_runner, site
from dagster_project.automation import annual_run_name, free_dead_slots
from dagster_project.build import build_definitions
from dagster_project.collection import ahead, manifest
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework as framework_of
from dagster_project.keys import asset_key
from dagster_project.plan import MISSING, UPSTREAM, Place, Plan, Stale
from dagster_project.progress import report, working_on
from dagster_project.publication import conformance, headings, revisions
from dagster_project.registers import predecessors_first
from dagster_project.settings import Settings
from dagster_project.warehouse import POOL, held

# Runs of the command line carry it, so that those whose process died can be told.
RUN_TAG = "govindex/command"

# How many of the assets that are stale too a refusal names.
SHOWN = 5

INSTANCE_CONFIG = {
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
    "concurrency": {"pools": {"granularity": "op", "default_limit": 1}},
}


@dataclass(frozen=True)
class EditionOutcome:
    """What became of an edition: failure is the sentence that says why it was not published.

    assets: what a backfill computed of it, landed tables first.
    """

    framework: str
    edition: str
    computed: bool
    failure: str | None = None
    assets: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PublishedEdition:
    """The figures of a published edition for the table that a run prints. bands: regions of
    each band, from the top; empty if the framework has none. site: its first page; empty if
    the revision has none. notes: what its readers have to know of names, weights and bands."""

    framework: str
    edition: str
    revision: int
    regions: int
    scored: int
    bands: dict[str, int]
    agreement: str
    synthetic: bool
    folder: str
    site: str
    notes: list[str]


def prepare_dagster_home(settings: Settings) -> None:
    """Makes the folder of the Dagster instance and tells Dagster where it is."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    config = settings.dagster_home / "dagster.yaml"
    text = yaml.safe_dump(INSTANCE_CONFIG)
    if not config.is_file() or config.read_text(encoding="utf-8") != text:
        config.write_text(text, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)


class _Kept(sqlite3.Connection):
    """A connection that goes back to where it was taken from instead of closing."""

    back: list["_Kept"]

    def close(self) -> None:
        """Ends what was begun and leaves the connection to the next one."""
        self.rollback()
        self.back.append(self)

    def end(self) -> None:
        """Closes it."""
        super().close()


@contextmanager
def _logs_kept_open() -> Iterator[None]:
    """Keeps the connections to the SQLite logs of Dagster open meanwhile, and hands them on.

    Dagster opens and closes a connection for each event, which takes longer than to store
    it. Commits need not wait for the disk either, because the log of a run that the power
    cut ended is of no use.
    """
    free: dict[str, list[_Kept]] = {}
    opened: list[_Kept] = []

    def connect(dialect: Any, record: Any, args: Any, options: dict[str, Any]) -> _Kept | None:
        if dialect.name != "sqlite":
            return None
        back = free.setdefault(str((args, options)), [])
        if back:
            return back.pop()
        options = {**options, "check_same_thread": False, "factory": _Kept}
        connection: _Kept = sqlite3.connect(*args, **options)
        connection.back = back
        connection.execute("pragma synchronous = normal")
        opened.append(connection)
        return connection

    sqlalchemy.event.listen(sqlalchemy.Engine, "do_connect", connect)
    try:
        yield
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "do_connect", connect)
        for connection in opened:
            connection.end()


@cache
def _instance(settings: Settings) -> dg.DagsterInstance:
    prepare_dagster_home(settings)
    instance = dg.DagsterInstance.get()
    instance.event_log_storage.set_concurrency_slots(POOL, 1)
    return instance


@cache
def _definitions(settings: Settings) -> dg.Definitions:
    return build_definitions(settings, with_stale_editions=False)


def editions_due(
    settings: Settings, frameworks: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Editions that have raw files and in which something is stale or missing, and what is
    wrong with the others, a sentence each."""
    due = []
    complaints = []
    for code in predecessors_first(frameworks):
        complaints += manifest.unknown_folders(settings, code)
        complaints += manifest.missing_editions(settings, code)
        plan = Plan(settings, framework_of(code), dbt_runner.manifest(settings))
        for edition in manifest.editions_with_files(settings, code):
            try:
                if plan.computable(edition):
                    due.append((code, edition))
            except GovIndexError as error:
                complaints.append(f"{code} {edition}: {error}")
    return due, complaints


def run_editions(
    settings: Settings, editions: Sequence[tuple[str, str]], reason: str = ""
) -> list[EditionOutcome]:
    """Computes and publishes editions, one Dagster run each; says what came of each.

    A failed edition does not keep the others from running.
    """
    outcomes = []
    with (
        _alone(settings),
        _logs_kept_open(),
        ahead.reading_ahead(settings, editions) as reader,
    ):
        beside.submit(site.load)
        instance = _instance(settings)
        _close_dead_runs(instance)
        free_dead_slots(settings, instance)
        for number, (code, edition) in enumerate(editions, start=1):
            with working_on(f"{code} {edition} (edition {number} of {len(editions)})"):
                reader.next_edition()
                outcomes.append(_run_edition(settings, instance, code, edition, reason))
    return outcomes


def backfill(
    settings: Settings,
    framework: str,
    indicators: Sequence[str],
    editions: Sequence[str],
    reason: str = "",
) -> list[EditionOutcome]:
    """Recomputes what is stale of indicators and of all that is made of them, and nothing
    else; of everything, if no indicator is named. Editions in which nothing of it is stale
    are left alone, so a backfill that was interrupted goes on where it ended.

    Raises GovIndexError, before anything is computed, if something else is stale in an
    edition, because an edition is published whole, or if a released edition would be
    recomputed without a reason.
    """
    with _alone(settings):
        chosen = _to_backfill(settings, framework, indicators, editions)
        for edition, stale in chosen.items():
            if any(not _is_lost_link(one) for one in stale):
                revisions.refuse_silent_change(settings, framework, edition, reason)
        stale_ones = [(framework, edition) for edition, stale in chosen.items() if stale]
        with _logs_kept_open(), beside.process(settings, stale_ones):
            beside.submit(site.load)
            return _backfill(settings, framework, chosen, reason)


def _backfill(
    settings: Settings, framework: str, chosen: Mapping[str, Sequence[Stale]], reason: str
) -> list[EditionOutcome]:
    """Recomputes what is stale of each edition."""
    instance = _instance(settings)
    _close_dead_runs(instance)
    free_dead_slots(settings, instance)
    outcomes = []
    for number, (edition, stale) in enumerate(chosen.items(), start=1):
        places = list(dict.fromkeys(one.place for one in stale))
        outcome = EditionOutcome(framework, edition, computed=False)
        if places:
            with working_on(f"{framework} {edition} (edition {number} of {len(chosen)})"):
                outcome = _run_edition(settings, instance, framework, edition, reason, places)
        outcomes.append(replace(outcome, assets=["/".join(place[1:]) for place in places]))
    return outcomes


def _is_lost_link(one: Stale) -> bool:
    """Whether nothing is to be published and only the link is to be set."""
    return one.place[1] == "published" and one.cause == MISSING


def _to_backfill(
    settings: Settings, framework: str, indicators: Sequence[str], editions: Sequence[str]
) -> dict[str, list[Stale]]:
    """What is stale of each edition and belongs to a backfill of indicators."""
    plan = Plan(settings, framework_of(framework), dbt_runner.manifest(settings))
    named = [plan.above(plan.indicator(code)) for code in indicators]
    wanted = set().union(*named) if named else set(plan.places)
    chosen: dict[str, list[Stale]] = {}
    for edition in editions:
        stale = plan.computable(edition)
        others = [one for one in stale if one.place not in wanted]
        chosen[edition] = [one for one in stale if one.place in wanted]
        if others and chosen[edition]:
            raise GovIndexError(f"{framework} {edition}: {_stale_too(others)}")
    return chosen


def _stale_too(others: Sequence[Stale]) -> str:
    """What else is stale in an edition, and what to do."""
    begun = {one.asset: one for one in others if one.cause != UPSTREAM}
    shown = list(begun.values())[:SHOWN] or others[:1]
    named = ", ".join(f"{one.asset} ({one.cause}: {one.source})" for one in shown)
    more = len({one.place for one in others}) - len(shown)
    can_be_named = begun and all(one.place[1] not in ("landing", "staging") for one in others)
    options = " ".join(f"--indicator {asset}" for asset in begun)
    return (
        f"stale too: {named}"
        + (f" and {more} more" if more else "")
        + "; an edition is published whole, so "
        + (f"name what is stale as well ({options}), or " if can_be_named else "")
        + "leave --indicator out to recompute all that is stale"
    )


def published_edition(settings: Settings, framework: str, edition: str) -> PublishedEdition | None:
    """The figures of what is published of an edition, or None."""
    link = revisions.current_link(settings, framework, edition)
    number = revisions.current_revision(settings, framework, edition)
    if not number:
        return None
    about = revisions.read_manifest(settings, framework, edition, number)
    ranks = pd.read_parquet(link / "rankings.parquet", columns=["score", "band"])
    bands = ranks.dropna(subset="score").sort_values("score", ascending=False, kind="stable")
    counted = about["conformance"]
    tree = pd.read_csv(link / "indicator_tree.csv", encoding="utf-8-sig")
    named = headings.bases(tree["provenance"].fillna(""))
    return PublishedEdition(
        framework=framework,
        edition=edition,
        revision=number,
        regions=len(ranks),
        scored=int(ranks["score"].notna().sum()),
        bands={str(k): int(n) for k, n in bands["band"].value_counts(sort=False).items()},
        agreement=conformance.summary_of(counted),
        synthetic=about["synthetic"],
        folder=str(link),
        site=str(link / revisions.START) if (link / revisions.START).is_file() else "",
        notes=[
            *([" / ".join(named)] if named else []),
            *([about["bands_note"]] if about.get("bands_note") else []),
        ],
    )


def _run_edition(
    settings: Settings,
    instance: dg.DagsterInstance,
    code: str,
    edition: str,
    reason: str,
    places: Sequence[Place] | None = None,
) -> EditionOutcome:
    """Runs the annual run of an edition; of some assets alone, if places are given."""
    report("start")
    job = _definitions(settings).resolve_job_def(annual_run_name(code))
    selection = None if places is None else [dg.AssetKey(list(place)) for place in places]
    if selection and any(place[1] == "landing" for place in places or []):
        selection.append(asset_key(code, "raw", "files"))
    result = job.execute_in_process(
        instance=instance,
        partition_key=edition,
        tags={RUN_TAG: str(os.getpid())},
        raise_on_error=False,
        asset_selection=selection,
        run_config={
            "ops": {f"{code}__published": {"config": {"reason": reason}}},
            # What failed is said in one sentence; the UI has the whole log.
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        },
    )
    if result.success:
        return EditionOutcome(code, edition, computed=True)
    return EditionOutcome(code, edition, computed=False, failure=_failure(result))


def _failure(result: dg.ExecuteInProcessResult) -> str:
    """The sentences of the steps that failed; of an unforeseen error its own words."""
    sentences = []
    for event in result.filter_events(lambda event: event.is_step_failure):
        data = event.step_failure_data
        if data.user_failure_data and data.user_failure_data.description:
            sentences.append(data.user_failure_data.description)
        elif data.error:
            cause = data.error.cause or data.error
            sentences.append(f"{event.step_key}: {' '.join(cause.message.split())}")
    return "; ".join(sentences) or "the run failed; its log is in the Dagster UI"


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Holds the right to run editions from the command line; waits, and says so, for others."""
    with held(settings.data / "run.lock", "another `govindex run` to end"):
        yield


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    """Marks runs of the command line that a killed process left open as failed. Whoever
    calls this is the only one that runs."""
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(filters=unfinished):
        if RUN_TAG in run.tags:
            instance.report_run_failed(run, "the process of this run was ended")
