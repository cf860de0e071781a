"""Whether a revision's numbers close, for every region at once, down to the raw files.

Each raw file is read once more by the project's own readers, and what stands at the places
that the readings name is compared, with the corrections of the manifest taken into account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.collection import readers
from dagster_project.collection.manifest import sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.explanation import recomputed
from dagster_project.explanation.trace import Revision
from dagster_project.frameworks import framework as framework_of
from dagster_project.publication import comparison
from dagster_project.settings import Settings

NODES = {
    "point": "sql/point_values.sql over its readings gives",
    "indicator": "sql/{code}.sql gives",
    "roll_up": "its children's contributions, rounded as the method says, add up to",
}
EXCLUDE = "exclude"


@dataclass(frozen=True)
class Checked:
    """What closed: how many regions, indicators, points, readings, raw and published files."""

    revision: int

    regions: int
    indicators: int
    points: int
    readings: int
    raw_files: int
    published_files: int

    @property
    def sentence(self) -> str:
        """As `337 regions: 14828 scores and 86609 points close, ...`."""
        return (
            f"{self.regions} regions: {self.indicators} scores and {self.points} points close, "
            "ranks, bands and grades follow from the scores, "
            f"{self.readings} readings stand at their places in {self.raw_files} raw files, and "
            f"{self.published_files} published files have their checksums"
        )


def check(revision: Revision, settings: Settings) -> Checked:
    """Walks every region: each score and point is recomputed, each reading that counts has a
    point that was collected, each rank, band and grade is held against the scores, each table for
    people against the one for programs, each reading found in its raw file at its place, each
    checksum compared.

    Raises GovIndexError that names the first node, cell, place or file that does not agree.
    """
    _refuse_open_nodes(revision)
    _refuse_readings_of_nothing(revision)
    _refuse_other_ranks(revision)
    raw_files = _refuse_other_raw_values(revision, settings)
    published_files = _refuse_other_files(revision)
    _refuse_other_prints(revision)
    counted = dict(
        revision.tables.execute(
            "select kind, count(*) from closing where kind != 'roll_up' group by all"
        ).fetchall()
    )
    [readings] = revision.tables.execute("select count(*) from readings").fetchone() or (0,)
    return Checked(
        revision=revision.manifest["revision"],
        regions=len(revision.regions),
        indicators=counted["indicator"],
        points=counted["point"],
        readings=readings,
        raw_files=raw_files,
        published_files=published_files,
    )


def _refuse_open_nodes(revision: Revision) -> None:
    """Raises GovIndexError for the first region with a node that does not close."""
    found = revision.tables.execute(
        """
        select region_code, kind, code, published, recomputed, count(*) over ()
        from closing where not closes
        order by object_group, region_code, kind desc, code limit 1
        """
    ).fetchone()
    if found is None:
        return
    region, kind, code, published, again, count = found
    said = NODES[kind].format(code=code)
    raise GovIndexError(
        f"{revision.name}: {revision.regions[region]} ({region}), "
        f"{'point' if kind == 'point' else 'indicator'} {code}: published is {_shown(published)}, "
        f"but {said} {_shown(again)}"
        + (f" ({count} nodes do not close)" if count > 1 else "")
        + "; the files of this revision were changed, so publish the edition again"
    )


def _refuse_readings_of_nothing(revision: Revision) -> None:
    """Raises GovIndexError for the first reading that is said to count, of a point that has no
    value made of any."""
    found = revision.tables.execute(
        """
        select region_code, point_code, readings.raw_file, readings.sheet, readings.row,
            count(*) over ()
        from readings
        left join points using (region_code, point_code)
        where readings.counts and coalesce(points.status, 'not_collected') = 'not_collected'
        order by region_code, point_code, readings.raw_file, readings.row limit 1
        """
    ).fetchone()
    if found is None:
        return
    region, point, file, sheet, row, count = found
    raise GovIndexError(
        f"{revision.name}: {revision.regions.get(region, 'no region')} ({region}), point {point}: "
        f"is not collected, but the reading of {file}{f', sheet {sheet}' if sheet else ''}, row "
        f"{row}, is said to count"
        + (f" ({count} readings)" if count > 1 else "")
        + "; the files of this revision were changed, so publish the edition again"
    )


def _refuse_other_ranks(revision: Revision) -> None:
    """Raises GovIndexError for the first rank, band or grade that the scores do not give."""
    found = recomputed.other_ranks(revision.tables)
    if not found:
        return
    table, region, code, column, published, again = found[0]
    raise GovIndexError(
        f"{revision.name}: {table}, {revision.regions.get(region, 'no region')} ({region}), "
        f"{code}, column {column}: published is {published or 'nothing'}, but the scores give "
        f"{again or 'nothing'}"
        + (f" ({len(found)} cells differ)" if len(found) > 1 else "")
        + "; the files of this revision were changed, so publish the edition again"
    )


def _refuse_other_prints(revision: Revision) -> None:
    """Raises GovIndexError for the first cell of a CSV that is not that of the Parquet file."""
    for path in sorted(revision.folder.glob("*.parquet")):
        printed = path.with_suffix(".csv")
        if not printed.is_file():
            continue
        shown = comparison.read_printed(printed)
        meant = comparison.as_printed(pd.read_parquet(path))
        if shown.equals(meant):
            continue
        changes = comparison.compare({path.stem: meant}, {path.stem: shown})
        where = f"its columns or rows stand in another order than in {path.name}"
        if changes:
            one = changes[0]
            where = (
                f"{', '.join(one.key.values())}, column {one.column or 'all'}: there stands "
                f"{one.after or 'nothing'}, in {path.name} {one.before or 'nothing'}"
            )
        raise GovIndexError(
            f"{revision.name}: {printed.name}, {where}; the files of this revision were changed, "
            "so publish the edition again"
        )


def _shown(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.12g}"


def _refuse_other_raw_values(revision: Revision, settings: Settings) -> int:
    """Compares the readings with the raw files; returns how many files were read."""
    missing, read = [], 0
    for shown, file in revision.files.items():
        path = settings.raw / Path(shown).relative_to("raw")
        if not path.is_file():
            missing.append(shown)
            continue
        same = sha256_of(path) == file["sha256"]
        readings = revision.tables.execute(
            """
            select region_code, point_code, round, assessor, value, number, kind, sheet, row,
                "column", "table"
            from readings where raw_file = ? order by row, "column"
            """,
            [shown],
        ).df()
        if len(readings):
            _refuse_other_cells(revision, path, shown, file, readings)
        if not same:
            raise GovIndexError(
                f"{shown}: its sha256 is {sha256_of(path)[:12]}…, in the manifest of "
                f"{revision.name} {file['sha256'][:12]}…; put the file back as it was collected"
            )
        read += 1
    if missing:
        raise GovIndexError(
            f"{revision.name}: all nodes close, but {', '.join(missing)} is not on the disk any "
            "more, so what was read from it cannot be compared; put it back with `govindex fetch`"
        )
    return read


def _refuse_other_cells(
    revision: Revision, path: Path, shown: str, file: Mapping[str, Any], readings: pd.DataFrame
) -> None:
    """Raises GovIndexError for the first reading that does not stand at its place."""
    code, edition = revision.manifest["framework"], revision.manifest["edition"]
    framework = framework_of(code)
    table = framework.tables[file["table"]]
    rows = readers.read_table(
        path, shown, table, edition, file.get("columns", {}), framework.names(edition)
    )
    rows = _corrected(revision, rows, shown)
    answer = next((name for name in ("value", "answer") if name in table.columns), None)
    if answer:
        cells = rows.assign(cell=rows[answer])
        cells["column"] = rows["source_column"].where(rows["source_column"].notna(), answer)
    else:
        points = sorted(set(readings["column"]))
        cells = rows.melt(
            id_vars=["region_code", "source_sheet", "source_row"],
            value_vars=[name for name in points if name in rows.columns],
            var_name="column",
            value_name="cell",
        )
        cells["point_code"] = cells["column"]
    cells = cells.rename(columns={"source_sheet": "sheet", "source_row": "row"})
    place = ["sheet", "row", "column"]
    kept = [*place, "cell", "region_code", "point_code"]
    kept += [name for name in ("round", "assessor") if answer and name in cells.columns]
    for frame in (readings, cells):
        frame["sheet"] = frame["sheet"].astype("str").where(frame["sheet"].notna(), "")
    both = readings.merge(
        cells[kept], on=place, how="left", suffixes=("", "_raw"), indicator="found"
    )
    differs = both["found"] != "both"
    if answer:
        differs |= ~_same(both["value"], both["cell"])
    else:
        differs |= ~_same(both["number"], pd.to_numeric(both["cell"], errors="coerce"))
    for name in ("region_code", "point_code"):
        differs |= ~_same(both[name], both[f"{name}_raw"])
    if "round_raw" in both:
        differs |= ~_same(both["round"], pd.to_numeric(both["round_raw"], errors="coerce"))
    if "assessor_raw" in both:
        differs |= ~_same(both["assessor"], both["assessor_raw"])
    if not differs.any():
        return
    first = both[differs].iloc[0]
    sheet = f", sheet {first['sheet']}" if first["sheet"] else ""
    column = file.get("columns", {}).get(first["column"], first["column"])
    says = "nothing" if first["found"] != "both" or pd.isna(first["cell"]) else first["cell"]
    of_what = ""
    if first["found"] == "both" and (
        first["region_code"] != first["region_code_raw"]
        or first["point_code"] != first["point_code_raw"]
    ):
        of_what = f" of {first['region_code_raw']} {first['point_code_raw']}"
    expected = "blank" if pd.isna(first["value"]) else first["value"]
    count = int(differs.sum())
    raise GovIndexError(
        f"{shown}{sheet}, row {first['row']}, column {column}: there stands {says}{of_what}, in "
        f"{revision.name} {expected} for {first['region_code']} {first['point_code']}"
        + (f" ({count} readings differ)" if count > 1 else "")
        + "; put the file back as it was collected"
    )


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one == other).fillna(False).astype("bool") | (one.isna() & other.isna())


def _corrected(revision: Revision, rows: pd.DataFrame, shown: str) -> pd.DataFrame:
    """Raw rows after the corrections of the manifest.

    Raises GovIndexError for one whose cell no longer holds what it corrects.
    """
    ruled = [one for one in revision.manifest["corrections"] if one["file"] == shown]
    excluded: list[int] = []
    for one in ruled:
        at = rows["source_row"] == one["row"]
        if one["sheet"]:
            at &= rows["source_sheet"] == one["sheet"]
        if one["cell"]:
            at &= rows["source_column"] == one["cell"]
        found = rows.index[at]
        cell: Any = rows.at[found[0], one["column"]] if len(found) == 1 else None
        value = None if pd.isna(cell) else str(cell)
        if len(found) != 1 or value != one["before"]:
            raise GovIndexError(
                f"{shown}, row {one['row']}, column {one['column']}: there stands "
                f"{value or 'nothing'}, the correction of {revision.name} found "
                f"{one['before'] or 'a blank'}; put the file back as it was collected"
            )
        if one["after"] == EXCLUDE:
            excluded.append(found[0])
        else:
            rows.at[found[0], one["column"]] = one["after"]
    return rows.drop(index=excluded)


def _refuse_other_files(revision: Revision) -> int:
    """Raises GovIndexError for the first published file without its checksum; returns how many."""
    for name, expected in revision.manifest["files"].items():
        path = revision.folder / name
        if not path.is_file():
            raise GovIndexError(f"{revision.name}: {name} is missing; publish the edition again")
        if (found := sha256_of(path)) != expected:
            raise GovIndexError(
                f"{revision.name}: {name} was changed (sha256 {found[:12]}…, in the manifest "
                f"{expected[:12]}…); publish the edition again"
            )
    return len(revision.manifest["files"])
