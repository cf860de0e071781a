"""The declarations of the frameworks: one YAML file each, discovered in this folder.

What a framework's collected tables are, how they are read and who is assessed. What it
measures and how it weighs stands in the dbt project.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dagster_project.errors import GovIndexError, what_is_wrong
from dagster_project.registers import in_effect, rows_in_effect

FOLDER = Path(__file__).parent


class Column(BaseModel):
    """A column of a collected table: its name in the files, and how its text is read.

    type: code (text of fixed width, zeros in front), text, integer, number, date, time,
    datetime (ISO), region and point (a code or a name of the register, brought to the code),
    answer (what was read: a number, a date, yes or no in words, not found, not collected).
    format: strptime format of a date or time as the files print it. zone: to which times with
    an offset are brought. lowest, highest: between what a number has to lie, both inclusive,
    for suites that ask it of each column.
    """

    model_config = ConfigDict(extra="forbid")

    type: Literal[
        "code", "text", "integer", "number", "date", "time", "datetime", "region", "point", "answer"
    ]
    in_file: str | None = None
    width: int | None = None
    format: str | None = None
    zone: str | None = None
    lowest: float | None = None
    highest: float | None = None
    first_edition: str | None = None
    last_edition: str | None = None


class Table(BaseModel):
    """A collected table: which reader takes which file ending, its columns, its blanks.

    other_columns: what happens to a column of a file that is not declared here.
    optional: whether an edition may have no file of it; it then has no rows.
    """

    model_config = ConfigDict(extra="forbid")

    description: str
    readers: dict[str, str]
    columns: dict[str, Column]
    blank: list[str] = [""]
    other_columns: Literal["refused", "left out"] = "refused"
    optional: bool = False

    def columns_in(self, edition: str) -> dict[str, Column]:
        """The columns that the table has in an edition."""
        return {
            name: column
            for name, column in self.columns.items()
            if in_effect(column.model_dump(), edition)
        }


class Framework(BaseModel):
    """An evaluation system (评价体系) as the platform knows it.

    bands_note: what readers of its bands (类型) have to know, as "Chinese / English".
    supplement_to: the framework that it supplements with indicators of one province's own
    (fact 199), parent_region: that province, of which it assesses the regions alone.
    """

    model_config = ConfigDict(extra="forbid")

    code: str
    name: str
    name_en: str
    name_zh: str
    owners: list[str]
    data_set: str
    regions: str
    points: str | None = None
    bands_note: str | None = None
    supplement_to: str | None = None
    parent_region: str | None = None
    tables: dict[str, Table]

    def region_rows(self, edition: str) -> list[dict[str, str]]:
        """Who an edition assesses, from the framework's register."""
        rows = rows_in_effect(self.regions, self.code, edition)
        return [row for row in rows if self.parent_region in (None, row["parent_region"])]

    def region_codes(self, edition: str) -> list[str]:
        """Codes of the regions that an edition assesses, from the framework's register."""
        return [row["region_code"] for row in self.region_rows(edition)]

    def point_rows(self, edition: str) -> list[dict[str, str]]:
        """The register of points as far as it counts in an edition; empty if there is none."""
        return rows_in_effect(self.points, self.code, edition) if self.points else []

    def names(self, edition: str) -> dict[str, dict[str, str]]:
        """Codes by the names under which collectors write regions and points, and units.

        {"region": {name or alias: code}, "parent": {name or short name: name of the parent
        region}, "point": {name: code}, "unit": {code of a point: unit}}; the codes stand for
        themselves. A name of two is left out: which one is meant nobody can tell.
        """
        regions = self.region_rows(edition)
        points = self.point_rows(edition)
        return {
            "region": _unambiguous(
                (name, row["region_code"])
                for row in regions
                for name in (
                    row["region_code"],
                    row["region_name"],
                    *(row.get("aliases") or "").split("|"),
                )
                if name
            ),
            "parent": {
                name: parent
                for parent in {row.get("parent_region") or "" for row in regions}
                for name in (parent, re.sub("((壮族|回族|维吾尔)?自治区|省|市)$", "", parent))
                if name
            },
            "point": _unambiguous(
                (name, row["point_code"])
                for row in points
                for name in (row["point_code"], row["point_name"])
            ),
            "unit": {row["point_code"]: row["unit"] for row in points if row.get("unit")},
        }


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    codes: dict[str, set[str]] = {}
    for name, code in pairs:
        codes.setdefault(name, set()).add(code)
    return {name: found.pop() for name, found in codes.items() if len(found) == 1}


@cache
def framework_codes() -> tuple[str, ...]:
    """Codes of all frameworks that are declared here."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def framework(code: str) -> Framework:
    """The declaration of one framework. Raises GovIndexError if there is none."""
    if code not in framework_codes():
        raise GovIndexError(f"there is no framework {code}; known: {', '.join(framework_codes())}")
    path = FOLDER / f"{code}.yaml"
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise GovIndexError(f"dagster_project/frameworks/{code}.yaml: no YAML ({said})") from error
    try:
        return Framework(code=code, **content)
    except (ValidationError, TypeError) as error:
        raise GovIndexError(
            f"dagster_project/frameworks/{code}.yaml: {what_is_wrong(error)}"
        ) from error
