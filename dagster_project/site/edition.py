"""What the files of one revision say, in the shape that pages need. Reads no other files."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.errors import GovIndexError
from dagster_project.publication.headings import COLUMNS

MANIFEST = "manifest.json"
TOTAL = "total"
NATION = "nation"
TRUTH = {"true": True, "false": False}
# A scale on which two decimals would hide what differs.
SMALL_SCALE = 5


@dataclass(frozen=True)
class Indicator:
    """A line of the indicator tree. definition: a pair, empty if there is none; children: codes,
    in the order of the tree."""

    code: str
    name: str
    name_en: str
    level: int
    parent: str | None
    weight: float | None
    weight_share: float
    max_score: float
    definition: tuple[str, str] | None
    row: Mapping[str, Any]
    children: tuple[str, ...]


class Edition:
    """The tables of a revision, loaded when they are asked for.

    folder: data/revisions/<framework>/<edition>/<n>, or the link to it.

    Raises GovIndexError for a folder that holds no revision.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / MANIFEST
        if not path.is_file():
            raise GovIndexError(f"{folder}: there is no published revision")
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        # The site is made of the other files, and listed beside them when it is there.
        self.manifest["files"] = {
            name: checksum
            for name, checksum in self.manifest["files"].items()
            if not name.startswith("site/")
        }
        self.code: str = self.manifest["framework"]
        self.edition: str = self.manifest["edition"]
        self.revision: int = self.manifest["revision"]
        self.synthetic: bool = self.manifest["synthetic"]
        self._tables: dict[str, pd.DataFrame | None] = {}

    def table(self, name: str) -> pd.DataFrame | None:
        """A published table, None if the revision has none; codes are text, numbers float64."""
        if name not in self._tables:
            self._tables[name] = _read(self.folder, name)
        return self._tables[name]

    def rows(self, name: str, **wanted: Any) -> pd.DataFrame:
        """The rows of a table whose columns have these values; empty if there is no table."""
        found = self.table(name)
        if found is None:
            return pd.DataFrame(columns=["edition", *wanted])
        for column, value in wanted.items():
            found = found[found[column] == value]
        return found

    def checksum(self, file: str) -> str:
        """SHA-256 of a file of the revision, as the manifest has it; empty if it has none."""
        return str(self.manifest["files"].get(file, ""))

    def sql(self, code: str) -> str | None:
        """The SQL of an indicator as it ran."""
        path = self.folder / "sql" / f"{code}.sql"
        return path.read_text(encoding="utf-8") if path.is_file() else None

    @cached_property
    def name(self) -> str:
        """What the framework is called in Chinese."""
        return str(self.manifest.get("names", {}).get("zh") or self.tree[TOTAL].name)

    @cached_property
    def name_en(self) -> str:
        """What the framework is called in English."""
        return str(self.manifest.get("names", {}).get("en") or self.tree[TOTAL].name_en)

    @cached_property
    def tree(self) -> dict[str, Indicator]:
        """The indicators by code, in the order of the tree."""
        rows = records(self.rows("indicator_tree"))
        children: dict[str, list[str]] = {}
        for row in rows:
            children.setdefault(text(row["parent_code"]), []).append(row["indicator_code"])
        return {
            row["indicator_code"]: Indicator(
                code=row["indicator_code"],
                name=row["indicator_name"],
                name_en=text(row.get("indicator_name_en")) or row["indicator_name"],
                level=int(row["level"]),
                parent=text(row["parent_code"]) or None,
                weight=number(row["weight"]),
                weight_share=row["weight_share"],
                max_score=row["max_score"],
                definition=halves(text(row.get("definition"))) if row.get("definition") else None,
                row=row,
                children=tuple(children.get(row["indicator_code"], ())),
            )
            for row in rows
        }

    @cached_property
    def unfolded(self) -> list[Indicator]:
        """The indicators with each one's parts right below it."""
        found: list[Indicator] = []

        def lay(code: str) -> None:
            found.append(self.tree[code])
            for child in self.tree[code].children:
                lay(child)

        lay(TOTAL)
        return found

    def level(self, level: int) -> list[Indicator]:
        """The indicators of a level, in the order of the tree."""
        return [one for one in self.tree.values() if one.level == level]

    @cached_property
    def levels(self) -> int:
        """How many levels stand below the total."""
        return max(one.level for one in self.tree.values())

    @cached_property
    def decimals(self) -> int:
        """Decimals of a score on the framework's own scale."""
        return 4 if self.tree[TOTAL].max_score < SMALL_SCALE else 2

    @cached_property
    def groups(self) -> list["Group"]:
        """What is ranked together, in the order of the tables."""
        names = list(self.rows("rankings")["object_group"].unique())
        return [Group(self, name, place) for place, name in enumerate(names)]

    @cached_property
    def editions(self) -> list[str]:
        """The editions that the revision tells of: those before, and its own."""
        before = self.table("history_statistics")
        found = [] if before is None else sorted(before["edition"].unique())
        return [*found, self.edition]


