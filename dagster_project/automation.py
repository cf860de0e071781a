"""Jobs: what is run as a whole."""

from typing import Any

import dagster as dg

from dagster_project.frameworks import Framework
from dagster_project.keys import partitions_of


def annual_run_name(framework: str) -> str:
    """Name of the job that computes an edition of a framework from raw files to publication."""
    return f"{framework}__annual_run"


def annual_run(framework: Framework) -> Any:  # its type has no public name
    """The annual run of a framework: all its assets for one edition."""
    return dg.define_asset_job(
        annual_run_name(framework.code),
        selection=dg.AssetSelection.groups(framework.code),
        partitions_def=partitions_of(framework.code),
        description=f"From collected files to the published edition: {framework.name_en}",
    )
