"""The gate: Great Expectations suites of this project's JSON, run on corrected rows.

A suite may add columns that SQL derives from the rows and the register of points
(`derived`), others that compare a row with the other rows that are good by themselves
(`compared`), and a profile of the whole table, one row of aggregates over the rows that
passed (`profile`); expectations with "on": "profile" look at that, and `places` says in SQL where
to look if one fails. These two may look at the rows that were `rejected` and those that a
correction `excluded` too, and at the tables that the suite makes of all these (`views`, each a
list of lines of SQL). So large tables are checked in one pass of DuckDB.

An expectation of severity `critical` guards the structure of a table: if it fails, nothing
is landed. One of severity `warning` guards single rows: those that fail go to quarantine
with the reason, and more of them than the suite's tolerance (`tolerance`, a share of the
rows, or `tolerated_rows`, whichever is more) stop the edition. One of severity `info` keeps the
rows that fail, and says so in the check. Those of single rows say what they expect in English
(`expected`) and as a sentence in Chinese (`expected_zh`), because their reasons are published.

Great Expectations takes seconds to import, so it is imported where it runs.
"""

import json
import os
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from dagster_project.collection.readers import COUNTED, PLACE
from dagster_project.collection.workbooks import SEVERAL_PEOPLE
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Column, Framework, Table
from dagster_project.registers import edition_of
from dagster_project.settings import EXPECTATIONS

QUARANTINE_COLUMNS = [
    *("file", "sheet", "row", "column", "value", "reason"),
    *("region_code", "point_code"),
]
# They compare magnitudes, so they see numbers and dates, and only rows that passed the others.
COMPARING = {"expect_column_values_to_be_between"}


@dataclass(frozen=True)
class Outcome:
    """How one expectation came out: what it expects, and what it met instead.

    expected_zh: what it expects as a sentence in Chinese, empty if its suite has none.
    duplicates: whether the rows that fail are further ones of what is there already.
    """

    type: str
    column: str | None
    severity: str
    expected: str
    remedy: str
    success: bool
    observed: str
    failing: pd.DataFrame = field(repr=False, compare=False)
    duplicates: bool = False
    expected_zh: str = ""

    @property
    def reason(self) -> str:
        """Why a row that fails is kept out, in Chinese and English."""
        english = f"expected {self.expected}"
        return f"{self.expected_zh} / {english}" if self.expected_zh else english

    @property
    def rejects(self) -> bool:
        """Whether rows that fail are kept out; those of an info are kept."""
        return self.severity != "info"


@dataclass(frozen=True)
class Audit:
    """The result of a suite on a table.

    accepted: the rows that may be landed. quarantine: the cells that keep a row out, with
    their place, and what the row was a reading of (QUARANTINE_COLUMNS). refusal: why the
    table may not be landed at all, in one sentence, or None.
    """

    outcomes: list[Outcome]
    rows: int
    accepted: pd.DataFrame
    quarantine: pd.DataFrame
    refusal: str | None


def nothing_to_audit() -> Audit:
    """The audit of an optional table that an edition does not have."""
    return Audit([], 0, pd.DataFrame(), _quarantine([]), None)


def load_suite(framework: str, table: str) -> dict[str, Any]:
    """The suite of a table: name, tolerance, expectations.

    `like` names a suite of expectations/ whose expectations and derived columns come before
    its own, and whose tolerance it has if it states none.

    Raises GovIndexError if there is none, or it is none.
    """
    suite = _read_suite(f"{framework}/{table}.json")
    if "like" in suite:
        shared = _read_suite(f"{suite['like']}.json")
        suite = {
            **shared,
            **suite,
            **{
                name: shared.get(name, {}) | suite.get(name, {})
                for name in ("derived", "compared", "views", "profile", "places")
            },
            "expectations": [*shared["expectations"], *suite["expectations"]],
        }
    return suite


def _read_suite(name: str) -> dict[str, Any]:
    shown = f"expectations/{name}"
    path = EXPECTATIONS / name
    if not path.is_file():
        raise GovIndexError(f"{shown}: there is no such suite, and every table needs one")
    try:
        suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise GovIndexError(f"{shown}: is not JSON ({error})") from error
    if not isinstance(suite, dict) or not isinstance(suite.get("expectations"), list):
        raise GovIndexError(f"{shown}: a suite has a list `expectations` (which may be empty)")
    return suite


