"""Readers: one per file format, each gives the rows as collected, every cell as text.

Every row carries the file, sheet and row that it came from. A cell is brought to the
canonical text of its declared type where it can be (2019-01-31, 01101) and left as it was
where it cannot: whether that is a fault is for the gate to say.
"""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import charset_normalizer
import pandas as pd

from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Column, Table

# Where a row came from. The row is the line of a text file (the heading is line 1), the
# row of a sheet, or the number of the observation in a file without lines.
PLACE = ["source_file", "source_sheet", "source_row"]


def read_table(
    path: Path, shown: str, table: Table, edition: str, renamed: dict[str, str]
) -> pd.DataFrame:
    """The rows of one collected file, columns named as the framework declares them.

    path: the file; shown: its name in messages and in source_file. renamed: names of
    columns in this file where they differ, {column: name in the file}.
    Returns text columns (missing cells are null), then source_file, source_sheet and
    source_row.

    Raises GovIndexError for a file that is empty, cut, or of an unknown format or encoding.
    """
    if path.stat().st_size == 0:
        raise GovIndexError(f"{shown}: the file is empty; put the collected file there again")
    ending = path.suffix.lstrip(".").lower()
    if ending not in table.readers:
        raise GovIndexError(
            f"{shown}: no reader for .{ending} is declared; known: "
            + ", ".join(f".{known}" for known in sorted(table.readers))
        )
    rows = READERS[table.readers[ending]](path, shown)
    declared = table.columns_in(edition)
    names = {
        renamed.get(column, spec.in_file or column): column for column, spec in declared.items()
    }
    rows = rows.rename(columns=names)
    if table.other_columns == "left out":
        kept = [name for name in rows.columns if name in declared or name == "source_row"]
        rows = rows[kept]
    for column in rows.columns.intersection(list(declared)):
        rows[column] = canonical(rows[column].str.strip(), declared[column], table.blank)
    return rows.assign(source_file=shown, source_sheet=None)


def canonical(cells: pd.Series, column: Column, blank: list[str]) -> pd.Series:
    """Cells brought to the canonical text of their type; those that do not fit stay as they are."""
    cells = cells.where(~cells.isin(blank), None)
    match column.type:
        case "code":
            digits = cells.str.removesuffix(".0")
            padded = digits.str.zfill(column.width or 0)
            return cells.where(~digits.str.fullmatch(r"\d+").eq(True), padded)
        case "integer":
            return cells.str.replace(r"^(-?\d+)\.0+$", r"\1", regex=True)
        case "date" | "time":
            moments = pd.to_datetime(cells, format=column.format, errors="coerce")
            text = moments.dt.strftime("%Y-%m-%d" if column.type == "date" else "%H:%M:%S")
            return text.where(moments.notna(), cells)
        case _:
            return cells


def decode(content: bytes, shown: str) -> str:
    """Text of a file in UTF-8 (with or without byte-order mark) or GBK/GB18030.

    Raises GovIndexError that names any other encoding.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    # Almost any bytes decode as GB18030, Latin-1 and Big5 too, but into rare characters;
    # text that was written in GBK is made of the common ones, those of GB 2312.
    foreign = [character for character in text if not character.isascii()]
    common = "".join(foreign).encode("gb2312", errors="ignore").decode("gb2312")
    if foreign and len(common) >= 0.9 * len(foreign):
        return text
    guess = charset_normalizer.from_bytes(content).best()
    raise GovIndexError(
        f"{shown}: the text is neither UTF-8 nor GBK/GB18030"
        + (f" (it looks like {guess.encoding})" if guess else "")
        + "; save it as UTF-8 and record its new checksum"
    )


def _read_csv(path: Path, shown: str) -> pd.DataFrame:
    """Comma-separated text. Every line must have as many fields as the heading."""
    lines = csv.reader(io.StringIO(decode(path.read_bytes(), shown), newline=""), strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        heading = next(lines, [])
        start = lines.line_num + 1
        for fields in lines:
            if fields:
                if len(fields) != len(heading):
                    raise GovIndexError(
                        f"{shown}, row {start}: {len(fields)} fields, expected {len(heading)} as "
                        "in the heading; the file is cut or damaged, so put it there again"
                    )
                rows.append(fields)
                numbers.append(start)
            start = lines.line_num + 1
    except csv.Error as error:
        raise GovIndexError(
            f"{shown}, row {lines.line_num}: {error}; the file is cut or damaged, so put it "
            "there again"
        ) from error
    if doubled := {name for name in heading if heading.count(name) > 1}:
        raise GovIndexError(f"{shown}, row 1: column {sorted(doubled)[0]!r} stands there twice")
    return pd.DataFrame(rows, columns=heading, dtype="str").assign(source_row=numbers)


def _read_stata(path: Path, shown: str) -> pd.DataFrame:
    """Stata .dta. Numbers become the shortest text that reads back as the same number."""
    try:
        rows = pd.read_stata(path, convert_categoricals=False, convert_dates=False)
    except Exception as error:  # pandas raises a dozen kinds for a damaged file
        raise GovIndexError(
            f"{shown}: cannot be read as a Stata file ({error}); it is cut or damaged, so put "
            "it there again"
        ) from error
    text = rows.astype("str").where(rows.notna(), None)
    return text.assign(source_row=range(1, len(rows) + 1))


READERS: dict[str, Callable[[Path, str], pd.DataFrame]] = {
    "csv": _read_csv,
    "stata": _read_stata,
}
