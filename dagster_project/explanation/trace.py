"""The walk from a score to its raw files: what stands at each node, and its words.

What an explanation looks like says the docstring of the package.
"""

import difflib
import re
import textwrap
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.errors import GovIndexError
from dagster_project.explanation import recomputed
from dagster_project.frameworks import framework as framework_of
from dagster_project.publication.ledger import MANIFEST, read_manifest

TOTAL = "total"
# Columns of the tables that a node or a reading shows as they stand.
SCORE = ("score", "max_score", "score_rate", "rank", "status", "collected_share")
READING = (
    *("kind", "round", "assessor", "value", "number", "status", "counts", "set_aside"),
    *("evidence", "note"),
)
# What a model computes, out of its SQL as it ran.
EXPRESSIONS = {
    True: re.compile(r"rated as \(\s*select\s*\*,\s*cast\((.*) as double\) as score_rate", re.S),
    False: re.compile(r"as max_score,\s*(.*?)\s*as score,", re.S),
}


@dataclass(frozen=True)
class Why:
    """Why a value is missing, or that it is a true zero: a code and its words."""

    code: str
    zh: str
    en: str


NOT_FOUND = Why("not_found", "找过，没有（真实为零）", "looked for, not there: a true zero")
WHY_POINT = {
    "refused": Why("refused", "网站拒绝访问", "the site refused access"),
    "not_collected": Why("not_collected", "未采集到", "could not be collected"),
    "blank": Why("blank", "采集文件中为空", "blank in the collected file"),
    "quarantined": Why(
        "quarantined", "读数未通过检查，已隔离", "its readings did not pass the gate"
    ),
    "excluded": Why("excluded", "该行按更正排除", "its row was left out by a correction"),
    "absent": Why("absent", "采集文件中没有", "not in the collected files"),
}
NO_POINT = Why("no_point", "没有采集到任何点位", "none of its points was collected")
NO_RATE = Why(
    "no_rate", "公式缺少所需的点位，无法计算", "points that the formula needs were not collected"
)
CHILD_MISSING = Why(
    "child_missing",
    "有下级缺得分，按规则不计分",
    "a child has no score; by the rule it has none",
)
NO_CHILD = Why("no_child", "所有下级均无得分", "none of its children has a score")


@dataclass(frozen=True)
class Place:
    """Where a value stands: raw file, its checksum, sheet, row (line), column."""

    file: str
    sha256: str
    sheet: str | None
    row: int
    column: str

    def __str__(self) -> str:
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}, row {self.row}, column {self.column}"


@dataclass(frozen=True)
class Correction:
    """A ruling on a raw value: what was there, what counts, why, on whose word."""

    file: str
    row: int
    column: str
    before: str | None
    after: str | None
    reason: str
    source: str


@dataclass(frozen=True)
class Reading:
    """One reading of a point as it was taken."""

    kind: str
    round: int | None
    assessor: str | None
    value: str | None
    number: float | None
    status: str
    counts: bool
    set_aside: str | None
    evidence: str | None
    note: str | None
    read_at: str | None
    place: Place
    corrections: list[Correction]


@dataclass(frozen=True)
class Quarantined:
    """A cell that kept a reading out."""

    file: str
    sheet: str | None
    row: int
    column: str
    value: str | None
    reason: str


@dataclass(frozen=True)
class Point:
    """What was measured at one point, and the readings that it is made of."""

    code: str
    name: str
    name_en: str
    type: str
    unit: str | None
    looked_for: str | None
    looked_for_en: str | None
    value: float | None
    status: str
    chosen_by: str | None
    rule: str | None
    rule_en: str | None
    recomputed: float | None
    closes: bool
    why: Why | None
    readings: list[Reading]
    quarantined: list[Quarantined]


@dataclass(frozen=True)
class Formula:
    """How a score is made: kind (formula, rescale, no_score), words, SQL expression, file."""

    kind: str
    words: str
    words_en: str
    sql: str
    file: str


@dataclass(frozen=True)
class Indicator:
    """A score with what it is made of."""

    code: str
    name: str
    name_en: str
    definition: str
    level: int
    score: float | None
    max_score: float
    score_rate: float | None
    rank: int | None
    status: str
    collected_share: float
    weight: float | None
    weight_share: float | None
    provenance: str
    effective_share: float | None
    contribution: float | None
    rounding: str
    formula: Formula
    recomputed: float | None
    closes: bool
    why: Why | None
    children: list["Indicator"]
    points: list[Point]


