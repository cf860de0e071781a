"""What was recorded of the chosen values: four rounds of samples, the assessors' readings, and
what a second person verified.

Rounds and readings differ as real ones do, and are merged back to the chosen value by the
rules that raw/README.md and the method state: the majority of presences, the median of
counts, the mean of shares, the latest date and duration; of two assessors the one with
evidence, else the less favourable reading; before both what was verified. What cannot be
merged back is not written, nor what nobody could have seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from dagster_project.demonstration.formulas import (
    NOT_FOUND,
    Expression,
    Numbers,
    checklists,
    points_of,
)
from dagster_project.demonstration.realisation import Realised

Texts = list[str]
Row = Mapping[str, str]
ROUNDS = 4
OBSERVED, MISSED, LOST = "observed", "not_found", "not_collected"
# The crawl goes six levels deep (fact 27), the home page being the first.
DEEPEST = 6

# How many region x point cells nobody could collect, how many technical readings a
# verification sets right, and how many manual ones.
CELLS_LOST = 40
TECHNICAL_SET_RIGHT = 60
MANUAL_SET_RIGHT = 15
VERIFIED_TECHNICAL = 420
VERIFIED_MANUAL = 180

YES_AND_NO = (("是", "否"), ("有", "无"), ("√", "×"), ("具备", "不具备"))
REMARKS = {
    "yes": ("（见首页）", "，需登录"),
    "no": ("（栏目为空）", "，已电话核实"),
    "": ("（实测）",),
}
# About so many regions are one person's, who writes yes and no in one way.
REGIONS_A_PERSON = 14
UNITS = {"级": "级", "天": "天", "题": "题"}
ADDRESS = "http://www.{region}.example.gov.cn/{point}"


@dataclass(frozen=True)
class Samples:
    """The technical samples of one round, a list a column, region by region."""

    region: list[int]
    point: Texts
    value: Texts
    status: Texts
    depth: Texts
    time: Texts


@dataclass(frozen=True)
class Reading:
    """What one person wrote about a manual or verified point of a region."""

    region: int
    point: str
    answer: str
    evidence: str
    note: str


@dataclass(frozen=True)
class Records:
    """All that was recorded of an edition.

    samples: one entry a round. first: the first assessors' readings, second: those of the
    regions that were read twice. lost: cells that nobody collected, {point: regions}.
    """

    samples: list[Samples]
    first: list[Reading]
    second: list[Reading]
    verified: list[Reading]
    lost: dict[str, list[int]]


class Recorder:
    """Makes records of chosen values.

    codes: of the regions. points: the register of the edition. twice: the regions that two
    assessors read; their first readings carry evidence.
    """

    def __init__(
        self,
        realised: Realised,
        definitions: Mapping[str, Expression],
        codes: list[str],
        points: Mapping[str, Row],
        window: tuple[date, date],
        twice: list[int],
        seed: list[int],
    ):
        self.values = dict(realised.values)
        self.agreement = realised.agreement
        self.codes, self.points, self.window, self.twice = codes, points, window, set(twice)
        self.count = len(codes)
        self.draw = np.random.Generator(np.random.PCG64([*seed, 2]))
        self.technical = [p for p, row in points.items() if row["method"] == "technical"]
        self.manual = [p for p, row in points.items() if row["method"] == "manual"]
        self.paired = _points_in(definitions, "accuracy_share", "channel_consistency")
        self.together = _points_in(definitions, "aggregation", "channel_consistency")
        self.levels = _points_in(definitions, "page_depth")
        self.lost = self._lose(definitions)

    def run(self) -> Records:
        """All records of the edition."""
        crawled, read, verified = self._verify()
        samples = self._rounds(crawled)
        first, second = self._readings(read)
        return Records(samples, first, second, verified, self.lost)

    # What nobody collected, and what was verified

    def _lose(self, definitions: Mapping[str, Expression]) -> dict[str, list[int]]:
        """Takes away cells of checklists that are all found or all missing, whose share stays.

        The other points of such a list carry its weight; nothing else in it changes.
        """
        found: list[tuple[str, int]] = []
        for expression in definitions.values():
            for points in checklists(expression):
                listed = np.stack([self.values[point] for point in points])
                same = np.flatnonzero(listed.min(axis=0) == listed.max(axis=0))
                free = [point for point in points if point not in self.agreement]
                found += [(point, int(region)) for region in same for point in free[1:]]
        chosen = np.argsort(self.draw.random(len(found)), kind="stable")[:CELLS_LOST]
        lost: dict[str, list[int]] = {}
        for number in sorted(chosen.tolist()):
            point, region = found[number]
            lost.setdefault(point, []).append(region)
            self.values[point] = self.values[point].copy()
            self.values[point][region] = np.nan
        return lost

    def _verify(self) -> tuple[dict[str, Numbers], dict[str, Numbers], list[Reading]]:
        """Values as crawled and as read by assessors, and the readings that set them right."""
        changed = {point: values.copy() for point, values in self.values.items()}
        verified: dict[tuple[int, str], Reading] = {}
        for points, wrong, count in (
            (self.technical, TECHNICAL_SET_RIGHT, VERIFIED_TECHNICAL),
            (self.manual, MANUAL_SET_RIGHT, VERIFIED_MANUAL),
        ):
            usable = [p for p in points if p not in self.agreement and p not in self.paired]
            places = self.draw.random((count, 2))
            for number, (a, b) in enumerate(places.tolist()):
                point, region = usable[int(a * len(usable))], int(b * self.count)
                value = float(self.values[point][region])
                kind = self.points[point]["point_type"]
                if np.isnan(value) or (region, point) in verified or region in self.twice:
                    continue
                note = ""
                if number < wrong and kind == "presence":
                    changed[point][region] = 1 - value
                    note = "与系统读数不符，已截图"
                verified[region, point] = Reading(
                    region, point, self._answer(point, value, number, number), "", note
                )
        order = sorted(verified, key=lambda key: (key[0], list(self.points).index(key[1])))
        technical = {point: changed[point] for point in self.technical}
        manual = {point: changed[point] for point in self.manual}
        return technical, manual, [verified[key] for key in order]

    # Technical points

    def _rounds(self, crawled: dict[str, Numbers]) -> list[Samples]:
        start, end = self.window
        days = (end - start).days + 1
        chance = self.draw.random(self.count)
        # Each round takes a quarter of the window, each region its own day of it.
        visits = [
            [
                start + timedelta(days=min(int((number + one) * days / ROUNDS), days - 1))
                for one in chance.tolist()
            ]
            for number in range(ROUNDS)
        ]
        value: list[list[Texts]] = []
        status: list[list[Texts]] = []
        time: list[list[Texts]] = []
        clock = [f"T{8 + n % 12:02d}:{n * 7 % 60:02d}:00" for n in range(len(self.technical))]
        for number, point in enumerate(self.technical):
            texts, states = self._of_point(point, crawled[point], visits)
            value.append(texts)
            status.append(states)
            days_of = [[day.isoformat() for day in one] for one in visits]
            if self.points[point]["point_type"] == "date":
                # Nobody reads a date before it has come.
                days_of[-1] = [max(a, b) for a, b in zip(days_of[-1], texts[-1], strict=True)]
            time.append([[f"{day}{clock[number]}" for day in one] for one in days_of])
        depth = self.draw.integers(0, 7, size=(ROUNDS, self.count, len(self.technical)))
        regions = np.repeat(np.arange(self.count), len(self.technical)).tolist()
        return [
            Samples(
                region=regions,
                point=self.technical * self.count,
                value=_by_region([one[number] for one in value]),
                status=_by_region([one[number] for one in status]),
                depth=list(map(str, depth[number].ravel().tolist())),
                time=_by_region([one[number] for one in time]),
            )
            for number in range(ROUNDS)
        ]

    def _of_point(
        self, point: str, values: Numbers, visits: list[list[date]]
    ) -> tuple[list[Texts], list[Texts]]:
        """Texts and statuses of a point, a list of regions for each round."""
        kind = self.points[point]["point_type"]
        one, other, where = self.draw.random((3, self.count))
        turn = np.floor(where * ROUNDS).astype(int)
        if kind == "date":
            texts = self._dates(values, visits, one)
        elif kind == "presence":
            texts = self._presences(point, values, one, turn)
        elif kind in ("aggregation", "accuracy"):
            texts = self._shares(values, one, other, turn)
        else:
            fine = 10 if kind == "duration" else 1
            texts = self._counts(point, values, one, other, turn, fine)
        # One round is lost where all rounds agree, so that nothing depends on it.
        for number in range(ROUNDS - 1 if kind == "date" else ROUNDS):
            lost = (other > 0.93) & (turn == number)
            same = [len({texts[n][r] for n in range(ROUNDS)}) == 1 for r in range(self.count)]
            for region in np.flatnonzero(lost & np.array(same)).tolist():
                if point not in self.agreement:
                    texts[number][region] = "lost"
        for region in self.lost.get(point, []):
            for number in range(ROUNDS):
                texts[number][region] = "lost"
        statuses = [
            [LOST if t == "lost" else MISSED if t == "" else OBSERVED for t in row] for row in texts
        ]
        return [["" if t == "lost" else t for t in row] for row in texts], statuses

    def _presences(
        self, point: str, values: Numbers, chance: Numbers, turn: NDArray[np.int64]
    ) -> list[Texts]:
        has = np.nan_to_num(values) > 0
        found = np.tile(has, (ROUNDS, 1))
        if point in self.agreement:
            # 0.75: one round differs; 0.5: the first two do, and the latest decides.
            agreement = self.agreement[point]
            for number in range(ROUNDS):
                one = (agreement == 0.75) & (turn == number)
                found[number] ^= has & (one | ((agreement == 0.5) & (number < 2)))
        else:
            differs = chance < np.where(has, 0.06, 0.02)
            for number in range(ROUNDS):
                found[number] ^= differs & (turn == number)
        # What is not there is mostly said to be not found, now and then observed as 0.
        zero = np.where((chance > 0.92) & ~has & (point not in self.agreement), "0", "")
        return [np.where(row, "1", zero).tolist() for row in found]

    def _counts(
        self,
        point: str,
        values: Numbers,
        chance: Numbers,
        other: Numbers,
        turn: NDArray[np.int64],
        fine: int,
    ) -> list[Texts]:
        """Four counts whose middle two are the value: mostly all alike.

        Services counted per channel, on all and on any of them are alike in all rounds: of one
        round too a part is no more than its whole. No page is deeper than the crawl goes.

        fine: into how many parts a unit is read; durations have tenths of days.
        """
        whole = np.rint(np.where(values == NOT_FOUND, 0, np.nan_to_num(values)) * fine)
        away = 1 + np.floor(whole * 0.06 * other)
        shift = np.zeros((ROUNDS, self.count))
        around = (chance < 0.25) & (whole > away)
        far = (chance > 0.94) & (whole > 0)
        for number in range(ROUNDS):
            first, second = turn == number, (turn + 1) % ROUNDS == number
            shift[number] += np.where(around & first, -away, 0) + np.where(around & second, away, 0)
            shift[number] += np.where(far & first, 2 * whole, 0)
        if fine > 1:
            # Durations count as the latest round has them.
            shift[-1] = 0
        if point in self.together:
            shift[:] = 0
        found = np.maximum(whole + shift, 0)
        if point in self.levels:
            found = np.minimum(found, np.maximum(whole, DEEPEST))
        if fine == 1:
            return [["" if n == 0 else str(int(n)) for n in row] for row in found.tolist()]
        return [["" if n == 0 else f"{n / fine:.1f}" for n in row] for row in found.tolist()]

    def _shares(
        self, values: Numbers, chance: Numbers, other: Numbers, turn: NDArray[np.int64]
    ) -> list[Texts]:
        """Four shares whose mean is the value: one is as much above as another below."""
        thousandths = np.rint(np.nan_to_num(values) * 1000)
        room = np.minimum(thousandths, 1000 - thousandths)
        away = np.where(chance < 0.5, np.floor(np.minimum(room - 1, 40) * other), 0)
        away = np.where(room > 1, away, 0)
        rows = []
        for number in range(ROUNDS):
            shift = np.where(turn == number, away, 0)
            shift = shift - np.where((turn + 1) % ROUNDS == number, away, 0)
            rows.append(
                ["" if n == 0 else f"{n / 1000:.3f}" for n in (thousandths + shift).tolist()]
            )
        return rows

    def _dates(self, ages: Numbers, visits: list[list[date]], chance: Numbers) -> list[Texts]:
        """The latest round has the date; those before it an older one where it is younger."""
        end = self.window[1]
        rows: list[Texts] = []
        for number in range(ROUNDS):
            row = []
            for region, age in enumerate(ages.tolist()):
                if age == NOT_FOUND or np.isnan(age):
                    row.append("")
                    continue
                day = end - timedelta(days=int(age))
                older = number < ROUNDS - 1 and (
                    day > visits[number][region] or (chance[region] < 0.1 and number == 0)
                )
                if older:
                    day = min(day, visits[number][region]) - timedelta(
                        days=5 + int(60 * chance[region])
                    )
                row.append(day.isoformat())
            rows.append(row)
        return rows

    # Manual points

    def _readings(self, read: dict[str, Numbers]) -> tuple[list[Reading], list[Reading]]:
        first, second = [], []
        chance = self.draw.random((2, self.count, len(self.manual)))
        for region in range(self.count):
            for number, point in enumerate(self.manual):
                one, other = chance[:, region, number].tolist()
                value = float(read[point][region])
                style = int(one * 1000)
                page = ADDRESS.format(region=self.codes[region], point=point)
                evidence = page if region in self.twice or one < 0.5 else ""
                note = "复核" if 0.40 < one < 0.41 else ""
                answer = self._answer(point, value, region, style)
                first.append(Reading(region, point, answer, evidence, note))
                if region in self.twice:
                    second.append(self._second(region, point, value, style + 1, other, page))
        return first, second

    def _second(
        self, region: int, point: str, value: float, style: int, chance: float, page: str
    ) -> Reading:
        """A second person's reading: now and then another, that has to give way to the first."""
        row = self.points[point]
        differs = chance < 0.08 and point not in self.paired and not np.isnan(value)
        if differs and row["point_type"] in ("presence", "graded"):
            top = float(row["highest"])
            if chance < 0.04 and value < top:
                # As well proved, but more favourable.
                return Reading(
                    region, point, self._answer(point, value + 1, region, style), page, ""
                )
            other = value - 1 if value > 0 else value + 1
            return Reading(region, point, self._answer(point, other, region, style), "", "未能截图")
        return Reading(region, point, self._answer(point, value, region, style), page, "")

    def _answer(self, point: str, value: float, region: int, style: int) -> str:
        """A value as people write it."""
        row = self.points[point]
        kind = row["point_type"]
        said = ("yes" if value else "no") if kind == "presence" else ""
        remark = REMARKS[said][style % len(REMARKS[said])] if style % 19 == 0 else ""
        if np.isnan(value):
            return "未采集" if style % 2 else ""
        if value == NOT_FOUND:
            return "未找到"
        if kind == "date":
            day = self.window[1] - timedelta(days=int(value))
            forms = (day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
            return forms[style % 2]
        if kind == "presence":
            if value == 0 and style % 13 == 0:
                return "未找到"
            yes, no = YES_AND_NO[region // REGIONS_A_PERSON % len(YES_AND_NO)]
            return (yes if value else no) + remark
        if row["highest"] == "1":
            return f"{value * 100:.1f}%"
        text = f"{value:.1f}".removesuffix(".0")
        return text + (UNITS.get(row["unit"], "") if style % 3 == 0 else "") + remark


def _by_region(rows: list[Texts]) -> Texts:
    """Texts of points, each over regions, as one list region by region."""
    return [text for region in zip(*rows, strict=True) for text in region]


def _points_in(definitions: Mapping[str, Expression], *formulas: str) -> set[str]:
    """The points of these formulas, wherever they stand: correct and asked, common and either."""
    found: set[str] = set()

    def look(expression: Expression) -> None:
        if expression and expression[0] in formulas:
            found.update(points_of(expression))
        for inner in expression:
            if isinstance(inner, list):
                look(inner)

    for expression in definitions.values():
        look(expression)
    return found
