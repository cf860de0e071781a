"""What a demonstration has to come out at: the published figures of <framework>_targets.yaml.

Only reading; how scores are brought to them is said in targets.py.
"""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from dagster_project.errors import GovIndexError

FOLDER = Path(__file__).parent


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class Band(_Entry):
    """A band of totals: how many regions, its ends and its mean."""

    band: str
    regions: int
    highest: float
    lowest: float
    mean: float | None = None
    fact: list[int] = []
    chosen: str = ""


class Order(_Entry):
    """Who stands before whom: a register of grades, or another edition's scores and a spread.

    framework: whose edition it is, if not of the same; level-1 indicators that it does not have
    begin at its total.
    """

    grades: str | None = None
    framework: str | None = None
    edition: str | None = None
    spread: float = 0


class Fact(_Entry):
    """One published figure about an indicator's scores over all regions.

    group: a group, a pair of provinces, or names of regions. value: a number, a number per
    province, or a count. threshold: of the statistic `above`; of `weakest` the score
    of so many weak regions, and room the share of the other children's full marks that can make
    up for it. together: of `zero` the other indicator that has nothing in the same regions.
    edition: the one compared with.
    chosen: why, where no document says so.
    """

    fact: int | list[int] | None = None
    chosen: str = ""
    indicator: str
    statistic: Literal[
        "above",
        "above_60",
        "above_mean",
        "gain_over_1",
        "largest_within_std",
        "mean_of_group",
        "province_mean",
        "province_ratio",
        "province_std",
        "share_of_east",
        "smallest_within_std",
        "std",
        "std_of_provinces",
        "top",
        "weakest",
        "zero",
    ]
    group: str | list[str] = ""
    value: float | dict[str, float] = 0.0
    threshold: float = 0.0
    room: float = 0.85
    together: str = ""
    edition: str = ""


class PointFact(_Entry):
    """How many regions have a point, or have it at least at a value or as high as another.

    region_class: counted among the regions of this class alone.
    """

    fact: int | list[int] | None = None
    chosen: str = ""
    point: str
    regions: int
    at_least: float | str = 1
    region_class: str = ""


class Targets(_Entry):
    """All that one edition has to come out at."""

    order: Order
    bands: list[Band]
    grades: dict[str, float] = {}
    maxima: dict[str, float] = {}
    fixed: dict[str, dict[str, float]] = {}
    ranks: dict[str, int] = {}
    means: dict[str, float]
    kept: list[str] = []
    facts: list[Fact] = []
    points: list[PointFact] = []


class Demonstration(_Entry):
    """The targets of all editions of a framework.

    needs: of a point, those that cannot be there without it, in one text.
    """

    framework: str
    seed: int
    tree: str
    needs: dict[str, str] = {}
    editions: dict[str, Targets]


@cache
def demonstrated() -> tuple[str, ...]:
    """Codes of the frameworks that have a demonstration."""
    names = (path.name for path in FOLDER.glob("*_targets.yaml"))
    return tuple(sorted(name.removesuffix("_targets.yaml") for name in names))


@cache
def demonstration(framework: str) -> Demonstration:
    """The targets of a framework. Raises GovIndexError if it has no demonstration."""
    path = FOLDER / f"{framework}_targets.yaml"
    if not path.is_file():
        raise GovIndexError(f"{framework} has no demonstration; known: {', '.join(demonstrated())}")
    return Demonstration(**yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def definitions(framework: str, edition: str) -> dict[str, Any]:
    """The expression of every level-3 indicator in an edition: [formula, argument...]."""
    content = yaml.safe_load((FOLDER / f"{framework}.yaml").read_text(encoding="utf-8"))
    return {code: one.get(f"rate_{edition}", one["rate"]) for code, one in content.items()}
