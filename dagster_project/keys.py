"""How assets are named and parted: keys [framework, layer, name], an edition a partition."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import dagster as dg

from dagster_project.errors import GovIndexError
from dagster_project.registers import editions

# Backfill policies are a beta of Dagster's; its version is pinned.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

# A run over several partitions would stamp one data version on all of them.
ONE_EDITION_A_RUN = dg.BackfillPolicy.multi_run(max_partitions_per_run=1)


def asset_key(framework: str, layer: str, name: str) -> dg.AssetKey:
    """Key of an asset: framework, layer (raw, landing, staging, points, ...), name."""
    return dg.AssetKey([framework, layer, name])


# What the body of an asset yields.
Events = Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]


@cache
def partitions_of(framework: str) -> dg.StaticPartitionsDefinition:
    """The editions of a framework, from the register of editions."""
    return dg.StaticPartitionsDefinition([line.edition for line in editions(framework)])


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turns what a user can mend into a Dagster failure that says it, without a retry."""
    try:
        yield
    except GovIndexError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