@dataclass(frozen=True)
class Explanation:
    """One region's score explained; see the docstring of the package."""

    framework: str
    edition: str
    revision: int
    synthetic: bool
    object_group: str
    region_code: str
    region_name: str
    band: str | None
    grade: str | None
    bands_note: str | None
    provisional: bool
    regions: int
    path: list[str]
    excluded: list[Correction]
    node: Indicator

    def as_dict(self) -> dict[str, Any]:
        """As nested dicts and lists that JSON can hold."""
        return asdict(self)


Rows = list[dict[str, Any]]
_READINGS = """
select
    point_code, kind, round, assessor, value, number, status, counts, set_aside, evidence, note,
    read_at, raw_file, sheet, row, "column", correction
from readings where region_code = ?
"""


@dataclass
class _Region:
    """The published rows of one region, by the code of their node."""

    scores: dict[str, dict[str, Any]]
    points: dict[str, dict[str, Any]]
    readings: dict[str, Rows]
    quarantined: Rows
    closing: dict[tuple[str, str], dict[str, Any]]
    edges: dict[str, dict[str, Any]]
    excluded: list[Correction] = field(default_factory=list)


class Revision:
    """The files of one revision, loaded once.

    folder: data/revisions/<framework>/<edition>/<n>, or the link to it. recompute: whether its
    SQL is run again; without that no region can be explained, but the tables can be read.

    Raises GovIndexError for a folder that holds no revision, one of which the manifest cannot
    be read, or one without readings.
    """

    def __init__(self, folder: Path, recompute: bool = True) -> None:
        if not (folder / MANIFEST).is_file():
            raise GovIndexError(f"{folder}: there is no published revision")
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.tables = recomputed.load(folder, self.manifest)
        self.sql = {
            path.stem: path.read_text(encoding="utf-8") for path in (folder / "sql").glob("*.sql")
        }
        if recompute:
            recomputed.recompute(self.tables, self.manifest, self.sql)
        else:
            recomputed.lay_edges(self.tables)

    @property
    def name(self) -> str:
        """As messages name it: framework, edition and number."""
        return "{framework} {edition} revision {revision}".format(**self.manifest)

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        """The raw files as the manifest lists them, by the name that readings give them."""
        folder = "raw/{framework}/{edition}".format(**self.manifest)
        return {f"{folder}/{one['file']}": one for one in self.manifest["raw_files"]}

    @cached_property
    def corrections(self) -> list[Correction]:
        """All corrections, in the order of the manifest."""
        names = ("file", "row", "column", "before", "after", "reason", "source")
        return [Correction(**_picked(one, *names)) for one in self.manifest["corrections"]]

    @cached_property
    def regions(self) -> dict[str, str]:
        """Names of the regions by their codes, in the order of the ranks."""
        rows = self.rows("select region_code, region_name from rankings")
        return {row["region_code"]: row["region_name"] for row in rows}

    def region_of(self, text: str) -> str:
        """The code of a region by its code, its name, or an alias of the register.

        Raises GovIndexError if it is none, or that of several.
        """
        if text in self.regions:
            return text
        found = [code for code, name in self.regions.items() if name.lower() == text.lower()]
        aliases = framework_of(self.manifest["framework"]).names(self.manifest["edition"])
        if not found and (code := aliases["region"].get(text)) in self.regions:
            found = [code]
        if len(found) == 1:
            return found[0]
        near = difflib.get_close_matches(text, self.regions.values(), n=3, cutoff=0.4)
        near += [name for name in self.regions.values() if text in name and name not in near][:3]
        hint = f"; perhaps {', '.join(near)}" if near else ""
        if found:
            hint = f"; it is the name of {', '.join(found)}, so give the code"
        raise GovIndexError(f"{self.name}: no region is named {text!r}{hint}")

    def explain(
        self, region_code: str, indicator: str = TOTAL, object_group: str | None = None
    ) -> Explanation:
        """One indicator of one region, down to the raw files.

        object_group: needed only where the region is ranked in several.

        Raises GovIndexError for a region or indicator that the revision does not have.
        """
        if indicator not in self.tree:
            near = difflib.get_close_matches(indicator, self.tree, n=3, cutoff=0.4)
            hint = f"perhaps {', '.join(near)}" if near else f"known: {', '.join(self.tree)}"
            raise GovIndexError(f"{self.name}: there is no indicator {indicator!r}; {hint}")
        ranked = self.rows("from rankings where region_code = ?", region_code)
        groups = [row for row in ranked if object_group in (None, row["object_group"])]
        if not groups:
            raise GovIndexError(f"{self.name}: there is no region {region_code!r}")
        if len(groups) > 1:
            names = ", ".join(row["object_group"] for row in groups)
            raise GovIndexError(
                f"{self.name}: {region_code} is ranked in several groups; name one of {names}"
            )
        ranking = groups[0]
        region = self._region(region_code, ranking["object_group"])
        path = [indicator]
        while parent := self.tree[path[0]]["parent_code"]:
            path.insert(0, parent)
        return Explanation(
            framework=self.manifest["framework"],
            edition=self.manifest["edition"],
            revision=self.manifest["revision"],
            synthetic=self.manifest["synthetic"],
            object_group=ranking["object_group"],
            region_code=region_code,
            region_name=ranking["region_name"],
            band=ranking["band"],
            grade=ranking["grade"],
            bands_note=self.manifest.get("bands_note"),
            provisional=bool(ranking["provisional"]),
            regions=self._ranked[ranking["object_group"]],
            path=path,
            excluded=region.excluded,
            node=self._indicator(indicator, region),
        )

    # What stands in the tables.

    def rows(self, query: str, *values: Any) -> Rows:
        found = self.tables.execute(query, list(values))
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    @cached_property
    def tree(self) -> dict[str, dict[str, Any]]:
        rows = self.rows("from indicator_tree order by position")
        return {row["indicator_code"]: row for row in rows}

    @cached_property
    def formulas(self) -> dict[str, Formula]:
        return {row["indicator_code"]: self._formula(row) for row in self.rows("from formulas")}

    @cached_property
    def points_of(self) -> dict[str, list[str]]:
        """Codes of the points that an indicator is made of."""
        return {
            row["indicator_code"]: [
                point for point in (row["points"] or "").split(",") if point in self.point_list
            ]
            for row in self.rows("from formulas")
        }

    @cached_property
    def point_list(self) -> dict[str, dict[str, Any]]:
        return {row["point_code"]: row for row in self.rows("from point_list")}

    @cached_property
    def _ranked(self) -> dict[str, int]:
        rows = self.rows("select object_group, count(rank) as n from rankings group by all")
        return {row["object_group"]: row["n"] for row in rows}

    def _region(self, code: str, group: str) -> _Region:
        readings: dict[str, Rows] = {}
        for row in self.rows(_READINGS, code):
            readings.setdefault(row["point_code"], []).append(row)
        both = (code, group)
        return _Region(
            scores={
                row["indicator_code"]: row
                for row in self.rows(
                    "from indicator_scores where region_code = ? and object_group = ?", *both
                )
            },
            points={
                row["point_code"]: row
                for row in self.rows("from points where region_code = ?", code)
            },
            readings=readings,
            quarantined=self.rows("from quarantine where region_code = ?", code),
            closing={
                (row["kind"], row["code"]): row
                for row in self.rows(
                    "from closing where region_code = ? and object_group = ?", *both
                )
            },
            edges={
                row["indicator_code"]: row
                for row in self.rows("from edges where region_code = ? and object_group = ?", *both)
            },
            excluded=[
                one
                for one in self.corrections
                if one.after == "exclude" and one.column == "region_code" and one.before == code
            ],
        )

    def _formula(self, row: Mapping[str, Any]) -> Formula:
        code = row["indicator_code"]
        found = EXPRESSIONS[row["kind"] == "formula"].search(self.sql[code])
        return Formula(
            kind=row["kind"],
            words=row["words"],
            words_en=row["words_en"],
            sql=_dedented(found[1]) if found else self.sql[code],
            file=f"sql/{code}.sql",
        )

    # Nodes.

    def _indicator(self, code: str, region: _Region) -> Indicator:
        score, tree, formula = region.scores[code], self.tree[code], self.formulas[code]
        edge = region.edges.get(code, {})
        closing = region.closing["indicator", code]
        added = region.closing.get(("roll_up", code), closing)
        children = [
            self._indicator(child, region)
            for child, one in self.tree.items()
            if one["parent_code"] == code
        ]
        points = [self._point(point, region) for point in self.points_of[code]]
        return Indicator(
            code=code,
            name=tree["indicator_name"],
            name_en=tree["indicator_name_en"],
            definition=tree["definition"],
            level=int(tree["level"]),
            **_picked(score, *SCORE),
            weight=_number(tree["weight"]),
            weight_share=tree["weight_share"] if edge else None,
            provenance=tree["provenance"],
            effective_share=edge.get("effective_share"),
            contribution=edge.get("contribution"),
            rounding=tree["rounding"],
            formula=formula,
            recomputed=closing["recomputed"],
            closes=closing["closes"] and added["closes"],
            why=_why_no_score(score, formula, children, points),
            children=children,
            points=points,
        )

    def _point(self, code: str, region: _Region) -> Point:
        row, known = region.points[code], self.point_list[code]
        closing = region.closing["point", code]
        readings = [self._reading(one) for one in region.readings.get(code, [])]
        chosen = row.get("chosen_by") or next(
            (one.kind for one in readings if one.counts), known["method"]
        )
        rule = f"rule_{'verification' if chosen == 'verified' else chosen}"
        quarantined = [
            Quarantined(
                row=int(one["row"]), **_picked(one, "file", "sheet", "column", "value", "reason")
            )
            for one in region.quarantined
            if one["point_code"] in (None, code)
        ]
        return Point(
            code=code,
            name=known["point_name"],
            name_en=known["point_name_en"],
            type=known["point_type"],
            unit=known.get("unit"),
            looked_for=known.get("looked_for"),
            looked_for_en=known.get("looked_for_en"),
            value=row["value"],
            status=row["status"],
            chosen_by=row.get("chosen_by"),
            rule=known.get(rule),
            rule_en=known.get(f"{rule}_en"),
            recomputed=closing["recomputed"],
            closes=closing["closes"],
            why=why_no_value(
                row["status"], {one.status for one in readings}, quarantined, region.excluded
            ),
            readings=readings,
            quarantined=quarantined,
        )

    def _reading(self, row: Mapping[str, Any]) -> Reading:
        file = self.files.get(row["raw_file"], {})
        numbers = [int(number) for number in (row["correction"] or "").split(",") if number]
        return Reading(
            **_picked(row, *READING),
            read_at=row["read_at"].isoformat(sep=" ") if row["read_at"] else None,
            place=Place(
                file=row["raw_file"],
                sha256=file.get("sha256", ""),
                sheet=row["sheet"],
                row=row["row"],
                column=file.get("columns", {}).get(row["column"], row["column"]),
            ),
            corrections=[self.corrections[number - 1] for number in numbers],
        )


def _picked(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Some columns of a row."""
    return {name: row[name] for name in names}


def _dedented(expression: str) -> str:
    """An expression out of a longer text, whose first line has lost its margin."""
    first, _, rest = expression.strip().partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".strip()


def _number(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else value


def why_no_value(
    status: str, met: Collection[str], quarantined: Collection[Any], excluded: Collection[Any]
) -> Why | None:
    """Why a point has no value, or that it is a true zero; None of one that was found.

    met: the statuses of its readings. quarantined: cells that kept readings of it out.
    excluded: corrections that left out a row of its region.
    """
    if status == "not_found":
        return NOT_FOUND
    if status != "not_collected":
        return None
    for code in ("refused", "not_collected", "blank"):
        if code in met:
            return WHY_POINT[code]
    return WHY_POINT["quarantined" if quarantined else "excluded" if excluded else "absent"]


def _why_no_score(
    score: Mapping[str, Any], formula: Formula, children: list[Indicator], points: list[Point]
) -> Why | None:
    if score["score"] is not None:
        return None
    if formula.kind == "formula":
        collected = any(point.status != "not_collected" for point in points)
        return NO_RATE if collected else NO_POINT
    if any(child.score is not None for child in children):
        return CHILD_MISSING
    return NO_CHILD
