"""What `Revision.explain` says of points and readings, of all regions in one pass.

For the pages of a site: the same words and values, without running the SQL again.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.explanation.trace import NOT_FOUND, WHY_POINT, Revision, why_no_value

# Readings are told column by column, and rows as steps from the reading before of the same file,
# because that way they take a third of the room; point and file are places in the lists of
# `Traces`, from 0.
_READINGS = """
with placed as (
    select
        readings.*, points.place as point_place, files.place as file_place,
        row - coalesce(lag(row) over (
            partition by region_code, raw_file
            order by points.place, kind, round, assessor, sheet, row, "column"
        ), 0) as step
    from readings
    inner join places as points on points.kind_of = 'point' and points.name = point_code
    inner join places as files on files.kind_of = 'file' and files.name = raw_file
),
told as (
    select
        region_code,
        list({
            point: point_place, kind: kind, round: round, assessor: assessor, value: value,
            status: status, counts: counts, set_aside: set_aside, evidence: evidence,
            note: note, read_at: strftime(read_at, '%Y-%m-%d %H:%M:%S'), file: file_place,
            sheet: sheet, step: step, "column": "column", correction: correction
        } order by point_place, kind, round, assessor, raw_file, sheet, row, "column") as rows
    from placed
    group by region_code
)
select
    region_code,
    to_json({
        point: [x.point for x in rows], kind: [x.kind for x in rows],
        round: [x.round for x in rows], assessor: [x.assessor for x in rows],
        value: [x.value for x in rows], status: [x.status for x in rows],
        counts: [x.counts for x in rows], set_aside: [x.set_aside for x in rows],
        evidence: [x.evidence for x in rows], note: [x.note for x in rows],
        read_at: [x.read_at for x in rows], file: [x.file for x in rows],
        sheet: [x.sheet for x in rows], step: [x.step for x in rows],
        "column": [x."column" for x in rows], correction: [x.correction for x in rows]
    })::varchar
