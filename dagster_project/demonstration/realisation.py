"""Point values that give the target scores: for every region and point one that an observer
could have recorded.

Parts of an indicator are settled from the coarsest (a checklist) to the finest (a count, a
share); each leaves the next ones room to come to the target. Formulas that compare regions
are settled first. The mean of each indicator is brought to its target by moving all regions
a little; what then still differs in a region is evened out in the fine parts, first within
level 2, then within level 1, then in the total. The last word has the evaluation of the
formulas on the final values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dagster_project.demonstration.facts import PointFact, Targets
from dagster_project.demonstration.formulas import (
    NOT_FOUND,
    RELATIVE,
    Evaluation,
    Expression,
    Numbers,
    Places,
    Table,
    inverse,
    points_of,
)
from dagster_project.demonstration.targets import Scores

Mask = NDArray[np.bool_]
Register = Mapping[str, Mapping[str, str]]

# Halvings of the interval in which the shift of a mean is searched.
HALVINGS = 14
# Parts that move a total by less than this in one step even out what is left.
FINE = 0.03


@dataclass
class Part:
    """A part of an indicator: its weight, its formula, how it is inverted, what was chosen.

    low, high: bounds of its rate by region, from what is known of single points.
    """

    weight: float
    expression: Expression
    settings: Table | Places | None
    low: Numbers
    high: Numbers
    chance: Numbers
    rate: Numbers
    values: dict[str, Numbers] = field(default_factory=dict)

    @property
    def points(self) -> list[str]:
        return points_of(self.expression)

    @property
    def step(self) -> float:
        return self.weight * self.settings.step if self.settings else 0.0

    def choose(self, want: Numbers, low: Numbers, high: Numbers) -> Numbers:
        """Settles the part as near to a rate as its bounds allow, and returns the rate."""
        assert self.settings is not None
        self.rate, self.values = self.settings.nearest(
            want, np.maximum(low, self.low), np.minimum(high, self.high)
        )
        return self.rate


@dataclass
class Realised:
    """Values of all points, with the agreement of rounds where a formula asks for it."""

    values: dict[str, Numbers]
    agreement: dict[str, Numbers]
    scores: dict[str, Numbers]


class Realisation:
    """Turns the target scores of an edition into values."""

    def __init__(
        self,
        targets: Targets,
        scores: Scores,
        definitions: dict[str, Expression],
        points: Register,
    ):
        self.targets, self.tree, self.scores = targets, scores.tree, scores.of
        self.definitions, self.points = definitions, points
        self.count = len(scores.regions.codes)
        self.chance = scores.chance
        self.sizes = self.chance.uniform("sizes", 1)[0]
        self.classes = scores.regions.classes
        self.facts: dict[str, list[PointFact]] = {}
        for fact in targets.points:
            self.facts.setdefault(fact.point, []).append(fact)
        self.relative: dict[str, Numbers] = {}
        self.gates: dict[str, str] = {}
        self.parts: dict[str, list[Part]] = {
            code: self._parts(code, expression) for code, expression in definitions.items()
        }

    def run(self) -> Realised:
        """Settles every point and returns the values with the scores that they give."""
        for node in self.tree.values():
            self._settle_siblings([code for code in node.children if code in self.definitions])
        for _ in range(3):
            self._even_out()
        values, agreement = self._values()
        return Realised(values, agreement, self._evaluated(values, agreement))

    # Parts

    def _target(self, code: str) -> Numbers:
        return np.asarray(np.clip(self.scores[code] / self.tree[code].maximum, 0.0, 1.0))

    def _parts(self, code: str, expression: Expression) -> list[Part]:
        if expression[0] == "gate":
            self.gates[code] = expression[1]
            expression = expression[2]
        weighted = expression[1] if expression[0] == "weighted_mean" else [[1.0, expression]]
        found = []
        for weight, inner in weighted:
            zeros = np.zeros(self.count)
            part = Part(
                weight=float(weight),
                expression=inner,
                settings=None,
                low=zeros,
                high=np.ones(self.count),
                chance=self.chance.uniform(f"part {points_of(inner)[0]}", 1)[0] - 0.5,
                rate=zeros,
            )
            if inner[0] in RELATIVE:
                values = self._compared(inner, self._target(code))
                part.values = {inner[1]: values}
                part.rate = np.round(Evaluation(part.values, {}).rate(inner), 12)
            else:
                part.settings = inverse(inner, self.points, self.sizes)
            self._bound(code, part)
            found.append(part)
        return found

    def _compared(self, expression: Expression, target: Numbers) -> Numbers:
        """Counts that compare regions as their targets do: all at 0 have none, full marks most."""
        formula = expression[0]
        chance = self.chance.uniform(f"compared {expression[1]}", 3).sum(axis=0) - 1.5
        if formula == "min_max_volume":
            # Downloads differ by orders of magnitude.
            values = 4000 * (1 + 60 * target**3) * (1 + 0.9 * chance / 1.5)
        elif formula == "percentile_volume":
            values = 20 + 900 * np.clip(target + 0.12 * chance, 0.02, 1)
        else:
            centred = target - target.mean()
            spread = np.sqrt((centred**2).mean())
            values = 400 + 75 * np.clip(0.7 * centred / spread + 0.9 * chance, -2.4, 2.4)
        values = np.where(target <= 0, 0.0, np.rint(values))
        # Few enough that they hardly move mean and deviation of the others.
        top = np.flatnonzero(target >= 1)
        values[top] = np.rint(values.max() * 1.25) + 3 * np.arange(len(top))[::-1]
        return np.asarray(values)

    def _bound(self, code: str, part: Part) -> None:
        """Bounds of the rate from facts about single points."""
        target = self._target(code)
        for fact in (one for point in part.points for one in self.facts.get(point, [])):
            if part.settings is None:
                continue
            has = self._having(fact, target)
            hasnt = self._of_class(fact) & ~has
            if part.expression[0] == "checklist_share":
                one = 1 / len(part.points)
                low, high = np.where(target > 0, one, 0.0), 1 - one
            elif part.expression[0] == "presence" or isinstance(fact.at_least, str):
                low, high = np.ones(self.count), 0.9 * (part.expression[0] != "presence")
            else:
                ends = Evaluation({fact.point: np.array([fact.at_least, fact.at_least - 1])}, {})
                low, high = ends.rate(part.expression).tolist()
            part.low = np.where(has, np.maximum(low, part.low), part.low)
            part.high = np.where(hasnt, np.minimum(high, part.high), part.high)

    def _of_class(self, fact: PointFact) -> Mask:
        """The regions among which a fact counts."""
        everywhere = np.ones(self.count, dtype=bool)
        return self.classes[fact.region_class] if fact.region_class else everywhere

    def _having(self, fact: PointFact, target: Numbers) -> Mask:
        """The regions that have a point: as many as the fact says, mostly those that do well."""
        key = target + 0.25 * self.chance.uniform(f"having {fact.point}", 1)[0]
        key = np.where(target <= 0, -1.0, np.where(target >= 1, 9.0, key))
        key = np.where(self._of_class(fact), key, -2.0)
        order = np.argsort(-np.round(key, 9), kind="stable")
        has = np.zeros(self.count, dtype=bool)
        has[order[: fact.regions]] = True
        return has

    # Settling

    def _settle_siblings(self, codes: list[str]) -> None:
        """Settles indicators of one parent, the coarsest first; each makes up for those before."""

        def finest(code: str) -> float:
            steps = [part.step for part in self.parts[code] if part.settings]
            return self.tree[code].maximum * min(steps)

        lack = np.zeros(self.count)
        for code in sorted(codes, key=lambda code: (-finest(code), code)):
            self._settle(code, lack / self.tree[code].maximum)
            lack = lack + self.scores[code] - self.tree[code].maximum * self._rate(code)

    def _settle(self, code: str, more: Numbers) -> None:
        """Settles all parts of an indicator so that its mean is the target's.

        more: by how much its rate shall differ from the target in single regions.
        """
        target = self._target(code)
        wanted = target.sum()
        inside = (target > 0) & (target < 1)
        target = np.where(inside, np.clip(target + more, 0.01, 0.99), target)
        low, high = -0.2, 0.2
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            found = self._attempt(code, np.where(inside, target + middle, target))
            if np.round(found.sum() - wanted, 9) > 0:
                high = middle
            else:
                low = middle
        self._attempt(code, np.where(inside, target + (low + high) / 2, target))

    def _attempt(self, code: str, target: Numbers) -> Numbers:
        """Settles the parts, coarse ones first, and returns the rate of the indicator."""
        parts = self.parts[code]
        rest = np.round(target, 9)
        done = np.zeros(self.count)
        for part in parts:
            if part.settings is None:
                rest = rest - part.weight * part.rate
                done = done + part.weight * part.rate
        open_parts = sorted(
            (part for part in parts if part.settings is not None), key=lambda part: -part.step
        )
        for number, part in enumerate(open_parts):
            later = open_parts[number + 1 :]
            least = sum((one.weight * one.low for one in later), np.zeros(self.count))
            most = sum((one.weight * one.high for one in later), np.zeros(self.count))
            weight = part.weight + sum(one.weight for one in later)
            # Part of it by chance, less where the target leaves little choice.
            want = np.clip(rest / weight, 0, 1)
            want = want + 0.6 * part.chance * np.minimum(want, 1 - want) * bool(later)
            low = (rest - most) / part.weight
            high = (rest - least) / part.weight
            rate = part.choose(np.clip(want, low, high), low, high)
            rest = rest - part.weight * rate
            done = done + part.weight * rate
        return done

    def _rate(self, code: str) -> Numbers:
        """The rate of an indicator from what is settled now."""
        whole = sum((part.weight * part.rate for part in self.parts[code]), np.zeros(self.count))
        return np.where(self._target(code) > 0, whole, 0.0)

    def _score(self, code: str) -> Numbers:
        node = self.tree[code]
        if node.children:
            return sum((self._score(child) for child in node.children), np.zeros(self.count))
        return node.maximum * self._rate(code)

    # Evening out

    def _even_out(self) -> None:
        """Brings level 2, level 1 and the total of each region to their targets, in turn."""
        levels = [["total"], self.tree["total"].children]
        levels.append([two for one in levels[1] for two in self.tree[one].children])
        for codes in reversed(levels):
            for code in codes:
                self._close(code)

    def _leaves(self, code: str) -> list[str]:
        children = self.tree[code].children
        return [leaf for child in children for leaf in self._leaves(child)] or [code]

    def _close(self, code: str) -> None:
        """Moves the fine parts below an indicator until its score is the target."""
        fine = [
            (self.tree[leaf].maximum, leaf, part)
            for leaf in self._leaves(code)
            if leaf not in self.targets.kept
            for part in self.parts[leaf]
            if part.settings and part.step * self.tree[leaf].maximum < FINE
        ]
        fine.sort(key=lambda one: (-one[0] * one[2].step, one[1]))
        for marks, leaf, part in fine:
            lack = np.round(self.scores[code] - self._score(code), 9)
            target = self._target(leaf)
            inside = (target > 0) & (target < 1) & (np.abs(lack) > 1e-6)
            before_rate, before = part.rate, part.values
            part.choose(
                part.rate + lack / (marks * part.weight), np.zeros(self.count), np.ones(self.count)
            )
            nearer = np.abs(lack - marks * part.weight * (part.rate - before_rate)) < np.abs(lack)
            keep = ~inside | ~nearer
            part.rate = np.where(keep, before_rate, part.rate)
            part.values = {
                point: np.where(keep, before[point], part.values[point]) for point in before
            }

    # Values

    def _values(self) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
        """Values of all points, and the agreement that a formula asks for."""
        values: dict[str, Numbers] = {}
        agreement: dict[str, Numbers] = {}
        for code in self.definitions:
            nothing = self._target(code) <= 0
            if code in self.gates:
                values[self.gates[code]] = (~nothing).astype(float)
            for part in self.parts[code]:
                found = dict(part.values)
                if "" in found:
                    found = self._ticked(code, part, found[""])
                for point, one in found.items():
                    if point.endswith(" agreement"):
                        agreement[point.removesuffix(" agreement")] = one
                        continue
                    absent = 0.0 if self.points[point]["not_found"] else NOT_FOUND
                    values[point] = np.where(nothing, absent, self._beyond(part, point, one))
        return values, agreement

    def _beyond(self, part: Part, point: str, values: Numbers) -> Numbers:
        """Counts of what is more than enough are more than the cap by chance."""
        if part.expression[0] in ("capped_volume", "coverage", "log_volume"):
            cap = part.expression[2]
            if self.points[point]["point_type"] == "volume":
                more = np.floor(cap * 0.5 * (part.chance + 0.5))
                return np.where(values >= cap, values + more, values)
        if part.expression[0] == "steps":
            thresholds = [one[0] for one in part.expression[2]]
            following = {a: b - a for a, b in zip(thresholds, [*thresholds[1:], 60], strict=True)}
            room = np.array([following.get(value, 0) for value in values.tolist()])
            return np.asarray(values + np.floor(room * (part.chance + 0.5)))
        return values

    def _ticked(self, code: str, part: Part, count: Numbers) -> dict[str, Numbers]:
        """Which things of a checklist were found, given how many: first the common ones."""
        points = part.points
        target = self._target(code)
        ease = 0.9 * (1 - np.arange(len(points)) / len(points))
        chance = [self.chance.uniform(f"ticked {point}", 1)[0] for point in points]
        key = ease[:, None] + np.stack(chance)
        for number, point in enumerate(points):
            for fact in self.facts.get(point, []):
                has = self._having(fact, target)
                key[number] = np.where(has, 9.0, -9.0)
        place = np.argsort(np.argsort(-np.round(key, 9), axis=0, kind="stable"), axis=0)
        return {point: (place[number] < count).astype(float) for number, point in enumerate(points)}

    def _evaluated(
        self, values: dict[str, Numbers], agreement: dict[str, Numbers]
    ) -> dict[str, Numbers]:
        """Scores of all levels from the final values."""
        evaluation = Evaluation(values, agreement)
        scores = {
            code: self.tree[code].maximum * evaluation.rate(expression)
            for code, expression in self.definitions.items()
        }

        def whole(code: str) -> Numbers:
            if code not in scores:
                scores[code] = sum(
                    (whole(child) for child in self.tree[code].children), np.zeros(self.count)
                )
            return scores[code]

        whole("total")
        return scores
