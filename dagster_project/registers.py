"""The registers (dbt seeds) as Python reads them: editions, regions, points.

Only reading and the rule of which row counts in which edition; what the rows mean is
said by the models that use them.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml

from dagster_project.errors import GovIndexError
from dagster_project.settings import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds"


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

    Raises GovIndexError if the file cannot be read or is not the table that _seeds.yml says.
    """
    shown = f"dbt_project/seeds/{name}.csv"
    path = SEEDS / f"{name}.csv"
    if not path.is_file():
        raise GovIndexError(f"{shown}: there is no such register")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            heading, *rows = list(csv.reader(file, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise GovIndexError(
            f"{shown}: cannot be read ({error}); expected a CSV file in UTF-8"
        ) from error
    declared = _columns(name)
    if declared and heading != declared:
        raise GovIndexError(
            f"{shown}, line 1: the columns are {', '.join(heading) or 'not named'}; expected "
            f"{', '.join(declared)} (dbt_project/seeds/_seeds.yml)"
        )
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            raise GovIndexError(
                f"{shown}, row {number}: has {len(row)} cells; expected {len(heading)}, one for "
                "each column of line 1"
            )
    return tuple(dict(zip(heading, row, strict=True)) for row in rows)


@cache
def _columns(name: str) -> list[str]:
    """The columns of a register in their order, as _seeds.yml declares them; none if it does
    not."""
    content = yaml.safe_load((SEEDS / "_seeds.yml").read_text(encoding="utf-8"))
    declared = {seed["name"]: list(seed["config"]["column_types"]) for seed in content["seeds"]}
    return declared.get(name, [])


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

        try:
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
        except (KeyError, TypeError, ValueError) as error:
            raise GovIndexError(
                f"dbt_project/seeds/editions.csv: the line of {row.get('framework')} "
                f"{row.get('edition')} cannot be read ({error}); expected whole numbers of "
                "regions and dates like 2021-11-03"
            ) from error

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
