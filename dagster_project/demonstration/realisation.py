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
    checklists,
    inverse,
    points_of,
    weighted_parts,
)
from dagster_project.demonstration.targets import Scores

Mask = NDArray[np.bool_]
Register = Mapping[str, Mapping[str, str]]

# Halvings of the interval in which the shift of a mean is searched.
HALVINGS = 14
# Formulas over counts at several places, of which one that stands alone has the whole.
GATHERED = ("aggregation", "herfindahl")
# Rounds in which targets are fitted to bounds.
FITTED = 200
# How much of a checklist's ticks a score must have room for, so that its first thing is there.
TICKS = 1.2
# The same where regions are compared by what needs it: few that have none hardly move the others.
COMPARED_TICKS = 0.6
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
        """Settles the part as near to a rate as its bounds allow, and returns the rate.

        low, high: wanted bounds, which give way to the part's own.
        """
        assert self.settings is not None
        self.rate, self.values = self.settings.nearest(
            want, np.clip(low, self.low, self.high), np.clip(high, self.low, self.high)
        )
        return self.rate


@dataclass
class Realised:
    """Values of all points, with the agreement of rounds where a formula asks for it."""

    values: dict[str, Numbers]
    agreement: dict[str, Numbers]
    scores: dict[str, Numbers]


