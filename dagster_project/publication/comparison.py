"""What differs between two states of an edition: every changed cell, rank and grade.

Compares tables as they are published, whether two revisions or a revision and a preview.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.errors import GovIndexError
from dagster_project.publication.tables import csv_text

# Columns that name a row, in every table as far as it has them.
KEYS = (
    "object_group",
    "region_code",
    "indicator_code",
    "point_code",
    "statistic",
    "group_kind",
    "group_name",
    "fact",
    "name",
    "figure",
    "band",
    "grade",
)
# Of tables whose rows are named by fewer, or that hold several editions.
KEYS_OF = {
    "rankings": ("object_group", "region_code"),
    "history": ("edition", *KEYS),
    "history_statistics": ("edition", *KEYS),
}
# They say which state a table is from, not what it holds.
MARKS = ("framework", "edition", "revision")
# They are said of a table as a whole, in each of its rows.
OF_TABLE = ("synthetic", "conforms")
# Names of things, for people.
NAMES = ("region_name", "indicator_name")


@dataclass(frozen=True)
class Change:
    """A cell that differs. key names its row; before or after is None where there is no value.
    Where a whole row or table came or went, column is empty and before and after say so. A change
    of what is said of a whole table in each row (synthetic, conforms) is one, without a key."""

    table: str
    key: dict[str, str]
    column: str
    before: Any
    after: Any

    def as_dict(self) -> dict[str, Any]:
        return {
            "table": self.table,
            **self.key,
            "column": self.column,
            "before": self.before,
            "after": self.after,
        }


def tables_of(revision: Path) -> dict[str, pd.DataFrame]:
    """The tables of a revision by name, every value as the text that is printed.

    Raises GovIndexError for a file that cannot be read.
    """
    found: dict[str, pd.DataFrame] = {}
    for path in (*sorted(revision.glob("*.csv")), *sorted(revision.glob("*.parquet"))):
        if path.stem in found:
            continue
        try:
            as_csv = path.suffix == ".csv"
            found[path.stem] = read_printed(path) if as_csv else as_printed(pd.read_parquet(path))
        except (OSError, ValueError) as error:
            raise GovIndexError(
                f"revisions/{'/'.join(path.resolve().parts[-4:])}: cannot be read "
                f"({' '.join(str(error).split())}); put back the file that was published"
            ) from error
    return found


def read_printed(path: Path) -> pd.DataFrame:
    """A published CSV, every value as the text that is printed."""
    return pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)


def as_printed(rows: pd.DataFrame) -> pd.DataFrame:
    """A table with every value as the text that its CSV has; nothing is empty text."""
    return pd.read_csv(
        io.StringIO(csv_text(rows).removeprefix("\ufeff")), dtype="str", keep_default_na=False
    )


def compare(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> list[Change]:
    """Every difference between two sets of printed tables, table by table, row by row."""
    found: list[Change] = []
    for table in sorted({*before, *after}):
        if table not in before or table not in after:
            states = ("table", "no table") if table in before else ("no table", "table")
            found.append(Change(table, {}, "", *states))
            continue
        found += _changes(table, before[table], after[table])
    return found


def _changes(table: str, before: pd.DataFrame, after: pd.DataFrame) -> list[Change]:
    names = KEYS_OF.get(table, KEYS)
    keys = [name for name in names if name in before.columns and name in after.columns]
    columns = [
        name
        for name in dict.fromkeys([*before.columns, *after.columns])
        if name not in keys and name not in (*MARKS, *OF_TABLE)
    ]
    found = [
        Change(table, {}, name, *said)
        for name in OF_TABLE
        if len(set(said := [_said(rows, name) for rows in (before, after)])) > 1
    ]
    old, new = (_keyed(rows, keys) for rows in _differing(before, after, [*keys, *columns]))
    for row in dict.fromkeys([*new, *old]):
        key = dict(zip(keys, row, strict=False))
        was, now = old.get(row), new.get(row)
        shown = {name: str((now or was or {}).get(name, "")) for name in NAMES}
        key |= {name: value for name, value in shown.items() if value}
        if was is None or now is None:
            states = ("no row", "row") if was is None else ("row", "no row")
            found.append(Change(table, key, "", *states))
            continue
        found += [
            Change(table, key, name, was.get(name) or None, now.get(name) or None)
            for name in columns
            if was.get(name, "") != now.get(name, "")
        ]
    return found


def _said(rows: pd.DataFrame, mark: str) -> str | None:
    """What is said of a table in each of its rows; None if nothing is, or it has no row."""
    return ", ".join(sorted(set(rows[mark]))) or None if mark in rows else None


def _differing(
    before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables without the rows that are the same in both; a long table is mostly those."""
    if not {*columns} <= {*before.columns} & {*after.columns}:
        return before, after

    def numbered(rows: pd.DataFrame) -> pd.MultiIndex:
        hashes = pd.util.hash_pandas_object(rows[[*columns]], index=False)
        return pd.MultiIndex.from_arrays([hashes, hashes.groupby(hashes).cumcount()])

    old, new = numbered(before), numbered(after)
    return before[~old.isin(new)], after[~new.isin(old)]


def _keyed(rows: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows by their key; rows of one key are told apart by their order."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows.to_dict("records"):
        key = tuple(str(row[name]) for name in keys)
        number = 1
        while (once_more := (*key, str(number)) if number > 1 else key) in found:
            number += 1
        found[once_more] = {str(name): value for name, value in row.items()}
    return found
