"""The seam to dbt: parse the project once a process, and build one edition at a time.

dbt runs inside this process with the parsed project handed over, which saves its start
and its parse for every further edition.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.errors import GovIndexError
from dagster_project.progress import report
from dagster_project.settings import DBT_PROJECT, Settings


@dataclass(frozen=True)
class NodeResult:
    """What became of a model, seed or test: status is dbt's own word for it."""

    unique_id: str
    status: str
    message: str
    seconds: float
    failures: int
    compiled_code: str

    @property
    def succeeded(self) -> bool:
        """Whether a model was built, or a test found nothing that stops."""
        return self.status in ("success", "pass", "warn")


# By framework, weights and parameters that are taken instead of those in the files:
# {"weight.<code>" or "<parameter>": value}.
Assumed = Mapping[str, Mapping[str, Any]]


@cache
def _parsed(data: Path, assumed: str) -> Any:
    from dbt.cli.main import dbtRunner

    # The whole project is parsed anew for other variables, so they are named only if needed.
    variables = ["--vars", f'{{"assumed": {assumed}}}'] if assumed else []
    with _environment(data):
        outcome = dbtRunner().invoke([*_global_flags(data), "parse", *_folders(data), *variables])
    _interrupted(outcome.exception)
    if not outcome.success:
        raise GovIndexError(f"the dbt project cannot be parsed: {plain(str(outcome.exception))}")
    return outcome.result


def manifest(settings: Settings, assumed: Assumed | None = None) -> dict[str, Any]:
    """dbt's manifest of the project as a plain dict: nodes, sources, macros, parents.

    Raises GovIndexError if the project cannot be parsed.
    """
    return _manifest(settings.data, _text(assumed))


@cache
def _manifest(data: Path, assumed: str) -> dict[str, Any]:
    parsed = _parsed(data, assumed)
    content: dict[str, Any] = parsed.writable_manifest().to_dict(omit_none=False)
    for node in content["nodes"].values():
        # A table that is the same in every framework has the columns that its macro declares.
        declared = node["config"].get("meta", {}).get("columns")
        if declared and not node["columns"]:
            node["columns"] = {
                name: {"name": name, "data_type": kind} for name, kind in declared.items()
            }
    return content


def _text(assumed: Assumed | None) -> str:
    """Assumptions as JSON; empty if there are none."""
    return json.dumps(assumed, sort_keys=True) if assumed and any(assumed.values()) else ""


def build_arguments(
    settings: Settings,
    edition: str,
    previous: str | None,
    select: Sequence[str],
    assumed: Assumed | None = None,
    predecessor: str | None = None,
) -> list[str]:
    """dbt's arguments for building exactly these nodes for one edition.

    previous: the edition with which it is compared, or None. predecessor: the last edition of
    the framework before, where the edition follows a break, or None.
    """
    variables: dict[str, Any] = {
        "edition": edition,
        "previous_edition": previous or "",
        "predecessor_edition": predecessor or "",
    }
    if _text(assumed):
        variables["assumed"] = assumed
    return [
        *_global_flags(settings.data),
        "build",
        *_folders(settings.data),
        "--vars",
        json.dumps(variables),
        "--indirect-selection",
        "empty",
        "--exclude-resource-type",
        "unit_test",
        "--select",
        *select,
    ]


def selectors(manifest: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """dbt's selectors for exactly the nodes of these names. The models of a framework are named
    by their prefix where all are wanted: dbt holds each selector against every node, three
    times."""
    models: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        prefix, separator, _ = node["name"].partition("__")
        if node["resource_type"] == "model" and separator:
            models.setdefault(prefix, set()).add(node["name"])
    whole = {prefix: found for prefix, found in models.items() if found.issubset(names)}
    left = set(names).difference(*whole.values())
    return [*(f"{prefix}__*,resource_type:model" for prefix in whole), *sorted(left)]


def build(
    settings: Settings,
    edition: str,
    previous: str | None,
    select: Sequence[str],
    assumed: Assumed | None = None,
    predecessor: str | None = None,
) -> list[NodeResult]:
    """Builds models, seeds and tests, named by their dbt names, for one edition.

    previous, predecessor: the editions with which it is compared, or None.

    The caller holds the warehouse. Returns what became of each, in the order they ran.

    Raises GovIndexError if dbt could not start at all.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    parsed = _parsed(settings.data, _text(assumed))
    runner = dbtRunner(manifest=parsed, callbacks=[_progress(len(select))])
    try:
        with _environment(settings.data):
            outcome = runner.invoke(
                build_arguments(
                    settings,
                    edition,
                    previous,
                    selectors(manifest(settings, assumed), select),
                    assumed,
                    predecessor,
                )
            )
    finally:
        # dbt-duckdb keeps the file open otherwise, and the next opener fails on its lock.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    _interrupted(outcome.exception)
    if not isinstance(outcome.result, RunExecutionResult):
        raise GovIndexError(f"dbt could not run: {outcome.exception}")
    return [
        NodeResult(
            unique_id=result.node.unique_id,
            status=str(result.status),
            message=_without_place(plain(result.message or "")),
            seconds=result.execution_time,
            failures=result.failures or 0,
            compiled_code=getattr(result.node, "compiled_code", None) or "",
        )
        for result in outcome.result.results
    ]


def plain(message: str) -> str:
    """What dbt says, in a line, without the macros through which it came there."""
    return " ".join(re.sub(r"\n\s*> (in|called by) .*", "", message).split())


def _without_place(message: str) -> str:
    """What dbt says of a model, without the model, which is named beside it."""
    return re.sub(r"^(Compilation|Database|Runtime) Error in model \S+ \(\S+\) ", "", message)


def _progress(total: int) -> Callable[[Any], None]:
    done = 0

    def on_event(event: Any) -> None:
        nonlocal done
        if event.info.name == "NodeFinished":
            done += 1
            report(f"dbt, {done} of {total}: {event.data.node_info.node_name}")

    return on_event


@contextmanager
def _environment(data: Path) -> Iterator[None]:
    """The folder of results as profiles.yml and the sources read it, while the block runs."""
    before = os.environ.get("GOVINDEX_DATA")
    os.environ["GOVINDEX_DATA"] = str(data)
    try:
        yield
    finally:
        if before is None:
            del os.environ["GOVINDEX_DATA"]
        else:
            os.environ["GOVINDEX_DATA"] = before


def _interrupted(exception: BaseException | None) -> None:
    """dbt keeps an interrupt to itself; it is ours."""
    if isinstance(exception, KeyboardInterrupt):
        raise exception


def _global_flags(data: Path) -> list[str]:
    return [
        "--log-level",
        "none",
        "--no-use-colors",
        "--no-write-json",
        "--log-path",
        str(data / "dbt"),
    ]


def _folders(data: Path) -> list[str]:
    return [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(data / "dbt" / "target"),
    ]