class Realisation:
    """Turns the target scores of an edition into values.

    needs: {point: points that cannot be there without it}, who needs nothing first.
    """

    def __init__(
        self,
        targets: Targets,
        scores: Scores,
        definitions: dict[str, Expression],
        points: Register,
        needs: Mapping[str, list[str]],
    ):
        self.targets, self.tree, self.scores = targets, scores.tree, dict(scores.of)
        self.definitions, self.points = definitions, points
        self.count = len(scores.regions.codes)
        self.chance = scores.chance
        self.sizes = self.chance.uniform("sizes", 1)[0]
        self.classes = scores.regions.classes
        self.facts: dict[str, list[PointFact]] = {}
        for fact in targets.points:
            self.facts.setdefault(fact.point, []).append(fact)
        self.gates = {code: one[1] for code, one in definitions.items() if one[0] == "gate"}
        self.indicators = {
            point: code for code, one in definitions.items() for point in points_of(one)
        }
        self.needs = {
            base: [point for point in listed if point in self.indicators]
            for base, listed in needs.items()
        }
        # Where a point was found because others need it, and where it cannot have been found.
        self.compared = {
            point
            for one in definitions.values()
            for _, inner in weighted_parts(one)
            if inner[0] in RELATIVE
            for point in points_of(inner)
        }
        self.chosen: dict[str, Mask] = {}
        self.found: dict[str, Mask] = {}
        self.absent: dict[str, Mask] = {}
        for base in self.needs:
            self._decide(base)
        self.parts: dict[str, list[Part]] = {
            code: self._parts(code, expression) for code, expression in definitions.items()
        }

    def run(self) -> Realised:
        """Settles every point and returns the values with the scores that they give."""
        for node in self.tree.values():
            leaves = [code for code in node.children if code in self.definitions]
            if leaves:
                self._fit(leaves)
                self._settle_siblings(leaves)
        for _ in range(3):
            self._even_out()
        values, agreement = self._values()
        return Realised(values, agreement, self._evaluated(values, agreement))

    # Parts

    def _target(self, code: str) -> Numbers:
        return np.asarray(np.clip(self.scores[code] / self.tree[code].maximum, 0.0, 1.0))

    def _parts(self, code: str, expression: Expression) -> list[Part]:
        found = []
        for weight, inner in weighted_parts(expression):
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
                values = np.where(self._absent(inner[1]), 0.0, values)
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

    def _decide(self, base: str) -> None:
        """Settles where a point is that others need, and with it where these cannot be.

        Where facts do not say it: wherever its indicator's score has room for it, or would be
        nothing without it. If it is needed inside its own checklist alone, that it is ticked
        first is enough.
        """
        code = self.indicators[base]
        target = self._target(code)
        beside = self._beside(base)
        if base in self.facts:
            [has] = [self._having(fact, target) for fact in self.facts[base]]
        elif all(point in beside for point in self.needs[base]):
            return
        else:
            left = {*points_of(self.definitions[code])} - {base, *self.needs[base]}
            compared = any(point in self.compared for point in self.needs[base])
            ticks = COMPARED_TICKS if compared else TICKS
            room = ticks / len(beside) if left and beside else 0.0
            has = (target > room) & ~self._absent(base)
        self.found[base] = has
        for point in self.needs[base]:
            self.absent[point] = self._absent(point) | ~has

    def _beside(self, point: str) -> list[str]:
        """The points of the checklist in which a point stands."""
        return next(
            (
                listed
                for listed in checklists(self.definitions[self.indicators[point]])
                if point in listed
            ),
            [],
        )

    def _absent(self, point: str) -> Mask:
        """The regions in which a point cannot have been found."""
        return self.absent.get(point, np.zeros(self.count, dtype=bool))

    def _known(self, points: list[str]) -> tuple[list[Mask], list[Mask]]:
        """Of every point of a checklist, the regions that have it and those that do not, as far
        as facts and what needs what decide it."""
        yes, no = [], []
        for point in points:
            has = self.found.get(point, np.zeros(self.count, dtype=bool))
            hasnt = ~has if point in self.found else self._absent(point)
            for fact in self.facts.get(point, []):
                has = self._having(fact, self._target(self.indicators[point]))
                hasnt = hasnt | (self._of_class(fact) & ~has)
            yes.append(has)
            no.append(hasnt)
        for base, others in self._within(points):
            for other in others:
                yes[base] = yes[base] | yes[other]
        return yes, no

    def _within(self, points: list[str]) -> list[tuple[int, list[int]]]:
        """Places of points in a list that others of it need, with theirs; who needs least last."""
        return [
            (points.index(base), [points.index(one) for one in self.needs[base] if one in points])
            for base in reversed(self.needs)
            if base in points
        ]

    def _bound(self, code: str, part: Part) -> None:
        """Bounds of the rate from what is known of single points."""
        if part.settings is None:
            return
        target = self._target(code)
        formula, points = part.expression[0], part.points
        if formula in ("checklist_share", "presence"):
            yes, no = self._known(points)
            part.low = np.where(target > 0, np.mean(yes, axis=0), 0.0)
            part.high = 1 - np.mean(no, axis=0)
            return
        for fact in (one for point in points for one in self.facts.get(point, [])):
            has = self._having(fact, target)
            hasnt = self._of_class(fact) & ~has
            if isinstance(fact.at_least, str):
                low, high = np.ones(self.count), 0.9
            else:
                ends = Evaluation({fact.point: np.array([fact.at_least, fact.at_least - 1])}, {})
                low, high = ends.rate(part.expression).tolist()
            part.low = np.where(has, np.maximum(low, part.low), part.low)
            part.high = np.where(hasnt, np.minimum(high, part.high), part.high)
        absent = np.logical_or.reduce([self._absent(point) for point in points])
        # What stands in one place alone is gathered.
        alone = formula in GATHERED
        part.low = np.where(absent, float(alone), part.low)
        part.high = np.where(absent, float(alone), part.high)

    def _of_class(self, fact: PointFact) -> Mask:
        """The regions among which a fact counts."""
        everywhere = np.ones(self.count, dtype=bool)
        return self.classes[fact.region_class] if fact.region_class else everywhere

    def _having(self, fact: PointFact, target: Numbers) -> Mask:
        """The regions that have a point: as many as the fact says, mostly those that do well."""
        name = f"{fact.point} {fact.at_least} {fact.region_class}"
        if name not in self.chosen:
            self.chosen[name] = self._choose_having(fact, target)
        return self.chosen[name]

    def _choose_having(self, fact: PointFact, target: Numbers) -> Mask:
        # Of what others need, no score that is high is left without.
        loose = 0.02 if fact.point in self.needs else 0.25
        key = target + loose * self.chance.uniform(f"having {fact.point}", 1)[0]
        key = np.where(target <= 0, -1.0, np.where(target >= 1, 9.0, key))
        key = np.where(self._of_class(fact) & ~self._absent(fact.point), key, -2.0)
        order = np.argsort(-np.round(key, 9), kind="stable")
        has = np.zeros(self.count, dtype=bool)
        has[order[: fact.regions]] = True
        return has

    # Settling

    def _fit(self, codes: list[str]) -> None:
        """Moves the targets of an indicator's children to where their bounds let them be, with
        the same means, and the same sum in each region as far as it goes."""
        marks = np.array([self.tree[code].maximum for code in codes])
        wanted = np.stack([self.scores[code] for code in codes], axis=1)
        low, high = (
            marks * np.stack([self._reach(code, end) for code in codes], axis=1)
            for end in ("low", "high")
        )
        ends = (wanted <= 0) | (wanted >= marks)
        low, high = (np.where(ends, wanted, one) for one in (low, high))
        found = wanted
        for _ in range(FITTED):
            found = np.clip(found, low, high)
            for axis in (1, 0):
                lack = (wanted - found).sum(axis=axis, keepdims=True)
                room = np.where(lack > 0, high - found, found - low)
                share = room / np.maximum(room.sum(axis=axis, keepdims=True), 1e-9)
                found = np.clip(found + lack * share, low, high)
        for column, code in enumerate(codes):
            self.scores[code] = np.round(found[:, column], 6)

    def _reach(self, code: str, end: str) -> Numbers:
        """The lowest or the highest rate that the parts of an indicator can have."""
        return sum(
            (
                part.weight * (getattr(part, end) if part.settings else part.rate)
                for part in self.parts[code]
            ),
            np.zeros(self.count),
        )

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
                if part.expression[0] in GATHERED:
                    # What a missing place would have stands in the first.
                    first = part.points[0]
                    for point in part.points[1:]:
                        more = np.where(self._absent(point), found[point], 0.0)
                        found[first] = found[first] + more
                if "" in found:
                    found = self._ticked(part, found[""])
                for point, one in found.items():
                    if point.endswith(" agreement"):
                        agreement[point.removesuffix(" agreement")] = one
                        continue
                    absent = 0.0 if self.points[point]["not_found"] else NOT_FOUND
                    lacking = nothing | self._absent(point)
                    values[point] = np.where(lacking, absent, self._beyond(part, point, one))
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

    def _ticked(self, part: Part, count: Numbers) -> dict[str, Numbers]:
        """Which things of a checklist were found, given how many: first the common ones."""
        points = part.points
        ease = 0.9 * (1 - np.arange(len(points)) / len(points))
        chance = [self.chance.uniform(f"ticked {point}", 1)[0] for point in points]
        key = ease[:, None] + np.stack(chance)
        for number, (has, hasnt) in enumerate(zip(*self._known(points), strict=True)):
            key[number] = np.where(has, 9.0, np.where(hasnt, -9.0, key[number]))
        for base, others in self._within(points):
            if others:
                key[base] = np.maximum(key[base], key[others].max(axis=0) + 1e-6)
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