class Group:
    """What of an edition is ranked together. name: the object group; place: from 0."""

    def __init__(self, edition: Edition, name: str, place: int) -> None:
        self.edition = edition
        self.name = name
        self.place = place

    @property
    def suffix(self) -> str:
        """What tells the file names of groups apart; nothing for the first."""
        return f"-{self.place + 1}" if self.place else ""

    @cached_property
    def rankings(self) -> pd.DataFrame:
        """The published ranking of the group, by region code, in the order of the ranks."""
        rows = self.edition.rows("rankings", object_group=self.name)
        return rows.set_index("region_code", drop=False)

    def has(self, column: str) -> bool:
        """Whether any region has a value in a column of the ranking."""
        return column in self.rankings and bool(self.rankings[column].notna().any())

    @cached_property
    def scores(self) -> dict[str, pd.DataFrame]:
        """score, score_rate, rank, status, collected_share: a row a region, a column an
        indicator, in the order of the ranks and of the tree."""
        rows = self.edition.rows("indicator_scores", object_group=self.name)
        return {
            name: rows.pivot(index="region_code", columns="indicator_code", values=name).reindex(
                index=self.rankings.index, columns=list(self.edition.tree)
            )
            for name in ("score", "score_rate", "rank", "status", "collected_share")
        }

    @cached_property
    def _score_of(self) -> dict[str, dict[str, float]]:
        wide = self.scores["score"]
        return {
            str(code): dict(zip(wide.index, column, strict=True)) for code, column in wide.items()
        }

    def score_of(self, indicator: str, region: str) -> float:
        """A published score, NaN where there is none."""
        return self._score_of[indicator].get(region, math.nan)

    @cached_property
    def statistics(self) -> dict[tuple[str, str, str, str], float]:
        """Values by (indicator, kind of group, name of group, statistic)."""
        return _by_key(self.edition.rows("statistics", object_group=self.name))

    def statistic(
        self, statistic: str, indicator: str = TOTAL, kind: str = NATION, name: str = ""
    ) -> float | None:
        """A published statistic, None if there is none."""
        return self.statistics.get((indicator, kind, name, statistic))

    @cached_property
    def details(self) -> dict[tuple[str, str, str, str], str]:
        """Names that belong to statistics, by the same key."""
        rows = self.edition.rows("statistics", object_group=self.name)
        rows = rows[rows["detail"].notna()]
        return {key: text(value) for key, value in zip(_keys(rows), rows["detail"], strict=True)}

    def names_of(self, kind: str) -> list[str]:
        """Names of the groups of a kind, in the order of the statistics."""
        rows = self.edition.rows("statistics", object_group=self.name, group_kind=kind)
        return list(rows["group_name"].unique())

    @cached_property
    def past_statistics(self) -> dict[str, dict[tuple[str, str, str, str], float]]:
        """Statistics of the editions before, by edition; keys as in `statistics`."""
        rows = self.edition.rows("history_statistics", object_group=self.name)
        return {one: _by_key(part) for one, part in _by_edition(rows)}

    @cached_property
    def past(self) -> dict[str, pd.DataFrame]:
        """Published scores of the editions before by (region, indicator), by edition: score,
        score_rate, max_score, rank."""
        rows = self.edition.rows("history", object_group=self.name)
        return {
            one: part.set_index(["region_code", "indicator_code"])
            for one, part in _by_edition(rows)
        }

    @cached_property
    def changes(self) -> pd.DataFrame:
        """Change on the edition before by region: rank_change, score_change; may be empty."""
        rows = self.edition.rows("statistics", object_group=self.name, group_kind="region")
        if not len(rows):
            return pd.DataFrame(columns=["rank_change", "score_change"])
        return rows.pivot(index="group_name", columns="statistic", values="value")

    @cached_property
    def cuts(self) -> pd.DataFrame:
        """Where grades and bands begin, the best first."""
        rows = self.edition.rows("grade_cuts", object_group=self.name)
        return rows.sort_values("lower", ascending=False, kind="stable") if len(rows) else rows

    @property
    def before(self) -> str | None:
        """The edition before, if the revision tells of one."""
        earlier = [one for one in self.edition.editions if one != self.edition.edition]
        return earlier[-1] if earlier else None