def parameters(framework: Framework, table: Table, edition: str) -> dict[str, Any]:
    """What a suite may refer to by {"$PARAMETER": name}, for one edition."""
    line = edition_of(framework.code, edition)
    window = {"collection_from": line.collection_from, "collection_to": line.collection_to}
    methods = [row["method"] for row in framework.point_rows(edition)]
    columns = table.columns_in(edition)
    return {
        "columns": sorted(columns),
        "number_columns": [k for k, one in columns.items() if one.type in ("number", "integer")],
        "region_codes": framework.region_codes(edition),
        "expected_regions": line.expected_regions,
        "collected_regions": line.collected_regions,
        "rounds": line.rounds,
        "technical_points": methods.count("technical"),
        "manual_points": methods.count("manual"),
        # Of these there are no parts: things that are counted, levels of pages, grades.
        "whole_units": [*COUNTED, "层", "级"],
        "several_people": SEVERAL_PEOPLE,
        **{name: day.isoformat() if day else None for name, day in window.items()},
    }


def registers(framework: Framework, edition: str) -> dict[str, pd.DataFrame]:
    """The registers that a suite's SQL may join, {"points": ...} with all columns as text."""
    rows = framework.point_rows(edition)
    return {"points": pd.DataFrame(rows, dtype="str")} if rows else {}


def audit(
    rows: pd.DataFrame,
    suite: dict[str, Any],
    known: dict[str, Any],
    columns: dict[str, Column],
    joined: dict[str, pd.DataFrame] | None = None,
    excluded: pd.DataFrame | None = None,
) -> Audit:
    """Runs a suite on corrected rows (text cells with their place).

    known: values of the suite's parameters. columns: the columns of the table in this
    edition; an expectation on a column that the edition does not have is left out. joined:
    registers that the suite's SQL may join. excluded: rows that a correction left out.

    Raises GovIndexError for a suite that names an unknown parameter, RuntimeError if Great
    Expectations could not evaluate an expectation.
    """
    derived, compared = suite.get("derived", {}), suite.get("compared", {})
    others = {*derived, *compared, *suite.get("profile", {})}
    expectations = _resolved(suite, known, columns, others)
    of_table = [item for item in expectations if item.get("on") == "profile"]
    rest = [item for item in expectations if item.get("on") != "profile"]
    structure = [item for item in rest if item["severity"] == "critical"]
    row_wise = [item for item in rest if item["severity"] != "critical"]

    outcomes = _validate(rows, structure, rows)
    if refusal := _broken(outcomes):
        return Audit(outcomes, len(rows), rows.iloc[:0], _quarantine([]), refusal)

    seen = _derive(rows, derived, known, joined or {})
    among_rows = [item for item in row_wise if item["kwargs"].get("column") in compared]
    alone = [item for item in row_wise if item not in among_rows]
    by_text = [item for item in alone if item["type"] not in COMPARING]
    outcomes += _validate(seen, by_text, rows)
    comparable = typed(seen.drop(index=_rows_of(_rejecting(outcomes))), columns)
    by_value = [item for item in alone if item["type"] in COMPARING]
    outcomes += _validate(comparable, by_value, rows)
    # A row that is bad by itself is as if it had not been read: no other is measured by it.
    sound = seen.drop(index=_rows_of(_rejecting(outcomes)))
    outcomes += _validate(_derive(sound, compared, known, joined or {}), among_rows, rows)
    bad = _rows_of(_rejecting(outcomes))
    accepted = rows.drop(index=bad)

    quarantine = _quarantine(_rejecting(outcomes))
    tolerated = suite.get("tolerated_rows", 0)
    if len(bad) > max(suite["tolerance"] * len(rows), tolerated):
        first = quarantine.iloc[0]
        english = next(one.expected for one in outcomes if one.reason == first["reason"])
        sheet = f", sheet {first['sheet']}," if pd.notna(first["sheet"]) else ""
        allowed = f"{suite['tolerance']:.1%}{f' or {tolerated} rows' if tolerated else ''}"
        refusal = (
            f"{len(bad)} of {len(rows)} rows are in quarantine, more than the tolerance of "
            f"{allowed}; the first: {first['file']}{sheet} row {first['row']}, column "
            f"{first['column']}: {first['value'] or 'blank'}, expected {english}"
        )
    elif of_table:
        left_out = rows.iloc[:0] if excluded is None else excluded
        tables = {"rejected": rows.loc[bad], "excluded": left_out, **(joined or {})}
        profile = _profile(accepted, suite, known, tables)
        found = [
            _placed(outcome, accepted, suite, known, tables)
            for outcome in _validate(profile, of_table, profile)
        ]
        outcomes += found
        refusal = _broken(found)
    return Audit(outcomes, len(rows), accepted, quarantine, refusal)


def _broken(outcomes: list[Outcome]) -> str | None:
    """Why the structure of a table is broken, or None."""
    broken = [one for one in outcomes if not one.success and one.severity == "critical"]
    return (
        "; ".join(f"{one.observed}, expected {one.expected}; {one.remedy}" for one in broken)
        or None
    )