from told
"""


@dataclass(frozen=True)
class Trace:
    """Of one region of one group.

    edges: (effective_share, contribution) by indicator. points: (value, status, chosen_by,
    code of the why) by point. quarantined: cells that kept readings out (file, sheet, row,
    column, value, reason, point or None for all). excluded: corrections that left out a row of
    the region.
    """

    object_group: str
    region_code: str
    edges: dict[str, tuple[float | None, float | None]]
    points: dict[str, tuple[float | None, str, str | None, str | None]]
    quarantined: list[tuple[Any, ...]]
    excluded: list[dict[str, Any]]


class Traces:
    """The traces of all regions of a revision, and what they share.

    Raises GovIndexError for a folder that holds no revision, or one without readings.
    """

    def __init__(self, folder: Path) -> None:
        self.revision = Revision(folder, recompute=False)

    @property
    def points(self) -> list[str]:
        """Codes of the points, in the order in which readings name them."""
        return list(self.revision.point_list)

    @property
    def shared(self) -> dict[str, Any]:
        """Formulas by indicator, points and files in the order in which readings name them,
        corrections, and the words of every why."""
        known = self.revision
        rules: dict[tuple[str, str], int] = {}
        rules_of = {
            code: {
                kind: rules.setdefault((row[f"rule_{kind}"], row[f"rule_{kind}_en"]), len(rules))
                for kind in ("technical", "manual", "verification")
                if row.get(f"rule_{kind}")
            }
            for code, row in known.point_list.items()
        }
        return {
            "rules": list(rules),
            "formulas": {
                code: {
                    "kind": one.kind,
                    "words": [one.words, one.words_en],
                    "sql": one.sql,
                    "file": one.file,
                    "points": known.points_of[code],
                }
                for code, one in known.formulas.items()
            },
            "points": [
                {
                    "code": code,
                    "name": [row["point_name"], row["point_name_en"] or row["point_name"]],
                    "type": row["point_type"],
                    "unit": row.get("unit"),
                    "looked_for": [
                        row.get("looked_for"),
                        row.get("looked_for_en") or row.get("looked_for"),
                    ],
                    "method": row["method"],
                    "rules": rules_of[code],
                }
                for code, row in known.point_list.items()
            ],
            "files": [[name, one["sha256"]] for name, one in known.files.items()],
            "corrections": [asdict(one) for one in known.corrections],
            "whys": {one.code: [one.zh, one.en] for one in [NOT_FOUND, *WHY_POINT.values()]},
        }

    @cached_property
    def readings(self) -> dict[str, str]:
        """The readings of every region that has any, as JSON, a list a column."""
        self._lay_places()
        return dict(self.revision.tables.execute(_READINGS).fetchall())

    def __iter__(self) -> Iterator[Trace]:
        known = self.revision
        met = self._statuses()
        points: dict[str, list[tuple[Any, ...]]] = {}
        told = {row["column_name"] for row in known.rows("describe points")}
        chosen = "chosen_by" if "chosen_by" in told else "null"
        for region, *cells in known.tables.execute(
            f"select region_code, point_code, value, status, {chosen} from points"
        ).fetchall():
            points.setdefault(region, []).append(tuple(cells))
        edges: dict[tuple[str, str], dict[str, tuple[float | None, float | None]]] = {}
        for row in known.rows(
            "select object_group, region_code, indicator_code, effective_share, contribution "
            "from edges order by all"
        ):
            place = (row["object_group"], row["region_code"])
            found = edges.setdefault(place, {})
            found[row["indicator_code"]] = (row["effective_share"], row["contribution"])
        quarantined: dict[str, list[dict[str, Any]]] = {}
        for row in known.rows("from quarantine"):
            quarantined.setdefault(row["region_code"], []).append(row)
        for row in known.rows("select object_group, region_code from rankings"):
            group, code = row["object_group"], row["region_code"]
            kept_out = quarantined.get(code, [])
            excluded = [
                asdict(one)
                for one in known.corrections
                if one.after == "exclude" and one.column == "region_code" and one.before == code
            ]
            yield Trace(
                object_group=group,
                region_code=code,
                edges=edges.get((group, code), {}),
                points={
                    point: (
                        value,
                        status,
                        chosen_by,
                        self._why(point, status, met.get((code, point), set()), kept_out, excluded),
                    )
                    for point, value, status, chosen_by in points.get(code, [])
                },
                quarantined=[
                    (
                        one["file"],
                        one["sheet"],
                        int(one["row"]),
                        one["column"],
                        one["value"],
                        one["reason"],
                        one["point_code"],
                    )
                    for one in kept_out
                ],
                excluded=excluded,
            )

    def _lay_places(self) -> None:
        """The view `places`: the number of each point and file."""
        known = self.revision
        rows = [("point", name, place) for place, name in enumerate(known.point_list)]
        rows += [("file", name, place) for place, name in enumerate(known.files)]
        known.tables.register("places", pd.DataFrame(rows, columns=["kind_of", "name", "place"]))

    def _statuses(self) -> dict[tuple[str, str], set[str]]:
        """The statuses of the readings of every point that was not collected."""
        found: dict[tuple[str, str], set[str]] = {}
        for row in self.revision.rows(
            "select region_code, point_code, readings.status from readings "
            "semi join (from points where status = 'not_collected') as missing "
            "using (region_code, point_code)"
        ):
            found.setdefault((row["region_code"], row["point_code"]), set()).add(row["status"])
        return found

    @staticmethod
    def _why(
        point: str,
        status: str,
        statuses: set[str],
        quarantined: list[dict[str, Any]],
        excluded: list[dict[str, Any]],
    ) -> str | None:
        of_point = [one for one in quarantined if one["point_code"] in (None, point)]
        why = why_no_value(status, statuses, of_point, excluded)
        return why.code if why else None