def _by_edition(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each edition, in order; none of an empty table."""
    if not len(rows):
        return []
    return [(str(one), part) for one, part in rows.groupby("edition", sort=True)]


def _keys(rows: pd.DataFrame) -> "zip[tuple[str, str, str, str]]":
    columns = ("indicator_code", "group_kind", "group_name", "statistic")
    filled = (rows[name].fillna("").to_numpy(dtype="object").tolist() for name in columns)
    return zip(*filled, strict=True)


def _by_key(rows: pd.DataFrame) -> dict[tuple[str, str, str, str], float]:
    return {
        key: float(value)
        for key, value in zip(_keys(rows), rows["value"], strict=True)
        if not math.isnan(value)
    }


def _read(folder: Path, name: str) -> pd.DataFrame | None:
    """A table from its Parquet, else from its CSV with the types that its columns have."""
    path = folder / f"{name}.parquet"
    if path.is_file():
        return pd.read_parquet(path)
    path = path.with_suffix(".csv")
    if not path.is_file():
        return None
    rows = pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    for column in rows.columns:
        known = COLUMNS.get(f"{name}.{column}") or COLUMNS.get(column)
        filled = rows[column] != ""
        numbers = _numbers(rows[column].where(filled)) if known and known[1] else None
        if numbers is not None:
            rows[column] = numbers
        elif filled.any() and set(rows.loc[filled, column]) <= set(TRUTH):
            rows[column] = rows[column].map(TRUTH)
        else:
            rows[column] = rows[column].where(filled, None)
    return rows


def _numbers(cells: pd.Series) -> pd.Series | None:
    """Cells as numbers; None if some are texts, as a column of numbers may hold in another
    framework."""
    try:
        return pd.to_numeric(cells)
    except ValueError:
        return None


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dicts."""
    names = [str(name) for name in rows.columns]
    columns = [rows[name].to_numpy(dtype="object").tolist() for name in rows.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


CHINESE = re.compile("[\u3400-\u9fff]")
LATIN = re.compile("[A-Za-z]{2}")


def halves(said: str) -> tuple[str, str]:
    """A published text as Chinese and English, if it is written as both with a slash between.
    Either half may quote words of the other language; the English begins in its own."""
    zh, slash, en = said.partition(" / ")
    if slash and CHINESE.search(zh) and not CHINESE.match(en) and LATIN.search(en):
        return (zh, en)
    return (said, said)


def text(value: Any) -> str:
    """A cell as text; nothing is empty text."""
    return "" if value is None or (not isinstance(value, str) and pd.isna(value)) else str(value)


def number(value: Any) -> float | None:
    """A cell as a number, None if it is empty."""
    return None if value is None or pd.isna(value) else float(value)
