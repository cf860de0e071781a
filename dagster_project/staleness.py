"""Which editions of an indicator are stale, as a check on its page.

The open-source UI does not show that a partitioned asset is out of date, so a check on each
indicator says it; one operation holds all of them against the plan.
"""

from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project import dbt_runner, provenance
from dagster_project.collection.assets import markdown_table
from dagster_project.frameworks import Framework
from dagster_project.plan import Place, Plan, Stale, known_editions
from dagster_project.settings import DBT_PROJECT, EXPECTATIONS, Settings

CHECK = "stale_editions"
JOB = "stale_editions"
INTERVAL = 60
# Of the project and of the stored results.
WATCHED_SUFFIXES = (".sql", ".yml", ".yaml", ".csv", ".json", ".py")


def job_name(framework: str) -> str:
    """Name of the job that checks a framework's indicators."""
    return f"{framework}__{JOB}"


def stale_editions_check(settings: Settings, framework: Framework) -> dg.AssetChecksDefinition:
    """The check `stale_editions` of every indicator of a framework."""
    dbt_manifest = dbt_runner.manifest(settings)
    indicators = [
        place
        for model in provenance.model_ids(dbt_manifest, framework.code)
        if (place := provenance.key_of(dbt_manifest["nodes"][model]))[1] == "indicators"
    ]

    @dg.multi_asset_check(
        name=f"{framework.code}__check_stale_editions",
        specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=dg.AssetKey(list(place)),
                description="The stored result of every edition follows from today's code, "
                "weights, registers, corrections and raw files",
            )
            for place in indicators
        ],
        can_subset=True,
    )
    def check_editions(context: dg.AssetCheckExecutionContext) -> Any:
        plan = Plan(settings, framework, dbt_manifest)
        stale = _stale_by_indicator(settings, framework, plan, indicators)
        for key in sorted(context.selected_asset_check_keys):
            yield result_of(key.asset_key, stale[tuple(key.asset_key.path)])

    return check_editions


def result_of(key: dg.AssetKey, stale: list[Stale]) -> dg.AssetCheckResult:
    """The check of one indicator: which editions are stale, and why."""
    editions = sorted({one.edition for one in stale})
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=not stale,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "stale editions": ", ".join(editions) or "none",
            "why": dg.MetadataValue.md(
                markdown_table(
                    ["edition", "cause", "where", "since run"],
                    [[one.edition, one.cause, one.source, one.since_run[:8]] for one in stale],
                )
            ),
        },
    )


def _stale_by_indicator(
    settings: Settings, framework: Framework, plan: Plan, indicators: list[Place]
) -> dict[Place, list[Stale]]:
    found: dict[Place, list[Stale]] = {place: [] for place in indicators}
    for edition in known_editions(settings, framework.code):
        for place in indicators:
            found[place] += plan.stale(place, edition)
    return found


def stale_editions_job(framework: Framework, check: dg.AssetChecksDefinition) -> Any:
    """Runs the check of all indicators of a framework."""
    return dg.define_asset_job(
        job_name(framework.code),
        selection=dg.AssetSelection.checks(check),
        description="Which editions of which indicator are stale, and why; computes nothing",
    )


def stale_editions_sensor(settings: Settings, jobs: list[Any]) -> dg.SensorDefinition:
    """Asks for the check (its jobs) once files of the project, collected files or stored
    results changed and have come to rest."""

    @dg.sensor(
        name=JOB,
        jobs=jobs,
        minimum_interval_seconds=INTERVAL,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Checks which editions are stale when files or results changed",
    )
    def watch(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        now = provenance.digest(_times(settings))
        checked, _, seen = (context.cursor or " ").partition(" ")
        if now == checked:
            return dg.SkipReason("nothing changed")
        if now != seen:
            context.update_cursor(f"{checked} {now}")
            return dg.SkipReason("files are changing; they are checked when they rest")
        return dg.SensorResult(
            run_requests=[
                dg.RunRequest(job_name=job.name, run_key=f"{job.name} {now}") for job in jobs
            ],
            cursor=f"{now} {now}",
        )

    return watch


def _times(settings: Settings) -> dict[str, int]:
    """When each file that fingerprints depend on, and each stored fingerprint, was written.

    Of raw/ every file, of whatever format: also one that source.yml does not list yet."""
    folders = (DBT_PROJECT, EXPECTATIONS, Path(__file__).parent, settings.state)
    paths = [
        path for folder in folders for path in folder.rglob("*") if path.suffix in WATCHED_SUFFIXES
    ]
    # A warehouse that is gone took all tables along; one that is there is written by each run.
    there = {str(settings.warehouse): int(settings.warehouse.is_file())}
    return there | {
        str(path): path.stat().st_mtime_ns
        for path in [*paths, *settings.raw.rglob("*")]
        if path.is_file() and not path.name.startswith(".")
    }
