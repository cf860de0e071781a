"""Corrections: rulings on wrong raw values, applied between reading and audit.

The raw file is never touched. Each line of corrections.csv changes one cell of one row, or
leaves one row out, and every application is listed with the file and row it met.
"""

import csv
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.collection.readers import Names, canonical, decode, units
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Table

FIELDS = ["table", "match_column", "match_value", "column", "from", "to", "reason", "source"]
EXCLUDE = "exclude"
# A match_column that names no column but the place of a row: samples_1.csv:1234, of a workbook
# manual.xlsx:张三:12, where several answers stand in that row manual.xlsx:张三:C12.
ROW = "row"
AND = "+"
PLACE = re.compile(r"(?P<file>[^:]+)(?::(?P<sheet>[^:]+))?:(?P<column>[A-Z]*)(?P<row>[0-9]+)")


@dataclass(frozen=True)
class Applied:
    """One correction as it was applied: where, what was there, what stands there now.

    cell: letter of the sheet's column, where the row is that of a workbook.
    """

    table: str
    file: str
    sheet: str | None
    row: int
    column: str
    before: str | None
    after: str | None
    reason: str
    source: str
    cell: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load(path: Path, shown: str) -> list[dict[str, str]]:
    """The lines of a corrections.csv; none if there is no such file.

    Raises GovIndexError if its columns are not the eight of raw/README.md.
    """
    if not path.is_file():
        return []
    lines = csv.DictReader(decode(path.read_bytes(), shown).splitlines())
    if lines.fieldnames != FIELDS:
        raise GovIndexError(f"{shown}, row 1: expected the columns {', '.join(FIELDS)}")
    rulings = []
    for number, line in enumerate(lines, start=2):
        if None in line or None in line.values():
            raise GovIndexError(f"{shown}, row {number}: expected {len(FIELDS)} fields")
        if not line["reason"].strip() or not line["source"].strip():
            raise GovIndexError(f"{shown}, row {number}: a correction needs a reason and a source")
        rulings.append({**line, "place": f"{shown}, row {number}"})
    return rulings


