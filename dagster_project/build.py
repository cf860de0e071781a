"""Builds the Dagster definitions from settings and frameworks, so that the code location, the
command line and tests each build their own."""

import dagster as dg

from dagster_project import dbt_runner
from dagster_project.analysis.assets import region_types_asset
from dagster_project.automation import annual_run, dead_slots_sensor, raw_files_sensor
from dagster_project.collection.assets import landed_table_asset, raw_files_asset
from dagster_project.frameworks import Framework, framework, framework_codes
from dagster_project.indicators import dbt_models_asset, register_specs
from dagster_project.pieces import refuse_incomplete
from dagster_project.publication.assets import published_asset
from dagster_project.settings import Settings
from dagster_project.staleness import (
    stale_editions_check,
    stale_editions_job,
    stale_editions_sensor,
)


def build_definitions(
    settings: Settings,
    frameworks: list[Framework] | None = None,
    with_stale_editions: bool = True,
) -> dg.Definitions:
    """All assets, checks, jobs and sensors of the frameworks; of all, if none is given.

    with_stale_editions: with the check that looks at all editions of an indicator; a run of some
    of its assets would take it along for each edition.
    """
    known = frameworks or [framework(code) for code in framework_codes()]
    assets: list[dg.AssetsDefinition | dg.AssetSpec] = [*register_specs(settings, known)]
    for one in known:
        refuse_incomplete(one, dbt_runner.manifest(settings))
        assets += [
            raw_files_asset(settings, one),
            *(landed_table_asset(settings, one, table) for table in one.tables),
            dbt_models_asset(settings, one),
            region_types_asset(settings, one),
            published_asset(settings, one),
        ]
    checks = {one.code: stale_editions_check(settings, one) for one in known if with_stale_editions}
    check_jobs = [stale_editions_job(one, checks[one.code]) for one in known if one.code in checks]
    return dg.Definitions(
        assets=assets,
        asset_checks=list(checks.values()),
        jobs=[*(annual_run(one, checks.get(one.code)) for one in known), *check_jobs],
        sensors=[
            dead_slots_sensor(settings),
            *([stale_editions_sensor(settings, check_jobs)] if check_jobs else []),
            *(raw_files_sensor(settings, one) for one in known),
        ],
        # One process does it all: an edition takes seconds, a process of its own for each
        # asset would take longer to start than to run.
        executor=dg.in_process_executor,
    )
