"""Corrections: rulings on wrong raw values, applied between reading and audit.

The raw file is never touched. Each line of corrections.csv changes one cell of one row, or
leaves one row out, and every application is listed with the file and row it met.
"""

import csv
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.collection.readers import Names, canonical, decode
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Table

FIELDS = ["table", "match_column", "match_value", "column", "from", "to", "reason", "source"]
EXCLUDE = "exclude"


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
    applied: list[Applied] = []
    # All are matched against the rows as collected, so that their order does not matter.
    collected = rows
    for ruling in (ruling for ruling in rulings if ruling["table"] == name):
        place = ruling["place"]
        for field in ("match_column", "column"):
            if ruling[field] not in declared and (field == "match_column" or ruling[field]):
                raise GovIndexError(f"{place}: table {name} has no column {ruling[field]!r}")
            if ruling[field] and ruling[field] not in rows.columns:
                raise GovIndexError(
                    f"{place}: the files of {name} have no column {ruling[field]!r}; name renamed "
                    "columns under `columns` in source.yml"
                )

        def text(column: str, value: str) -> str | None:
            cells = pd.Series([value], dtype="str")
            cell = canonical(cells, declared[column], table.blank, names).item()
            return None if pd.isna(cell) else str(cell)

        wanted = text(ruling["match_column"], ruling["match_value"])
        found = collected.index[collected[ruling["match_column"]] == wanted]
        if len(found) != 1:
            raise GovIndexError(
                f"{place}: {ruling['match_column']} = {ruling['match_value']!r} matches "
                f"{len(found)} rows of {name}, expected one; correct the line or take it out"
            )
        index = found[0]
        row: dict[str, Any] = collected.loc[index].to_dict()
        if ruling["column"]:
            before = row[ruling["column"]]
            before = None if pd.isna(before) else before
            expected = text(ruling["column"], ruling["from"])
            if before != expected:
                raise GovIndexError(
                    f"{place}: {ruling['column']} is {before or 'blank'} in "
                    f"{row['source_file']} row {row['source_row']}, expected "
                    f"{expected or 'blank'}; the raw file has changed, so look whether the "
                    "correction is still needed"
                )
            after = text(ruling["column"], ruling["to"])
            rows = rows.copy()
            rows.at[index, ruling["column"]] = after
        elif ruling["to"].strip() == EXCLUDE:
            before, after = wanted, EXCLUDE
            rows = rows.drop(index=index)
        else:
            raise GovIndexError(
                f"{place}: names no column and does not say {EXCLUDE!r} under `to`; it needs one"
            )
        target = (row["source_file"], row["source_sheet"], int(row["source_row"]))
        if any(
            (target == (one.file, one.sheet, one.row) and EXCLUDE in (one.after, after))
            or (target == (one.file, one.sheet, one.row) and one.column == ruling["column"])
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
                sheet=row["source_sheet"],
                row=int(row["source_row"]),
                column=ruling["column"] or ruling["match_column"],
                before=before,
                after=after,
                reason=ruling["reason"],
                source=ruling["source"],
                cell=row.get("source_column"),
            )
        )
    return rows, applied


def refuse_unknown_tables(rulings: list[dict[str, str]], tables: list[str]) -> None:
    """Raises GovIndexError for a correction of a table that the framework does not have."""
    for ruling in rulings:
        if ruling["table"] not in tables:
            raise GovIndexError(
                f"{ruling['place']}: there is no table {ruling['table']!r}; known: "
                f"{', '.join(tables)}"
            )
