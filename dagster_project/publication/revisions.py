"""Revisions: what was published of an edition, each in a folder that never changes.

data/revisions/<framework>/<edition>/<n>/ holds it, data/published/<framework>/<edition> is
a link to the current one, swapped in one step.
"""

import hashlib
import io
import json
import os
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.collection.manifest import sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.provenance import digest
from dagster_project.publication.tables import csv_text
from dagster_project.publication.workbook import write_workbook
from dagster_project.settings import Settings

MANIFEST = "manifest.json"
# The tables that are published for programs too, and those too long for a workbook.
PARQUET = ("indicator_scores", "rankings", "points", "point_list", "statistics")
ONLY_PARQUET = ("points",)


@dataclass(frozen=True)
class Edition:
    """What is to be published of an edition, without the number of its revision.

    tables: the published tables. sql: the SQL of each indicator as it ran. description: what
    the manifest says of it. marks: columns that every table carries at its end. long_tables:
    tables published for programs alone, too long to go through pandas.
    """

    tables: dict[str, pd.DataFrame]
    sql: dict[str, str]
    description: dict[str, Any]
    marks: dict[str, Any]
    long_tables: dict[str, pa.Table] = field(default_factory=dict)

    @cached_property
    def content(self) -> str:
        """Hash of all that is published, so that the same content is not published twice."""
        tables = {
            name: hashlib.sha256(csv_text(rows).encode()).hexdigest()
            for name, rows in self.tables.items()
        }
        for name, rows in self.long_tables.items():
            tables[name] = hashlib.sha256(_parquet(rows)).hexdigest()
        return digest([tables, self.sql, self.description, self.marks])


def revisions_folder(settings: Settings, framework: str, edition: str) -> Path:
    """Where the revisions of an edition stand, numbered from 1."""
    return settings.revisions / framework / edition


def current_link(settings: Settings, framework: str, edition: str) -> Path:
    """The link to the revision that is published."""
    return settings.published / framework / edition


def revision_folder(
    settings: Settings, framework: str, edition: str, revision: int | None = None
) -> Path:
    """Folder of a revision, of the published one if None.

    Raises GovIndexError if there is none.
    """
    folder = revisions_folder(settings, framework, edition)
    if revision is None:
        link = current_link(settings, framework, edition)
        if link.is_dir():
            return link.resolve()
        raise GovIndexError(
            f"{framework} {edition} is not published; run "
            f"`govindex run --framework {framework} --edition {edition}`"
        )
    if not (folder / str(revision)).is_dir():
        known = sorted(int(path.name) for path in folder.glob("*") if path.name.isdigit())
        raise GovIndexError(
            f"{framework} {edition} has no revision {revision}; known: "
            f"{', '.join(map(str, known)) or 'none'}"
        )
    return folder / str(revision)


def latest_revision(settings: Settings, framework: str, edition: str) -> int:
    """Number of the last revision; 0 if nothing was published yet."""
    folder = revisions_folder(settings, framework, edition)
    numbers = [int(path.name) for path in folder.glob("*") if path.name.isdigit()]
    return max(numbers, default=0)


def read_manifest(settings: Settings, framework: str, edition: str, revision: int) -> Any:
    """The manifest of a revision as it was written."""
    path = revisions_folder(settings, framework, edition) / str(revision) / MANIFEST
    return json.loads(path.read_text(encoding="utf-8"))


def is_published(settings: Settings, framework: str, edition: str, new: Edition) -> bool:
    """Whether the last revision of an edition has this content already."""
    last = latest_revision(settings, framework, edition)
    if not last:
        return False
    content: str = read_manifest(settings, framework, edition, last)["content"]
    return content == new.content


def publish(
    settings: Settings, framework: str, edition: str, new: Edition, reason: str = ""
) -> int:
    """Makes the content the published revision of an edition; returns its number.

    reason: why it was made, for the manifest; another reason alone makes no revision.

    Content that the last revision has already is not published again. A run that is killed
    leaves either the old revision published or the new one.
    """
    last = latest_revision(settings, framework, edition)
    if is_published(settings, framework, edition, new):
        _link(settings, framework, edition, last)
        return last
    number = last + 1
    folder = revisions_folder(settings, framework, edition)
    unfinished = folder / f".{number}.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    _write(unfinished, number, new, reason)
    unfinished.replace(folder / str(number))
    _link(settings, framework, edition, number)
    return number


def _write(folder: Path, number: int, new: Edition, reason: str) -> None:
    """Writes all files of a revision, the manifest last."""
    tables = {name: rows.assign(revision=number, **new.marks) for name, rows in new.tables.items()}
    for name, rows in tables.items():
        if name in PARQUET:
            rows.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        if name not in ONLY_PARQUET:
            (folder / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
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
    sheets = {name: rows for name, rows in tables.items() if name not in ONLY_PARQUET}
    write_workbook(folder / "scores.xlsx", about, sheets)
    files = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    content = {
        "revision": number,
        "reason": reason,
        **new.marks,
        **new.description,
        "content": new.content,
        "files": files,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _parquet(rows: pa.Table) -> bytes:
    """A table as Parquet; the same table gives the same bytes."""
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, compression="zstd")
    return buffer.getvalue()


def _link(settings: Settings, framework: str, edition: str, number: int) -> None:
    """Points published/ at a revision, in one step."""
    link = current_link(settings, framework, edition)
    link.parent.mkdir(parents=True, exist_ok=True)
    target = os.path.relpath(
        revisions_folder(settings, framework, edition) / str(number), link.parent
    )
    if link.is_symlink() and os.readlink(link) == target:
        return
    aside = link.with_name(f".{link.name}.link")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(link)
