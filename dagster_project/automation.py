"""Jobs and sensors: what is run as a whole, and what is watched."""

import json
from typing import Any

import dagster as dg
from filelock import FileLock, Timeout

from dagster_project import dbt_runner, provenance
from dagster_project.collection import manifest
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.keys import asset_key, partitions_of
from dagster_project.settings import Settings
from dagster_project.warehouse import LOCK, POOL

# The tag under which Dagster keeps the version of what an event is about.
DATA_VERSION = "dagster/data_version"


def annual_run_name(framework: str) -> str:
    """Name of the job that computes an edition of a framework from raw files to publication."""
    return f"{framework}__annual_run"


def annual_run(
    framework: Framework, left_out: dg.AssetChecksDefinition | None
) -> Any:  # its type has no public name
    """The annual run of a framework: all its assets for one edition.

    left_out: the check of stale editions, which concerns all editions and runs by itself.
    """
    selection: dg.AssetSelection = dg.AssetSelection.groups(framework.code)
    if left_out:
        selection -= dg.AssetSelection.checks(left_out)
    return dg.define_asset_job(
        annual_run_name(framework.code),
        selection=selection,
        partitions_def=partitions_of(framework.code),
        description=f"From collected files to the published edition: {framework.name_en}",
    )


def raw_files_sensor(settings: Settings, framework: Framework) -> dg.SensorDefinition:
    """Reports a new version of an edition's raw files, so that the pages of what is made of
    them show that they are out of date. Starts no run."""

    @dg.sensor(
        name=f"{framework.code}__raw_files",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Reports changed raw files and corrections",
    )
    def raw_files(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        before: dict[str, str] = json.loads(context.cursor or "{}")
        known = provenance.Provenance(settings, framework, dbt_runner.manifest(settings))
        versions = dict(before)
        for edition in manifest.editions_with_files(settings, framework.code):
            try:
                manifest.verified_source(settings, framework.code, edition)
                versions[edition] = known.raw(edition).value
            except GovIndexError:
                continue  # the run of the edition says what is wrong with its files
        changed = [
            dg.AssetMaterialization(
                asset_key=asset_key(framework.code, "raw", "files"),
                partition=edition,
                description="Raw files or corrections changed",
                tags={DATA_VERSION: version},
            )
            for edition, version in versions.items()
            if edition in before and before[edition] != version
        ]
        return dg.SensorResult(asset_events=changed, cursor=json.dumps(versions))

    return raw_files


def dead_slots_sensor(settings: Settings) -> dg.SensorDefinition:
    """Frees slots of the pool that a killed run left behind."""

    @dg.sensor(
        name="dead_slots",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Frees slots of the DuckDB pool that a killed run left behind",
    )
    def dead_slots(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        freed = free_dead_slots(settings, context.instance)
        return dg.SkipReason(f"freed the slots of {freed}" if freed else "no dead slots")

    return dead_slots


def free_dead_slots(settings: Settings, instance: dg.DagsterInstance) -> list[str]:
    """Frees the pool's slots of runs that nobody executes any more; returns their ids.

    Who works with the warehouse holds its lock, which the kernel frees when a process dies.
    So if the lock can be had, no slot is in use.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return []
    try:
        claimed = instance.event_log_storage.get_concurrency_info(POOL).claimed_slots
        dead = sorted({slot.run_id for slot in claimed})
        for run_id in dead:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
        return dead
    finally:
        lock.release()
