"""Target scores: for every region a total, split into level 1, 2 and 3, that meet the facts.

The totals follow the order of the regions and the ends and means of the bands. Each split
begins at rates that rise with the parent's, and is then brought to one fact after the other,
in turn, until all hold: every fact says how to move scores so that it is met (cyclic
projection). A score stays between 0 and full marks. Figures that contradict each other end
between them.

All arithmetic is element by element in float64, and results are rounded to 6 decimals, so
that no last bit decides anything.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from dagster_project.demonstration.facts import Fact, Targets, demonstration
from dagster_project.errors import GovIndexError
from dagster_project.registers import register, rows_in_effect

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Rounds of projection. Enough that another hundred moves no score by a hundredth.
ROUNDS = 400
# Smallest difference between two totals, so that realised scores keep the order.
GAP = 0.012
# Of the difference between neighbours in an even fall, how much there is at least and at most,
# so that no other drop looks like the end of a band.
EVEN, LOOSE = 0.3, 3.0
# How near to 0 and full marks a score may come that is not there, as a share of full marks.
EDGE = 0.015
# How far a total stays from the lower end of a grade, and a score from a counted threshold.
CLEAR = 0.02


@dataclass(frozen=True)
class Regions:
    """The regions of an edition: codes, names, and their groups as masks."""

    codes: list[str]
    names: list[str]
    economic: dict[str, Mask]
    provinces: dict[str, Mask]
    classes: dict[str, Mask]

    def place(self, name: str) -> int:
        """Where a region stands, by its name."""
        if name not in self.names:
            raise GovIndexError(f"the demonstration's targets name {name}, which is no region")
        return self.names.index(name)


@dataclass(frozen=True)
class Node:
    """An indicator of the tree: its full marks and the codes of its children."""

    code: str
    maximum: float
    children: list[str] = field(default_factory=list)


class Chance:
    """Random numbers of an edition's regions; the same region has the same in all editions.

    Only uniform numbers are drawn, so that they are the same bits everywhere.
    """

    def __init__(self, seed: int, edition: str, places: list[int], every: int):
        self.seed, self.edition, self.places, self.every = seed, edition, places, every

    def uniform(self, name: str, rows: int, of_edition: bool = False) -> Numbers:
        """Numbers between 0 and 1, rows x regions, for a purpose of that name."""
        name = f"{name} {self.edition}" if of_edition else name
        draw = np.random.Generator(np.random.PCG64([self.seed, zlib.crc32(name.encode())]))
        return draw.random((rows, self.every))[:, self.places]

    def noise(self, name: str) -> Numbers:
        """Numbers around 0 with standard deviation 1, at most 3 or so.

        Mostly a region's own, partly the edition's: what is good one year is so the next.
        """
        own, now = (
            (self.uniform(name, 3, of_edition).sum(axis=0) - 1.5) * 2.0
            for of_edition in (False, True)
        )
        return np.asarray(0.85 * own + 0.5268 * now)


def regions_of(framework: str, edition: str, name: str) -> Regions:
    """The regions of an edition from the register of that name."""
    rows = rows_in_effect(name, framework, edition)

    def masks(column: str) -> dict[str, Mask]:
        values = np.array([row[column] for row in rows])
        return {str(value): values == value for value in dict.fromkeys(values.tolist())}

    return Regions(
        codes=[row["region_code"] for row in rows],
        names=[row["region_name"] for row in rows],
        economic=masks("economic_region"),
        provinces=masks("parent_region"),
        classes=masks("region_class"),
    )


def tree_of(name: str, maxima: dict[str, float]) -> dict[str, Node]:
    """The indicators from the total down, {code: node}, from the published table."""
    nodes: dict[str, Node] = {"total": Node("total", 100.0)}
    for row in register(name):
        parent = "total"
        for level in ("level1_code", "level2_code", "level3_code"):
            code = row[level]
            if code not in nodes:
                nodes[code] = Node(code, 0.0)
                nodes[parent].children.append(code)
            parent = code
        marks = maxima.get(row["level3_code"], float(row["max_score"]))
        for level in ("level1_code", "level2_code", "level3_code"):
            before = nodes[row[level]]
            nodes[row[level]] = Node(before.code, round(before.maximum + marks, 6), before.children)
    return nodes


@dataclass(frozen=True)
class Scores:
    """Target scores of an edition: {indicator code: score per region}, with what they are of."""

    regions: Regions
    tree: dict[str, Node]
    chance: Chance
    of: dict[str, Numbers]


@cache
def target_scores(framework: str, edition: str, regions_register: str) -> Scores:
    """The target score of every indicator and region."""
    known = demonstration(framework)
    targets = known.editions[edition]
    regions = regions_of(framework, edition, regions_register)
    tree = tree_of(known.tree, targets.maxima)
    every = [row["region_code"] for row in register(regions_register)]
    chance = Chance(known.seed, edition, [every.index(code) for code in regions.codes], len(every))
    others: dict[str, Scores] = {
        one: target_scores(framework, one, regions_register)
        for one in {fact.edition for fact in targets.facts}
        if one
    }
    order = targets.order
    before = (
        target_scores(order.framework or framework, order.edition, regions_register)
        if order.edition
        else None
    )
    means = completed_means(tree, targets.means, before)
    targets = targets.model_copy(update={"means": means})
    first = Split(tree, "total", targets, regions, chance, others)
    begun = latent = None
    if before:
        begun = first.carried(before, targets.order.spread)
        begun = first.projected(first.ended(first.projected(begun, None, 60), None), None, ROUNDS)
        latent = np.round(begun.sum(axis=1), 6)
    scores = {"total": _totals(targets, regions, tree, latent)}
    for code in _from_the_top(tree):
        split = first if code == "total" else Split(tree, code, targets, regions, chance, others)
        split.hold_the_weakest(scores)
        scores |= split.of(scores[code], begun if code == "total" else None)
    return Scores(regions, tree, chance, scores)


def completed_means(
    tree: dict[str, Node], means: dict[str, float], other: Scores | None
) -> dict[str, float]:
    """Means of all indicators: those of a parent's children that are not given follow from
    another edition's, moved together on a logistic scale until they add up."""
    found = dict(means)
    found["total"] = sum(found[code] for code in tree["total"].children)
    for parent in _from_the_top(tree):
        children = tree[parent].children
        missing = [code for code in children if code not in found]
        if not missing:
            continue
        if other is None or not all(code in other.of for code in missing):
            raise GovIndexError(f"the demonstration's targets lack means of {', '.join(missing)}")
        maxima = np.array([tree[code].maximum for code in missing])
        # Full marks may differ; rates are compared.
        rates = [other.of[code].mean() / other.tree[code].maximum for code in missing]
        logits = _logit(np.round(np.array(rates), 6))
        rest = found[parent] - sum(found[code] for code in children if code in found)
        low, high = -9.0, 9.0
        for _ in range(60):
            middle = (low + high) / 2
            if (maxima / (1 + np.exp(-logits - middle))).sum() > rest:
                high = middle
            else:
                low = middle
        values = np.round(maxima / (1 + np.exp(-logits - low)), 4)
        found |= dict(zip(missing, values.tolist(), strict=True))
    return found


