"""The registers (dbt seeds) as Python reads them: editions, regions, points.

Only reading and the rule of which row counts in which edition; what the rows mean is
said by the models that use them.
"""

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml

from dagster_project.errors import GovIndexError
from dagster_project.settings import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds"
# Below the heading.
FIRST_ROW = 2
RANGE = ("first_edition", "last_edition")
# What names a row, by the register or by what its name ends in.
KEYS = {
    "editions": ("framework", "edition"),
    "divisions": ("region_code",),
    "communes": ("region_code",),
    "countries": ("region_code",),
    "points": ("point_code",),
}
# Cells of the register of editions that may not be blank.
NEEDED = ("expected_regions", "collected_regions", "rounds")


def _whole_number(text: str) -> None:
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(text)


def _number(text: str) -> None:
    if not math.isfinite(float(text)):
        raise ValueError(text)


def _year(text: str) -> None:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValueError(text)


# How cells of a type are read, and what is expected of them.
TYPES: dict[str, tuple[Callable[[str], object], str]] = {
    "integer": (_whole_number, "a whole number"),
    "double": (_number, "a number"),
    "date": (date.fromisoformat, "a date like 2021-11-03"),
}
YEAR = (_year, "a year of four digits, or nothing")


@dataclass(frozen=True)
class Edition:
    """A line of the register of editions: one edition (year) of one framework.

    public: whether its raw files can be had by everyone, so that they have to be there.
    """

    framework: str
    edition: str
    expected_regions: int
    collected_regions: int
    rounds: int
    collection_from: date | None
    collection_to: date | None
    public: bool