def _placed(
    outcome: Outcome,
    rows: pd.DataFrame,
    suite: dict[str, Any],
    known: dict[str, Any],
    joined: dict[str, pd.DataFrame],
) -> Outcome:
    """An outcome on the profile that says where the first fault is, if the suite knows how."""
    places = suite.get("places", {})
    if outcome.success or outcome.column not in places:
        return outcome
    select = f"any_value(({places[outcome.column]})) as place"
    place = _query(rows, select, known, joined, suite.get("views", {}))
    first = place["place"].iloc[0]
    return outcome if pd.isna(first) else replace(outcome, observed=f"{outcome.observed} ({first})")


def _derive(
    rows: pd.DataFrame,
    derived: dict[str, str],
    known: dict[str, Any],
    joined: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Rows with the columns that SQL derives from them, null where there is nothing to say."""
    if not derived:
        return rows
    found = _query(
        rows,
        ", ".join(["rows.place", *(f"{sql} as {name}" for name, sql in derived.items())]),
        known,
        joined,
    )
    found = found.set_index("place").sort_index()
    found.index = rows.index
    return rows.assign(**{name: found[name].astype("str") for name in derived})


def _profile(
    rows: pd.DataFrame,
    suite: dict[str, Any],
    known: dict[str, Any],
    joined: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """One row of aggregates over rows."""
    select = ", ".join(f"{sql} as {name}" for name, sql in suite["profile"].items())
    return _query(rows, select, known, joined, suite.get("views", {})).astype("float64")


def _query(
    rows: pd.DataFrame,
    select: str,
    known: dict[str, Any],
    joined: dict[str, pd.DataFrame],
    views: dict[str, list[str]] | None = None,
) -> pd.DataFrame:
    """A SELECT over `rows` and, by their code, the `points` of the register.

    All `joined` can be named in it, and `collected`, which is rows again, and the views.
    $name stands for a parameter of the suite.
    """
    with duckdb.connect() as connection:
        connection.register("collected", rows.assign(place=range(len(rows))))
        for name, table in joined.items():
            connection.register(name, table)
        by_point = "left join points on rows.point_code = points.point_code"
        join = by_point if "points" in joined else ""
        made = ", ".join(f"{name} as ({' '.join(sql)})" for name, sql in (views or {}).items())
        query = f"{f'with {made} ' if made else ''}select {select} from collected as rows {join}"
        used = {name: value for name, value in known.items() if f"${name}" in query}
        return connection.execute(query, used or None).df()


def typed(rows: pd.DataFrame, columns: dict[str, Column]) -> pd.DataFrame:
    """Rows whose integers, numbers and dates are such (missing: null); all else stays text."""

    def convert(cells: pd.Series, kind: str) -> pd.Series:
        match kind:
            case "integer":
                return pd.to_numeric(cells).astype("Int64")
            case "number":
                return pd.to_numeric(cells).astype("Float64")
            case "date":
                return pd.to_datetime(cells, format="%Y-%m-%d").dt.date
            case _:
                return cells

    return rows.assign(
        **{
            name: convert(rows[name], column.type)
            for name, column in columns.items()
            if name in rows.columns
        }
    )


def _resolved(
    suite: dict[str, Any],
    known: dict[str, Any],
    columns: dict[str, Column],
    others: set[str],
) -> list[dict[str, Any]]:
    """Expectations with their parameters filled in, one for each column that they name.

    {"$COLUMN": name} stands for what the framework declares of the column; an expectation of
    which nothing is declared is left out. others: columns that SQL derives.
    """

    def declared(column: str | None, kwargs: dict[str, Any]) -> dict[str, Any]:
        return {
            name: getattr(columns.get(str(column)), value["$COLUMN"], None)
            for name, value in kwargs.items()
            if isinstance(value, dict) and "$COLUMN" in value
        }

    def fill(value: Any) -> Any:
        if not (isinstance(value, dict) and "$PARAMETER" in value):
            return value
        if (found := known.get(value["$PARAMETER"])) is None:
            raise GovIndexError(
                f"suite {suite['name']}: the parameter {value['$PARAMETER']!r} has no value for "
                f"this edition; known: {', '.join(k for k, v in known.items() if v is not None)}"
            )
        return found

    resolved = []
    for item in suite["expectations"]:
        named = item["kwargs"].get("column")
        for column in fill(named["$EACH"]) if isinstance(named, dict) else [named]:
            if column is None or column in columns or column in others:
                bounds = declared(column, item["kwargs"])
                if bounds and all(bound is None for bound in bounds.values()):
                    continue
                kwargs = item["kwargs"] | bounds | ({"column": column} if column else {})
                filled = {name: fill(value) for name, value in kwargs.items()}
                meta = {"expected_zh": "", **item["meta"]}
                for name, boundless in (("expected", "any"), ("expected_zh", "任意值")):
                    meta[name] = _with_bounds(meta[name], bounds, boundless)
                resolved.append({**item, "kwargs": filled, "meta": meta})
    return resolved


def _with_bounds(said: str, bounds: dict[str, Any], boundless: str) -> str:
    """A sentence with the bounds that a column declares, or a word for having none."""
    for name, bound in bounds.items():
        said = said.replace(f"{{{name}}}", boundless if bound is None else f"{bound:g}")
    return said


@cache
def _context() -> Any:
    """One ephemeral context a process: no files of its own, no telemetry, no progress bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _validate(
    rows: pd.DataFrame, expectations: list[dict[str, Any]], collected: pd.DataFrame
) -> list[Outcome]:
    """Runs expectations on rows with Great Expectations' pandas engine.

    collected: the same rows as text, from which failing ones are shown.
    """
    if not expectations:
        return []
    context = _context()
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    source = context.data_sources.add_or_update_pandas("rows")
    batch = (
        source.add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": rows.drop(columns=PLACE, errors="ignore")})
    )
    suite = gx.ExpectationSuite(
        name="suite",
        expectations=[
            ExpectationConfiguration(
                type=item["type"],
                kwargs=item["kwargs"],
                severity=item["severity"],
                meta={"number": number},
            ).to_domain_obj()
            for number, item in enumerate(expectations)
        ],
    )
    results = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    outcomes = {}
    for result in results.results:
        number = result.expectation_config.meta["number"]
        item = expectations[number]
        # A wrongly put expectation looks like failing data unless one asks.
        info = result.exception_info or {}
        raised = [info] if "raised_exception" in info else list(info.values())
        if any(one.get("raised_exception") for one in raised):
            raise RuntimeError(f"{item['type']} {item['kwargs']}: {raised}")
        outcomes[number] = _outcome(item, result, collected)
    return [outcomes[number] for number in sorted(outcomes)]


def _outcome(item: dict[str, Any], result: Any, rows: pd.DataFrame) -> Outcome:
    column = item["kwargs"].get("column")
    failing = rows.iloc[:0]
    if column and not result.success and item.get("on") != "profile":
        failing = rows.loc[sorted(result.result["unexpected_index_list"])]
    if item.get("on") == "profile":
        observed = f"{column} is {rows[column].iloc[0]:.6g}"
    elif column:
        observed = f"{len(failing)} of {len(rows)} rows fail in column {column}"
    elif "mismatched" in (details := result.result.get("details") or {}):
        differing = details["mismatched"]
        parts = [
            f"{word} {', '.join(sorted(differing[kind]))}"
            for kind, word in (("missing", "missing"), ("unexpected", "not declared"))
            if differing.get(kind)
        ]
        observed = f"columns {' and '.join(parts)}"
    else:
        observed = (
            f"{result.result.get('observed_value')} rows instead of {item['kwargs'].get('value')}"
        )
    return Outcome(
        type=item["type"],
        column=item["meta"].get("shows", column),
        severity=item["severity"],
        expected=item["meta"]["expected"],
        remedy=item["meta"]["remedy"],
        success=bool(result.success),
        observed=observed,
        failing=failing,
        duplicates=item["meta"].get("duplicates", False),
        expected_zh=item["meta"]["expected_zh"],
    )


def _rejecting(outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes that keep a row out."""
    return [outcome for outcome in outcomes if outcome.rejects]


def _rows_of(outcomes: list[Outcome]) -> list[int]:
    """Index of all rows that an expectation found bad."""
    return sorted({index for outcome in outcomes for index in outcome.failing.index})


def _quarantine(outcomes: list[Outcome]) -> pd.DataFrame:
    """A row for every bad cell and expectation, in the order of the files."""
    parts = [
        pd.DataFrame(
            {
                "file": outcome.failing["source_file"],
                "sheet": outcome.failing["source_sheet"],
                "row": outcome.failing["source_row"],
                "column": outcome.column,
                "value": outcome.failing[outcome.column].astype("str"),
                "reason": outcome.reason,
                "region_code": outcome.failing.get("region_code"),
                "point_code": outcome.failing.get("point_code"),
            }
        )
        for outcome in outcomes
        if outcome.column and len(outcome.failing)
    ]
    if not parts:
        return pd.DataFrame(columns=QUARANTINE_COLUMNS)
    cells = pd.concat(parts)
    cells["value"] = cells["value"].where(cells["value"].notna(), "")
    return cells.sort_values(["file", "sheet", "row", "column"], kind="stable").reset_index(
        drop=True
    )
