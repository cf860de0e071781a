"""One table of one edition from raw files to data/landing: read, correct, audit, land.

The audit decides whether the landed file exists at all, so nothing downstream can walk
around it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.collection import corrections, gate, manifest, readers
from dagster_project.collection.corrections import EXCLUDE, Applied
from dagster_project.errors import GovIndexError
from dagster_project.files import aside, write_aside
from dagster_project.frameworks import Column, Framework, Table
from dagster_project.settings import Settings

ARROW_TYPES = {
    "code": pa.string(),
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "time": pa.string(),
    "datetime": pa.string(),
    "region": pa.string(),
    "point": pa.string(),
    "answer": pa.string(),
}
# What was done to the rows of a table, counted: read, corrected (cells), excluded by a correction,
# quarantined (all; by reason), duplicate (quarantined as further rows of the same), landed.
CLEANING = pa.schema(
    [
        ("edition", pa.string()),
        ("collected_table", pa.string()),
        ("kind", pa.string()),
        ("reason", pa.string()),
        ("rows", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Landing:
    """What became of a table: its audit and the corrections that were applied."""

    table: str
    audit: gate.Audit
    applied: list[Applied]


def landed_path(settings: Settings, framework: str, edition: str, table: str) -> Path:
    """Where a table lies once it has passed its gate."""
    return settings.landing / framework / edition / f"{table}.parquet"


def cleaning_path(settings: Settings, framework: str, edition: str, table: str) -> Path:
    """Where the counts of what was cleaned of a landed table lie."""
    return settings.landing / framework / edition / f"{table}_cleaning.parquet"


def quarantine_path(settings: Settings, framework: str, edition: str, table: str) -> Path:
    """Where the bad rows of a table are listed."""
    return settings.quarantine / framework / edition / f"{table}.csv"


def land(
    settings: Settings,
    framework: Framework,
    edition: str,
    name: str,
    read: Landing | None = None,
) -> Landing:
    """Reads, corrects, audits and lands one table; writes its quarantine.

    A table that does not pass is not landed, and what was landed of it before is taken
    away: the caller looks at `audit.refusal`. read: the table, if it was read and audited before.

    Raises GovIndexError for files, corrections or text that cannot be used; then too
    nothing stays landed.
    """
    path = landed_path(settings, framework.code, edition, name)
    record = path.with_suffix(".json")
    cleaned = cleaning_path(settings, framework.code, edition, name)
    for landed in (path, record, cleaned):
        landed.unlink(missing_ok=True)

    table = framework.tables[name]
    found = read or audited(settings, framework, edition, name)
    audit, applied = found.audit, found.applied
    bad = quarantine_path(settings, framework.code, edition, name)
    bad.parent.mkdir(parents=True, exist_ok=True)
    synthetic = manifest.load_source(settings, framework.code, edition).synthetic
    audit.quarantine.assign(synthetic="true" if synthetic else "false").to_csv(
        bad, index=False, encoding="utf-8-sig", lineterminator="\n"
    )
    if audit.refusal is None:
        content = {
            "rows_collected": audit.rows,
            "rows_landed": len(audit.accepted),
            "rows_quarantined": audit.rows - len(audit.accepted),
            "corrections": [one.as_dict() for one in applied],
        }
        _put(_cleaning(audit, applied, name, edition), cleaned)
        typed = gate.typed(audit.accepted, table.columns_in(edition))
        _write_parquet(typed, table.columns, edition, path)
        write_aside(record, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    return found


def audited(settings: Settings, framework: Framework, edition: str, name: str) -> Landing:
    """Reads, corrects and audits one table; writes nothing.

    Raises GovIndexError as `land` does.
    """
    table = framework.tables[name]
    rows, excluded, applied = _collected(settings, framework, edition, name, table)
    columns = table.columns_in(edition)
    if table.optional and not len(rows.columns):
        audit = gate.nothing_to_audit()
    else:
        audit = gate.audit(
            rows,
            gate.load_suite(framework.code, name),
            gate.parameters(framework, table, edition),
            columns,
            gate.registers(framework, edition),
            excluded,
        )
    return Landing(name, audit, applied)


def landing_record(settings: Settings, framework: str, edition: str, table: str) -> dict[str, Any]:
    """Counts and corrections of a landed table.

    Raises GovIndexError if the table has not passed its gate.
    """
    record = landed_path(settings, framework, edition, table).with_suffix(".json")
    if not record.is_file():
        raise GovIndexError(
            f"{framework} {edition}: the table {table} has not passed its gate; materialise it "
            "first and read what it says"
        )
    content: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    return content


def _collected(
    settings: Settings, framework: Framework, edition: str, name: str, table: Table
) -> tuple[pd.DataFrame, pd.DataFrame, list[Applied]]:
    """The corrected rows of a table, from all its files in the order of their names, and those
    that a correction left out."""
    source = manifest.verified_source(settings, framework.code, edition)
    folder = manifest.edition_folder(settings, framework.code, edition)
    files = {file: entry for file, entry in source.files.items() if entry.table == name}
    if not files and table.optional:
        return pd.DataFrame(), pd.DataFrame(), []
    if not files:
        raise GovIndexError(
            f"{manifest.shown(settings, folder)}/{manifest.MANIFEST}: lists no file of the "
            f"table {name}; list one under `files`"
        )
    names = framework.names(edition)
    parts = [
        readers.read_table(
            folder / file,
            manifest.shown(settings, folder / file),
            table,
            edition,
            entry.columns,
            names,
        )
        for file, entry in sorted(files.items())
    ]
    rows = pd.concat(parts, ignore_index=True)
    path = folder / manifest.CORRECTIONS
    rulings = corrections.load(path, manifest.shown(settings, path))
    corrections.refuse_unknown_tables(rulings, list(framework.tables))
    corrected, applied = corrections.apply(rows, rulings, name, table, edition, names)
    return corrected, rows.drop(index=corrected.index), applied


def _cleaning(audit: gate.Audit, applied: list[Applied], table: str, edition: str) -> pa.Table:
    """The counts of what was cleaned. A row that fails for several reasons counts in each."""
    excluded = sum(one.after == EXCLUDE for one in applied)
    reasons: dict[str, set[int]] = {}
    duplicates: set[int] = set()
    for outcome in (one for one in audit.outcomes if one.rejects):
        reasons.setdefault(outcome.reason, set()).update(outcome.failing.index)
        if outcome.duplicates:
            duplicates.update(outcome.failing.index)
    counts = [
        ("read", "", audit.rows + excluded),
        ("corrected", "", len(applied) - excluded),
        ("excluded", "", excluded),
        ("quarantined", "", audit.rows - len(audit.accepted)),
        *(("quarantined", reason, len(rows)) for reason, rows in sorted(reasons.items()) if rows),
        ("duplicate", "", len(duplicates)),
        ("landed", "", len(audit.accepted)),
    ]
    rows = [(edition, table, *one) for one in counts]
    columns = [
        pa.array(list(column), type=field.type)
        for column, field in zip(zip(*rows, strict=True), CLEANING, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=CLEANING)


def _put(table: pa.Table, path: Path) -> None:
    """Writes a table aside and then in its place."""
    part = aside(path)
    pq.write_table(table, part)
    part.replace(path)


def _write_parquet(
    rows: pd.DataFrame, columns: dict[str, Column], edition: str, path: Path
) -> None:
    """Writes all columns that the table has in any edition, so that editions agree in shape."""
    schema = pa.schema(
        [
            ("edition", pa.string()),
            *((name, ARROW_TYPES[column.type]) for name, column in columns.items()),
            ("source_file", pa.string()),
            ("source_sheet", pa.string()),
            ("source_row", pa.int64()),
            ("source_column", pa.string()),
        ]
    )
    whole = rows.assign(edition=edition)
    arrays = [
        pa.array(whole[field.name], type=field.type, from_pandas=True)
        if field.name in whole
        else pa.nulls(len(whole), field.type)
        for field in schema
    ]
    _put(pa.Table.from_arrays(arrays, schema=schema), path)