@cache
def register(name: str) -> tuple[dict[str, str], ...]:
    """All rows of a register (seed), every value as text.

    Raises GovIndexError if the file cannot be read or is not the table that is declared.
    """
    place = shown(name)
    path = SEEDS / f"{name}.csv"
    if not path.is_file():
        raise GovIndexError(f"{place}: there is no such register")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            heading, *rows = list(csv.reader(file, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise GovIndexError(
            f"{place}: cannot be read ({error}); expected a CSV file in UTF-8"
        ) from error
    declared = _columns(name)
    if declared and heading != list(declared):
        raise GovIndexError(
            f"{place}, line 1: the columns are {', '.join(heading) or 'not named'}; expected "
            f"{', '.join(declared)} (the YAML files in dbt_project/seeds say so)"
        )
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            raise GovIndexError(
                f"{place}, row {number}: has {len(row)} cells; expected {len(heading)}, one for "
                "each column of line 1"
            )
    found = tuple(dict(zip(heading, row, strict=True)) for row in rows)
    _refuse_other_types(place, found, declared)
    _refuse_twice(place, found, KEYS.get(name.rpartition("__")[2], ()))
    return found


def shown(name: str) -> str:
    """A register as messages name it."""
    return f"dbt_project/seeds/{name}.csv"


def numbered_rows(name: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a register with their number in the file."""
    return list(enumerate(register(name), start=FIRST_ROW))


def _refuse_other_types(
    place: str, rows: Sequence[Mapping[str, str]], declared: Mapping[str, str]
) -> None:
    """Raises GovIndexError for the first cell that is not of the type of its column; a blank is
    of any but in the columns that every edition needs."""
    checked = {name: TYPES[kind] for name, kind in declared.items() if kind in TYPES}
    checked |= {name: YEAR for name in RANGE if name in declared}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for name, (read, expected) in checked.items():
            try:
                if row[name] or (place == shown("editions") and name in NEEDED):
                    read(row[name])
            except ValueError:
                raise GovIndexError(
                    f"{place}, row {number}, column {name}: there stands "
                    f"{row[name] or 'nothing'}; expected {expected}"
                ) from None


def _refuse_twice(place: str, rows: Sequence[Mapping[str, str]], key: Sequence[str]) -> None:
    """Raises GovIndexError for the first row whose key another has in the same edition."""
    if not key:
        return
    met: dict[tuple[str, ...], list[tuple[int, Mapping[str, str]]]] = {}
    for number, row in enumerate(rows, start=FIRST_ROW):
        if not all(name in row for name in key):
            return
        named = tuple(row[name] for name in key)
        if not all(named):
            column = next(name for name in key if not row[name])
            raise GovIndexError(f"{place}, row {number}, column {column}: is blank")
        for other, before in met.get(named, []):
            if _overlap(row, before):
                raise GovIndexError(
                    f"{place}, row {number}, column {key[-1]}: {' '.join(named)} stands in row "
                    f"{other} already; take one of them away, or let their editions not overlap"
                )
        met.setdefault(named, []).append((number, row))


def _overlap(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    def first(row: Mapping[str, str]) -> str:
        return row.get("first_edition", "")

    def last(row: Mapping[str, str]) -> str:
        return row.get("last_edition", "") or "9999"

    return first(one) <= last(other) and first(other) <= last(one)


@cache
def _columns(name: str) -> dict[str, str]:
    """The columns of a register in their order and their types, as the YAML files beside it
    declare them; none if they do not."""
    return _declared().get(name, {})


@cache
def _declared() -> dict[str, dict[str, str]]:
    return {
        seed["name"]: seed["config"]["column_types"]
        for path in sorted(SEEDS.glob("_*.yml"))
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    }


def in_effect(entry: Mapping[str, object], edition: str, framework: str | None = None) -> bool:
    """Whether a row of a register, a weight or a column counts in an edition.

    A field that is absent or blank does not restrict: framework, edition, first_edition,
    last_edition (both inclusive).
    """

    def text(field: str) -> str:
        value = entry.get(field)
        return "" if value is None else str(value)

    return (
        (not framework or text("framework") in ("", framework))
        and text("edition") in ("", edition)
        and text("first_edition") <= edition
        and (not text("last_edition") or edition <= text("last_edition"))
    )


def rows_in_effect(name: str, framework: str, edition: str) -> list[dict[str, str]]:
    """The rows of a register that concern one edition of one framework."""
    return [row for row in register(name) if in_effect(row, edition, framework)]


@cache
def editions(framework: str) -> tuple[Edition, ...]:
    """The editions of a framework, in order, from the register of editions."""

    def parse(row: dict[str, str]) -> Edition:
        def day(field: str) -> date | None:
            return date.fromisoformat(row[field]) if row[field] else None

        return Edition(
            framework=row["framework"],
            edition=row["edition"],
            expected_regions=int(row["expected_regions"]),
            collected_regions=int(row["collected_regions"]),
            rounds=int(row["rounds"]),
            collection_from=day("collection_from"),
            collection_to=day("collection_to"),
            public=row["raw_files"] == "public",
        )

    found = [parse(row) for row in register("editions") if row["framework"] == framework]
    return tuple(sorted(found, key=lambda edition: edition.edition))


def edition_of(framework: str, edition: str) -> Edition:
    """One line of the register of editions.

    Raises GovIndexError if the framework has no such edition.
    """
    for line in editions(framework):
        if line.edition == edition:
            return line
    known = ", ".join(line.edition for line in editions(framework)) or "none"
    raise GovIndexError(
        f"{framework} has no edition {edition}; known: {known} "
        "(the register is dbt_project/seeds/editions.csv)"
    )


def previous_edition(framework: str, edition: str) -> str | None:
    """The edition before in the register of editions; None of the first."""
    before = [line.edition for line in editions(framework) if line.edition < edition]
    return before[-1] if before else None


@dataclass(frozen=True)
class Break:
    """Where a framework took the place of another: the last edition of the one before."""

    predecessor: str
    predecessor_edition: str


def break_before(framework: str, edition: str) -> Break | None:
    """The break that an edition follows, if it is the first of a framework that took another's
    place; else None."""
    for row in register("framework_breaks"):
        if (row["framework"], row["first_edition"]) == (framework, edition):
            return Break(row["predecessor"], row["predecessor_edition"])
    return None


def predecessors(framework: str) -> list[str]:
    """The frameworks whose place it took, the last one first."""
    rows = register("framework_breaks")
    before = [row["predecessor"] for row in rows if row["framework"] == framework]
    return [one for code in before for one in (code, *predecessors(code))]


def predecessors_first(frameworks: Iterable[str]) -> list[str]:
    """Frameworks in their order, but none before the one whose place it took."""
    return sorted(frameworks, key=lambda code: len(predecessors(code)))


def registered(framework: str, edition: str) -> dict[str, str]:
    """The line of one edition in the register of editions, as text."""
    [line] = rows_in_effect("editions", framework, edition)
    return line


def select_editions(framework: str, wanted: Iterable[str]) -> list[str]:
    """Editions named by `2019`, `2016,2019` or a range `2016:2021`, in the register's order.

    Raises GovIndexError for a name or a range that meets no edition.
    """
    chosen: set[str] = set()
    for part in (part.strip() for item in wanted for part in item.split(",")):
        if ":" in part:
            first, last = part.split(":", 1)
            hit = [e.edition for e in editions(framework) if first <= e.edition <= (last or "9999")]
            if not hit:
                edition_of(framework, part)
            chosen.update(hit)
        else:
            chosen.add(edition_of(framework, part).edition)
    return sorted(chosen)
