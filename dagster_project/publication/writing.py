"""The files of a revision: tables as CSV, Parquet and workbook, SQL, site, and the manifest that
lists them."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.collection.manifest import sha256_of
from dagster_project.files import write_aside
from dagster_project.provenance import Parts, digest, sql_essence
from dagster_project.publication.ledger import MANIFEST, SOURCES
from dagster_project.publication.tables import csv_text
from dagster_project.publication.workbook import write_workbook

# The tables that are published for programs too, and those too long for a workbook.
PARQUET = (
    "indicator_scores",
    "rankings",
    "points",
    "point_list",
    "statistics",
    "history",
    "history_statistics",
)
ONLY_PARQUET = ("points", "history", "history_statistics")


@dataclass(frozen=True)
class Edition:
    """What is to be published of an edition, without the number of its revision.

    tables: the published tables. sql: the SQL of each indicator as it ran. description: what
    the manifest says of it. marks: columns that every table carries at its end. long_tables:
    tables published for programs alone, too long to go through pandas. sources: the hashes of
    all that it follows from, by cause and place. pages: hash of the code that makes its pages,
    workbook and other files of them. past: tables of the editions before, as they are now;
    other ones alone are no new content.
    """

    tables: dict[str, pd.DataFrame]
    sql: dict[str, str]
    description: dict[str, Any]
    marks: dict[str, Any]
    long_tables: dict[str, pa.Table] = field(default_factory=dict)
    sources: Parts = field(default_factory=dict)
    pages: str = ""
    past: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def printed(self) -> dict[str, str]:
        """The tables as CSV, without the marks."""
        return {name: csv_text(rows) for name, rows in self.tables.items()}

    @cached_property
    def content(self) -> str:
        """Hash of all that is published, so that the same content is not published twice. Of SQL
        not its comments and white space: they mark nothing, so they publish nothing either."""
        tables = {
            name: hashlib.sha256(text.encode()).hexdigest() for name, text in self.printed.items()
        }
        for name, rows in self.long_tables.items():
            tables[name] = hashlib.sha256(_parquet(rows)).hexdigest()
        sql = {code: sql_essence(text) for code, text in self.sql.items()}
        return digest([tables, sql, self.description, self.marks, self.pages])


def write(
    folder: Path,
    number: int,
    new: Edition,
    reason: str,
    cause: list[dict[str, str]],
    earlier: list[dict[str, Any]],
    begin_site: Callable[[Path], Callable[[Path], object]] | None,
) -> None:
    """Writes all files of a revision into its folder, the manifest last; the same content gives
    the same bytes. Files and folders are read-only then. begin_site: as in
    `revisions.publish`."""
    tables = {
        name: rows.assign(revision=number, **new.marks)
        for name, rows in (new.tables | new.past).items()
    }
    for name, rows in tables.items():
        if name in PARQUET:
            rows.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        if name not in ONLY_PARQUET:
            text = _marked(new.printed[name], rows, {"revision": number, **new.marks})
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for name, rows in new.long_tables.items():
        for mark, value in {"revision": number, **new.marks}.items():
            rows = rows.append_column(mark, pa.array([value] * len(rows)))
        (folder / f"{name}.parquet").write_bytes(_parquet(rows))
    (folder / "sql").mkdir()
    for code, text in new.sql.items():
        (folder / "sql" / f"{code}.sql").write_text(text, encoding="utf-8")
    about = {
        "revision": str(number),
        **{name: str(value) for name, value in new.marks.items()},
        **{k: str(v) for k, v in new.description.items() if isinstance(v, (str, int))},
    }
    sources = json.dumps(new.sources, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / SOURCES).write_text(sources, encoding="utf-8")
    about_it = {"reason": reason, "cause": cause, "earlier_revisions": earlier}
    end_site = None
    if begin_site:
        _write_manifest(folder, number, new, about_it)
        end_site = begin_site(folder)
    sheets = {name: rows for name, rows in tables.items() if name not in ONLY_PARQUET}
    write_workbook(folder / "scores.xlsx", about, sheets)
    _write_manifest(folder, number, new, about_it)
    if end_site:
        # The pages say what the manifest says, and are then among the files that it lists.
        end_site(folder)
        _write_manifest(folder, number, new, about_it)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def _write_manifest(folder: Path, number: int, new: Edition, about_it: dict[str, Any]) -> None:
    """Writes what a revision is, with the checksums of all files beside it.

    about_it: reason, cause and the revisions before.
    """
    files = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }
    content = {
        "revision": number,
        **about_it,
        **new.marks,
        **new.description,
        "content": new.content,
        "files": files,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    # Another process may be reading it, to write pages.
    write_aside(folder / MANIFEST, text)


def _marked(text: str, rows: pd.DataFrame, marks: Mapping[str, Any]) -> str:
    """The CSV of a table with marks, made of the one without, because printing takes long."""
    lines = text.split("\n")
    plain = all(isinstance(value, int) for value in marks.values())
    # A line that breaks within a cell is no row, and one column alone prints its blanks.
    if not plain or len(lines) != len(rows) + 2 or len(rows.columns) < len(marks) + 2:
        return csv_text(rows)
    ends = "," + ",".join(str(value).lower() for value in marks.values())
    heading = f"{lines[0]},{','.join(marks)}"
    return "\n".join([heading, *(line + ends for line in lines[1:-1]), ""])


def _parquet(rows: pa.Table) -> bytes:
    """A table as Parquet; the same table gives the same bytes."""
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, compression="zstd")
    return buffer.getvalue()