def _from_the_top(tree: dict[str, Node]) -> list[str]:
    """Codes of all indicators that have children, parents first."""
    found = ["total"]
    for code in found:
        found += [child for child in tree[code].children if tree[child].children]
    return found


def carried(before: Regions, scores: Numbers, regions: Regions) -> Numbers:
    """Scores of another edition for the regions of this one; new ones get those of the best."""
    by_code = dict(zip(before.codes, scores.tolist(), strict=True))
    new = float(np.sort(scores)[-len(scores) // 25])
    return np.array([by_code.get(code, new) for code in regions.codes])


# Totals


def _totals(
    targets: Targets, regions: Regions, tree: dict[str, Node], latent: Numbers | None
) -> Numbers:
    """Totals in the order of the regions of the register."""
    if latent is not None:
        latent = _ranked(targets, regions, latent)
    order, upper, lower = _order(targets, regions, latent)
    band = np.repeat(np.arange(len(targets.bands)), [one.regions for one in targets.bands])
    if len(order) != len(regions.codes) or len(band) != len(order):
        raise GovIndexError(
            f"the bands hold {len(band)} regions, the order {len(order)}, "
            f"the register {len(regions.codes)}"
        )
    fixed = {
        order.index(regions.place(name)): score
        for name, score in targets.fixed.get("total", {}).items()
    }
    first = np.flatnonzero(np.diff(band, prepend=-1))
    last = np.flatnonzero(np.diff(band, append=len(targets.bands)))
    for one, top, bottom in zip(targets.bands, first, last, strict=True):
        fixed |= {int(top): one.highest, int(bottom): one.lowest}
    begin = _straight(upper, lower)
    for place, score in fixed.items():
        upper[place] = lower[place] = begin[place] = score
    steps = np.cumsum(np.maximum(GAP, EVEN * -np.diff(begin, prepend=begin[0])))
    # Who stands above a fixed score has at least that and a gap for each place between.
    highest = np.minimum.accumulate(upper + steps)
    lowest = np.maximum.accumulate((lower + steps)[::-1])[::-1]
    economic = {name: mask[order] for name, mask in regions.economic.items()}
    wanted = _means_of_regions(targets, tree, regions)
    scores = np.clip(begin + steps, lowest, highest)
    fall = -np.diff(scores - steps, prepend=scores[0])
    most = np.cumsum(np.maximum(LOOSE * fall, 3 * GAP))
    for _ in range(ROUNDS):
        for name, mean in wanted.items():
            here = economic[name]
            scores = scores + np.where(here, mean - (scores - steps)[here].mean(), 0.0)
        scores = scores + targets.means["total"] - (scores - steps).mean()
        for number, one in enumerate(targets.bands):
            here = band == number
            if one.mean is not None:
                scores = scores + np.where(here, one.mean - (scores - steps)[here].mean(), 0.0)
        scores = np.clip(scores, lowest, highest)
        scores = steps - most - _falling(steps - most - scores)
        scores = np.clip(_falling(scores), lowest, highest)
    for _ in range(50):
        lack = targets.means["total"] - (scores - steps).mean()
        scores = np.clip(scores + lack, lowest, highest)
    found = np.empty(len(order))
    found[order] = scores - steps
    return np.round(found, 6)


def _ranked(targets: Targets, regions: Regions, latent: Numbers) -> Numbers:
    """Scores with those of known rank at it; the others of their economic region make up for it."""
    falling = np.sort(latent)[::-1]
    known = {regions.place(name): rank for name, rank in targets.ranks.items()}
    found = latent.copy()
    for place, rank in known.items():
        found[place] = falling[rank - 1]
    for mask in regions.economic.values():
        others = mask.copy()
        others[list(known)] = False
        if others.any():
            found[others] -= (found[mask] - latent[mask]).sum() / others.sum()
    return np.round(found, 6)


def _straight(upper: Numbers, lower: Numbers) -> Numbers:
    """Scores that fall evenly from the upper to the lower end of each grade."""
    starts = np.flatnonzero(np.diff(lower, prepend=np.inf))
    sizes = np.diff(np.append(starts, len(lower)))
    place = np.arange(len(lower)) - np.repeat(starts, sizes)
    share = (place + 0.5) / np.repeat(sizes, sizes)
    return np.asarray(upper - (upper - lower) * share)


def _order(
    targets: Targets, regions: Regions, latent: Numbers | None
) -> tuple[list[int], Numbers, Numbers]:
    """Places of the regions from the best to the last, and between which scores each may lie."""
    count = len(regions.codes)
    if latent is not None:
        ends = [one.highest for one in targets.bands], [one.lowest for one in targets.bands]
        sizes = [one.regions for one in targets.bands]
        order = sorted(range(count), key=lambda place: (-latent[place], place))
        for name, rank in targets.ranks.items():
            order.remove(regions.place(name))
            order.insert(rank - 1, regions.place(name))
        return order, np.repeat(ends[0], sizes).astype(float), np.repeat(ends[1], sizes)
    rows = [row for row in register(str(targets.order.grades)) if row["code"] in regions.codes]
    cells: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda row: int(row["rank_in_cell"])):
        cells.setdefault((row["grade"], row["city_class"]), []).append(row)
    # The classes of a grade are dealt out evenly, unless a rank is known.
    keys: dict[str, float] = {}
    for cell in cells.values():
        for number, row in enumerate(cell):
            keys[row["code"]] = (number + 0.5) / len(cell)
    grades = list(targets.grades)
    above = 0
    order = []
    upper: list[float] = []
    lower: list[float] = []
    ends_of = {one.band: one for one in targets.bands}
    for number, grade in enumerate(grades):
        here = [cell for (name, _), cell in cells.items() if name == grade]
        for cell in here:
            for place, row in enumerate(cell):
                if row["region_name"] in targets.ranks:
                    others = [one for other in here if other is not cell for one in other]
                    before = targets.ranks[row["region_name"]] - above - place - 1
                    for index, one in enumerate(others):
                        mine = keys[row["code"]]
                        shift = 1e-6 * (index + 1)
                        keys[one["code"]] = (
                            min(keys[one["code"]], mine - 1e-3 + shift)
                            if index < before
                            else max(keys[one["code"]], mine + shift)
                        )
        members = sorted((one for cell in here for one in cell), key=lambda row: keys[row["code"]])
        band = ends_of[members[0]["band"]]
        same = number > 0 and grades[number - 1][0] == grade[0]
        top = targets.grades[grades[number - 1]] - CLEAR if same else band.highest
        bottom = max(targets.grades[grade], band.lowest)
        bottom += CLEAR if bottom > band.lowest else 0
        order += [regions.codes.index(row["code"]) for row in members]
        upper += [top] * len(members)
        lower += [bottom] * len(members)
        above += len(members)
    return order, np.array(upper), np.array(lower)


def _means_of_regions(
    targets: Targets, tree: dict[str, Node], regions: Regions
) -> dict[str, float]:
    """Mean totals of the economic regions, where the facts on level 1 imply them."""
    found = dict.fromkeys(regions.economic, 0.0)
    for code in tree["total"].children:
        shares = _shares_of_east(targets, code)
        if len(shares) < len(found):
            return {}
        for name, mean in _means_from_shares(targets.means[code], shares, regions).items():
            found[name] += mean
    return found


def _shares_of_east(targets: Targets, code: str) -> dict[str, float]:
    shares = {"东部": 1.0}
    for fact in targets.facts:
        if fact.indicator == code and fact.statistic == "share_of_east":
            shares[str(fact.group)] = _number(fact)
    return shares


def _means_from_shares(mean: float, shares: dict[str, float], regions: Regions) -> dict[str, float]:
    """Means of groups whose ratios to each other and whose common mean are known."""
    sizes = {name: int(mask.sum()) for name, mask in regions.economic.items()}
    base = mean * sum(sizes.values()) / sum(sizes[name] * shares[name] for name in sizes)
    return {name: base * shares[name] for name in sizes}


def _falling(values: Numbers) -> Numbers:
    """The nearest falling sequence (pool adjacent violators)."""
    means: list[float] = []
    sizes: list[int] = []
    for value in values.tolist():
        mean, size = value, 1
        while means and means[-1] < mean:
            before, count = means.pop(), sizes.pop()
            mean = (mean * size + before * count) / (size + count)
            size += count
        means.append(mean)
        sizes.append(size)
    return np.repeat(means, sizes)


# Splits

Step = Callable[[Numbers], Numbers]


class Split:
    """The scores of an indicator's children, brought to the facts about them."""

    def __init__(
        self,
        tree: dict[str, Node],
        parent: str,
        targets: Targets,
        regions: Regions,
        chance: Chance,
        others: Mapping[str, Scores],
    ):
        self.parent, self.regions, self.chance = tree[parent], regions, chance
        self.codes = tree[parent].children
        self.maxima = np.array([tree[code].maximum for code in self.codes])
        self.means = np.array([targets.means[code] for code in self.codes])
        self.free = np.ones((len(regions.codes), len(self.codes)), dtype=bool)
        self.fixed = np.zeros(self.free.shape)
        self.steps: list[Step] = []
        self.ends: list[tuple[Fact, int]] = []
        self.held: list[tuple[Fact, int]] = []
        self.deviations: dict[str, float] = {}
        # Children of the total move as one; those below share what the parent has.
        self.straight = parent == "total"
        for column, code in enumerate(self.codes):
            for name, value in targets.fixed.get(code, {}).items():
                self._fix(regions.place(name), column, value)
        for fact in targets.facts:
            if fact.indicator not in self.codes:
                continue
            column = self.codes.index(fact.indicator)
            if fact.statistic in ("top", "zero"):
                self.ends.append((fact, column))
                continue
            if fact.statistic == "weakest":
                self.held.append((fact, column))
                continue
            if fact.statistic == "std":
                self.deviations[fact.indicator] = _number(fact)
            other = others.get(fact.edition)
            then = carried(other.regions, other.of[fact.indicator], regions) if other else None
            step = _step(fact, self.means[column], self.maxima[column], targets, regions, then)
            self.steps.append(self._on_column(step, column))

    def of(self, whole: Numbers, begun: Numbers | None = None) -> dict[str, Numbers]:
        """The children's scores, given the parent's, and where they begin if that is known."""
        scores = self._begin(whole) if begun is None else begun
        if begun is None:
            scores = self.ended(scores, whole)
        for edge in (0.0, self.parent.maximum):
            # Where the parent has nothing or all, so have the children.
            for place in np.flatnonzero(np.abs(whole - edge) < 1e-9).tolist():
                for column in range(len(self.codes)):
                    self._fix(place, column, self.maxima[column] * (edge > 0))
        scores = np.where(self.free, scores, self.fixed)
        scores = self.projected(scores, whole, ROUNDS if self.steps else 120)
        return {code: np.round(scores[:, column], 6) for column, code in enumerate(self.codes)}

    def hold_the_weakest(self, scores: Mapping[str, Numbers]) -> None:
        """Holds an indicator of the regions with the lowest totals below a score, but where the
        other children could not make up for it."""
        whole = scores[self.parent.code]
        for fact, column in self.held:
            others = self.parent.maximum - self.maxima[column]
            much = whole - fact.threshold > fact.room * others
            key = np.where(much, np.inf, scores["total"])
            weak = np.zeros(len(whole), dtype=bool)
            weak[np.argsort(key, kind="stable")[: int(_number(fact))]] = True
            highest = np.where(weak, fact.threshold, self.maxima[column])
            self.steps.append(self._on_column(partial(np.minimum, highest), column))

    def carried(self, other: Scores, spread: float) -> Numbers:
        """Where scores begin: at those of another edition, moved to this one's means."""
        columns = []
        for column, code in enumerate(self.codes):
            known = code if code in other.of else "total"
            scores = carried(other.regions, other.of[known], self.regions)
            # Full marks may differ; rates are carried.
            scores = scores * (self.maxima[column] / other.tree[known].maximum)
            noise = self.chance.uniform(f"carried {code}", 3, of_edition=True).sum(axis=0) - 1.5
            move = self.means[column] - scores.mean()
            part = spread * self.maxima[column] / self.maxima.sum()
            columns.append(scores + move + 2 * part * noise)
        scores = np.clip(np.stack(columns, axis=1), 0.03 * self.maxima, 0.97 * self.maxima)
        return np.where(self.free, scores, self.fixed)

    def projected(self, scores: Numbers, whole: Numbers | None, rounds: int) -> Numbers:
        """Scores brought to one fact after the other, in turn; whole: what a row adds up to."""
        scores = scores.copy()
        for _ in range(rounds):
            for step in self.steps:
                scores = step(scores)
            for column in range(len(self.codes)):
                lack = self.means[column] * len(scores) - scores[:, column].sum()
                scores[:, column] = _fill(
                    scores[:, column], lack, self.maxima[column], self.free[:, column]
                )
            if whole is None:
                continue
            if self.straight:
                part = np.where(self.free, self.maxima, 0.0)
                part = part / np.maximum(part.sum(axis=1), 1e-9)[:, None]
                moved = scores + (whole - scores.sum(axis=1))[:, None] * part
                moved = np.clip(moved, EDGE * self.maxima, (1 - EDGE) * self.maxima)
                scores = np.where(self.free, moved, scores)
            scores = _fill_rows(scores, whole - scores.sum(axis=1), self.maxima, self.free)
        return scores

    def ended(self, scores: Numbers, whole: Numbers | None) -> Numbers:
        """Chooses who has full marks or nothing at all: those named, else by their scores."""
        scores = np.where(self.free, scores, self.fixed)
        for fact, column in self.ends:
            names = [fact.group] if isinstance(fact.group, str) else fact.group
            places = [self.regions.place(name) for name in names if name]
            if fact.together:
                other = self.codes.index(fact.together)
                nothing = ~self.free[:, other] & (self.fixed[:, other] == 0)
                places = np.flatnonzero(nothing).tolist()
            elif not places:
                places = self._extremes(fact, column, scores, whole)
            for place in places:
                top = fact.statistic == "top"
                self._fix(place, column, self.maxima[column] if top else 0.0)
            scores = np.where(self.free, scores, self.fixed)
        return scores

    def _extremes(
        self, fact: Fact, column: int, scores: Numbers, whole: Numbers | None
    ) -> list[int]:
        top = fact.statistic == "top"
        maximum = self.maxima[column]
        key = scores[:, column] / maximum
        if whole is None:
            key = key + 0.3 * self.chance.uniform(f"ends {fact.indicator}", 1)[0]
            key = -key if top else key
        else:
            # Not where the other children could not make up for it.
            others = np.arange(len(self.codes)) != column
            for one, place in self.ends:
                if one.together == fact.indicator:
                    others[place] = False
            held = (self.fixed * (~self.free & others)).sum(axis=1)
            room = (self.maxima * (self.free & others)).sum(axis=1)
            rest = whole - maximum * top
            possible = (rest >= held + 0.05 * room * top) & (rest <= held + 0.93 * room)
            key = key + whole / self.maxima.sum()
            key = np.where(possible, -key if top else key, np.inf)
            if not top:
                key = np.where(whole <= 0, -1.0, key)
        key = np.where(self.free[:, column], key, np.inf)
        order: list[int] = np.argsort(np.round(key, 9), kind="stable").tolist()
        return order[: int(_number(fact))]

    def _begin(self, whole: Numbers) -> Numbers:
        """Where scores begin: they rise with the parent's, each with a share of chance.

        If the standard deviations of all children are facts, they follow the parent's on
        straight lines, as variables do that add up to it and are all correlated alike.
        Otherwise rates follow on a logistic scale, which keeps them between 0 and 1.
        """
        noise = np.stack([self.chance.noise(code) for code in self.codes], axis=1)
        if all(code in self.deviations for code in self.codes):
            deviation = np.array([self.deviations[code] for code in self.codes])
            variance = whole.var()
            products = deviation.sum() ** 2 - (deviation**2).sum()
            correlation = (variance - (deviation**2).sum()) / products
            others = deviation.sum() - deviation
            slope = deviation * (deviation + correlation * others) / variance
            own = np.sqrt(np.maximum(deviation**2 - slope**2 * variance, 0.0))
            scores = self.means + slope * (whole - whole.mean())[:, None] + own * noise
            return np.asarray(np.clip(scores, 0.02 * self.maxima, 0.98 * self.maxima))
        rate = np.clip(whole / self.parent.maximum, 0.001, 0.999)
        centre = _logit(np.clip(self.means / self.maxima, 0.03, 0.97))
        rise = _logit(rate) - _logit(np.array([rate.mean()]))
        logits = centre + 1.1 * rise[:, None] + 0.45 * noise
        return np.asarray(self.maxima / (1 + np.exp(-logits)))

    def _fix(self, place: int, column: int, value: float) -> None:
        self.fixed[place, column] = value
        self.free[place, column] = False

    def _on_column(self, step: Step, column: int) -> Step:
        """A step on one column, that leaves fixed scores and stays off 0 and full marks."""
        lowest, highest = EDGE * self.maxima[column], (1 - EDGE) * self.maxima[column]

        def moved(scores: Numbers) -> Numbers:
            wanted = np.clip(step(scores[:, column]), lowest, highest)
            scores[:, column] = np.where(self.free[:, column], wanted, scores[:, column])
            return scores

        return moved


def _logit(rate: Numbers) -> Numbers:
    return np.log(rate / (1 - rate))


def _fill(scores: Numbers, lack: float, maximum: float, free: Mask) -> Numbers:
    """Adds up to a sum by taking from what is there, or giving from what is missing to full."""
    room = np.where(free, maximum - scores if lack > 0 else scores, 0.0)
    whole = room.sum()
    return scores + room * np.clip(lack / whole, -1, 1) if whole > 0 else scores


def _fill_rows(scores: Numbers, lack: Numbers, maxima: Numbers, free: Mask) -> Numbers:
    """The same for every row at once."""
    room = np.where(free, np.where(lack[:, None] > 0, maxima - scores, scores), 0.0)
    whole = room.sum(axis=1)
    share = np.divide(lack, whole, out=np.zeros_like(lack), where=whole > 0)
    return np.asarray(scores + room * np.clip(share, -1, 1)[:, None])


def _number(fact: Fact) -> float:
    if isinstance(fact.value, dict):
        raise GovIndexError(f"fact {fact.fact}: one number was expected")
    return fact.value


def _stretch(square: float, linear: float, rest: float) -> float:
    """The factor f of a part of a deviation with square*f^2 + linear*f + rest = 0, 0.5 to 2."""
    inside = max(linear**2 - 4 * square * rest, 0.0)
    factor = (-linear + inside**0.5) / (2 * max(square, 1e-9))
    return float(min(max(factor, 0.5), 2.0))


def _step(
    fact: Fact,
    mean: float,
    maximum: float,
    targets: Targets,
    regions: Regions,
    other: Numbers | None,
) -> Step:
    """How scores move so that one fact is met. other: scores of the edition it compares with."""
    provinces = {name: mask for name, mask in regions.provinces.items() if mask.sum() > 1}

    def shifted(scores: Numbers, mask: Mask, to: float) -> Numbers:
        return np.where(mask, scores + to - scores[mask].mean(), scores)

    def stretched(scores: Numbers, mask: Mask, to: float) -> Numbers:
        centre, spread = scores[mask].mean(), scores[mask].std(ddof=1)
        return np.where(mask, centre + (scores - centre) * (to / max(spread, 1e-6)), scores)

    def above(scores: Numbers, threshold: float, count: int) -> Numbers:
        order = np.argsort(-np.round(scores, 9), kind="stable")
        # Small indicators are made of few points, so that their scores lie further apart.
        clear = CLEAR * max(1.0, min(4.0, 16 / maximum))
        found = scores.copy()
        found[order[:count]] = np.maximum(scores[order[:count]], threshold + clear)
        found[order[count:]] = np.minimum(scores[order[count:]], threshold - clear)
        return found

    def share_of_east(scores: Numbers) -> Numbers:
        shares = _shares_of_east(targets, fact.indicator)
        if len(shares) < len(regions.economic):
            east = scores[regions.economic["东部"]].mean()
            return shifted(scores, regions.economic[str(fact.group)], _number(fact) * east)
        wanted = _means_from_shares(mean, shares, regions)[str(fact.group)]
        east = _means_from_shares(mean, shares, regions)["东部"]
        scores = shifted(scores, regions.economic["东部"], east)
        return shifted(scores, regions.economic[str(fact.group)], wanted)

    def province_ratio(scores: Numbers) -> Numbers:
        best, worst = (regions.provinces[name] for name in fact.group)
        high, low = scores[best].mean(), scores[worst].mean()
        top = max(scores[mask].mean() for mask in regions.provinces.values())
        high += 0.3 * (top - high)
        low += 0.5 * (high / _number(fact) - low)
        for mask in regions.provinces.values():
            inside = min(max(scores[mask].mean(), low * 1.01), high * 0.995)
            scores = shifted(scores, mask, inside)
        return shifted(shifted(scores, best, high), worst, low)

    def std_of_provinces(scores: Numbers) -> Numbers:
        # Inside the economic regions, whose means are other facts.
        found = np.array([scores[mask].mean() for mask in regions.provinces.values()])
        economic = np.array(
            [
                next(scores[one].mean() for one in regions.economic.values() if one[mask].all())
                for mask in regions.provinces.values()
            ]
        )
        inside = found - economic
        covariance = ((economic - economic.mean()) * (inside - inside.mean())).sum()
        factor = _stretch(
            ((inside - inside.mean()) ** 2).sum(),
            2 * covariance,
            ((economic - economic.mean()) ** 2).sum() - _number(fact) ** 2 * (len(found) - 1),
        )
        for mask, mean_inside, mean_economic in zip(
            regions.provinces.values(), inside, economic, strict=True
        ):
            scores = shifted(scores, mask, mean_economic + factor * mean_inside)
        return scores

    def std(scores: Numbers) -> Numbers:
        # Inside the provinces, whose means are other facts.
        centre = scores.copy()
        for mask in regions.provinces.values():
            centre = np.where(mask, scores[mask].mean(), centre)
        factor = _stretch(
            ((scores - centre) ** 2).sum(),
            0.0,
            ((centre - scores.mean()) ** 2).sum() - _number(fact) ** 2 * (len(scores) - 1),
        )
        return np.asarray(centre + (scores - centre) * factor)

    def within_std(scores: Numbers) -> Numbers:
        if not isinstance(fact.value, dict):
            raise GovIndexError(f"fact {fact.fact}: a number per province was expected")
        largest = fact.statistic == "largest_within_std"
        edge = (min if largest else max)(fact.value.values())
        for name, mask in provinces.items():
            spread = float(scores[mask].std(ddof=1))
            if name in fact.value:
                scores = stretched(scores, mask, fact.value[name])
            elif largest and spread > 0.97 * edge:
                scores = stretched(scores, mask, 0.97 * edge)
            elif not largest and spread < 1.03 * edge:
                scores = stretched(scores, mask, 1.03 * edge)
        return scores

    def gain_over_1(scores: Numbers) -> Numbers:
        # The edition compared with is the later one.
        assert other is not None
        order = np.argsort(np.round(scores - other, 9), kind="stable")
        gained = order[: int(_number(fact))]
        found = np.maximum(scores, other - 1 + CLEAR)
        found[gained] = np.minimum(scores, other - 1 - CLEAR)[gained]
        return found

    steps: dict[str, Step] = {
        "above_mean": lambda scores: above(scores, mean, int(_number(fact))),
        "above": lambda scores: above(scores, fact.threshold, int(_number(fact))),
        "above_60": lambda scores: above(scores, 0.6 * maximum, int(_number(fact))),
        "gain_over_1": gain_over_1,
        "largest_within_std": within_std,
        "mean_of_group": lambda scores: shifted(
            scores, regions.economic[str(fact.group)], _number(fact)
        ),
        "province_mean": lambda scores: shifted(
            scores, regions.provinces[str(fact.group)], _number(fact)
        ),
        "province_ratio": province_ratio,
        "province_std": lambda scores: stretched(
            scores, regions.provinces[str(fact.group)], _number(fact)
        ),
        "share_of_east": share_of_east,
        "smallest_within_std": within_std,
        "std": std,
        "std_of_provinces": std_of_provinces,
    }
    return steps[fact.statistic]