def apply(
    rows: pd.DataFrame,
    rulings: list[dict[str, str]],
    name: str,
    table: Table,
    edition: str,
    names: Names | None = None,
) -> tuple[pd.DataFrame, list[Applied]]:
    """Rows of one table after its corrections, and the list of what was done.

    Raises GovIndexError for a correction that matches no row or several, or finds another
    value than its `from`.
    """
    declared = table.columns_in(edition)
    asked = units(rows, names or {})
    applied: list[Applied] = []
    # All are matched against the rows as collected, so that their order does not matter.
    collected = rows

    def read(column: str, value: str, of: pd.Index) -> pd.Series:
        """A value as it would stand in rows of the column; of answers, in the rows' units."""
        spec = declared[column]
        if spec.type == "answer":
            cells = pd.Series(value, index=of, dtype="str")
            return canonical(cells, spec, table.blank, names, None if asked is None else asked[of])
        cell = canonical(pd.Series([value], dtype="str"), spec, table.blank, names).item()
        return pd.Series(cell, index=of, dtype="str")

    def text(column: str, value: str, index: Any) -> str | None:
        cell = read(column, value, pd.Index([index])).item()
        return None if pd.isna(cell) else str(cell)

    for ruling in (ruling for ruling in rulings if ruling["table"] == name):
        place = ruling["place"]
        by_place = ruling["match_column"] == ROW and ROW not in declared
        matched = [] if by_place else ruling["match_column"].split(AND)
        for column in [*matched, *([ruling["column"]] if ruling["column"] else [])]:
            if column not in declared:
                raise GovIndexError(f"{place}: table {name} has no column {column!r}")
            if column not in rows.columns:
                raise GovIndexError(
                    f"{place}: the files of {name} have no column {column!r}; name renamed "
                    "columns under `columns` in source.yml"
                )
        if by_place:
            met = _at_place(collected, ruling)
        else:
            values = ruling["match_value"].split(AND) if matched[1:] else [ruling["match_value"]]
            if len(values) != len(matched):
                raise GovIndexError(
                    f"{place}: {ruling['match_value']!r} are {len(values)} values for "
                    f"{len(matched)} columns; write as many, joined by {AND}"
                )
            met = pd.Series(True, index=collected.index)
            for column, value in zip(matched, values, strict=True):
                met &= (collected[column] == read(column, value, collected.index)).eq(True)
        found = collected.index[met]
        if len(found) != 1:
            raise GovIndexError(
                f"{place}: {ruling['match_column']} = {ruling['match_value']!r} matches "
                f"{len(found)} rows of {name}, expected one; correct the line or take it out"
            )
        index = found[0]
        row: dict[str, Any] = collected.loc[index].to_dict()
        # A row that is left out is shown by the last column that tells it from others.
        told = [column for column in declared if column in ("region_code", "point_code")]
        shown = ruling["column"] or (matched or told or list(declared))[-1]
        if ruling["column"]:
            before = row[ruling["column"]]
            before = None if pd.isna(before) else before
            expected = text(ruling["column"], ruling["from"], index)
            if before != expected:
                raise GovIndexError(
                    f"{place}: {ruling['column']} is {before or 'blank'} in "
                    f"{row['source_file']} row {row['source_row']}, expected "
                    f"{expected or 'blank'}; the raw file has changed, so look whether the "
                    "correction is still needed"
                )
            after = text(ruling["column"], ruling["to"], index)
            rows = rows.copy()
            rows.at[index, ruling["column"]] = after
        elif ruling["to"].strip() == EXCLUDE:
            before, after = None if pd.isna(row[shown]) else str(row[shown]), EXCLUDE
            rows = rows.drop(index=index)
        else:
            raise GovIndexError(
                f"{place}: names no column and does not say {EXCLUDE!r} under `to`; it needs one"
            )
        sheet, cell = (
            None if pd.isna(one) else str(one)
            for one in (row["source_sheet"], row.get("source_column"))
        )
        target = (row["source_file"], sheet, int(row["source_row"]), cell)
        if any(
            target == (one.file, one.sheet, one.row, one.cell)
            and (EXCLUDE in (one.after, after) or one.column == shown)
            for one in applied
        ):
            raise GovIndexError(
                f"{place}: {target[0]} row {target[2]} is ruled on by another line too; one "
                "ruling for a cell"
            )
        applied.append(
            Applied(
                table=name,
                file=row["source_file"],
                sheet=sheet,
                row=int(row["source_row"]),
                column=shown,
                before=before,
                after=after,
                reason=ruling["reason"],
                source=ruling["source"],
                cell=cell,
            )
        )
    return rows, applied


def _at_place(rows: pd.DataFrame, ruling: dict[str, str]) -> pd.Series:
    """Which rows were read at the place that a ruling names.

    Raises GovIndexError for a text that is no place.
    """
    if not (place := PLACE.fullmatch(ruling["match_value"].strip())):
        raise GovIndexError(
            f"{ruling['place']}: {ruling['match_value']!r} is no place; write file:row, of a "
            "workbook file:sheet:row or file:sheet:cell, as manual.xlsx:张三:C12"
        )
    met = rows["source_row"] == int(place["row"])
    files = rows["source_file"]
    met &= (files == place["file"]) | files.str.endswith(f"/{place['file']}")
    sheets = rows["source_sheet"]
    met &= sheets.isna() if place["sheet"] is None else (sheets == place["sheet"]).eq(True)
    return met & (rows["source_column"] == place["column"]).eq(True) if place["column"] else met


def refuse_unknown_tables(rulings: list[dict[str, str]], tables: list[str]) -> None:
    """Raises GovIndexError for a correction of a table that the framework does not have."""
    for ruling in rulings:
        if ruling["table"] not in tables:
            raise GovIndexError(
                f"{ruling['place']}: there is no table {ruling['table']!r}; known: "
                f"{', '.join(tables)}"
            )
