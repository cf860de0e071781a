"""The formulas of the definitions, both ways: from values to rates, and from a wanted rate to
values that an observer could have recorded.

Values are float64 arrays, one number a region: NaN is not collected, NOT_FOUND is a date, duration
or depth that was looked for and is not there (of all else what is not there is 0). Rates lie
between 0 and 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dagster_project.errors import GovIndexError

Numbers = NDArray[np.float64]
Expression = list[Any]

NOT_FOUND = -1.0
# Formulas whose rate depends on the other regions.
RELATIVE = ("min_max_volume", "percentile_volume", "z_score")
# Formulas that hold others.
NESTED = ("gate", "geometric_mean", "weighted_mean")
# An age at which a freshness is taken to be nothing, in half-lives.
OLDEST = 5


# From values to rates


class Evaluation:
    """Rates of expressions over the values of all regions.

    values: {point: value per region}. agreement: share of the rounds that agree with the
    value, of the points whose stability counts.
    """

    def __init__(self, values: Mapping[str, Numbers], agreement: Mapping[str, Numbers]):
        self.values = values
        self.agreement = agreement

    def rate(self, expression: Expression) -> Numbers:
        """The rate of an expression [formula, argument...] in every region."""
        found: Numbers = getattr(self, expression[0])(*expression[1:])
        return found

    def _known(self, point: str, rate: Numbers) -> Numbers:
        return np.where(np.isnan(self.values[point]), np.nan, rate)

    def presence(self, point: str) -> Numbers:
        return self._known(point, (self.values[point] > 0).astype(float))

    def checklist_share(self, points: list[str]) -> Numbers:
        return _mean(np.ones(len(points)), [self.presence(point) for point in points])

    def graded_presence(self, point: str, top: float) -> Numbers:
        return np.asarray(np.clip(self.values[point] / top, 0, 1))

    capped_volume = coverage = graded_presence

    def log_volume(self, point: str, cap: float) -> Numbers:
        return np.asarray(np.clip(np.log1p(self.values[point]) / np.log1p(cap), 0, 1))

    def min_max_volume(self, point: str) -> Numbers:
        values = self.values[point]
        low, high = np.nanmin(values), np.nanmax(values)
        if low == high:
            return self.presence(point)
        return self._known(point, (values - low) / (high - low))

    def percentile_volume(self, point: str) -> Numbers:
        values = self.values[point]
        known = np.sort(values[~np.isnan(values)])
        return self._known(point, np.searchsorted(known, values) / (len(known) - 1))

    def z_score(self, point: str) -> Numbers:
        values = self.values[point]
        z = (values - np.nanmean(values)) / (np.nanstd(values) or 1.0)
        return np.asarray(np.clip(0.5 + z / 6, 0, 1))

    def _shares(self, points: list[str]) -> tuple[Numbers, Numbers]:
        counts = np.stack([np.nan_to_num(self.values[point]) for point in points])
        whole = counts.sum(axis=0)
        return counts / np.maximum(whole, 1e-300), whole

    def aggregation(self, points: list[str]) -> Numbers:
        shares, whole = self._shares(points)
        logs = np.log(np.where(shares > 0, shares, 1.0))
        return np.where(whole > 0, 1 + (shares * logs).sum(axis=0) / np.log(len(points)), 0.0)

    def herfindahl(self, points: list[str]) -> Numbers:
        shares, whole = self._shares(points)
        even = 1 / len(points)
        return np.where(whole > 0, ((shares**2).sum(axis=0) - even) / (1 - even), 0.0)

    def freshness(self, point: str, half_life: float) -> Numbers:
        age = self.values[point]
        return np.where(age == NOT_FOUND, 0.0, 0.5 ** (np.maximum(age, 0) / half_life))

    def promised_days(self, point: str, promised: float, zero_at: float) -> Numbers:
        return self.inverse_goalposts(point, promised, zero_at)

    def inverse_goalposts(self, point: str, best: float, worst: float) -> Numbers:
        days = self.values[point]
        rate = np.clip((worst - days) / (worst - best), 0, 1)
        return np.where(days == NOT_FOUND, 0.0, rate)

    def steps(self, point: str, thresholds: list[list[float]]) -> Numbers:
        rate = np.zeros(len(self.values[point]))
        for threshold, reached in thresholds:
            rate = np.where(self.values[point] >= threshold, reached, rate)
        return self._known(point, rate)

    def piecewise_linear(self, point: str, corners: list[list[float]]) -> Numbers:
        x, y = zip(*corners, strict=True)
        return self._known(point, np.interp(self.values[point], x, y))

    def accuracy_share(self, correct: str, asked: str, minimum: float) -> Numbers:
        questions = self.values[asked]
        share = np.clip(self.values[correct] / np.maximum(questions, 1), 0, 1)
        return np.where(questions == 0, 0.0, np.where(questions >= minimum, share, np.nan))

    def page_depth(self, point: str) -> Numbers:
        depth = self.values[point]
        rate = np.where((depth >= 1) & (depth <= 6), (7 - depth) / 6, 0.0)
        return self._known(point, rate)

    def channel_consistency(self, common: str, either: str) -> Numbers:
        both, any_of = self.values[common], self.values[either]
        return np.where(any_of == 0, 0.0, np.clip(both / np.maximum(any_of, 1), 0, 1))

    def round_stability(self, point: str) -> Numbers:
        return self._known(point, np.where(self.values[point] > 0, self.agreement[point], 0.0))

    def deduction(self, point: str, each: float) -> Numbers:
        return np.maximum(1 - each * np.maximum(self.values[point], 0), 0)

    def gate(self, point: str, inner: Expression) -> Numbers:
        return self._known(point, np.where(self.values[point] > 0, self.rate(inner), 0.0))

    def geometric_mean(self, inners: list[Expression]) -> Numbers:
        rates = np.stack([self.rate(inner) for inner in inners])
        known = ~np.isnan(rates)
        product = np.where(known, rates, 1.0).prod(axis=0)
        count = known.sum(axis=0)
        return np.where(count > 0, product ** (1 / np.maximum(count, 1)), np.nan)

    def weighted_mean(self, parts: list[tuple[float, Expression]]) -> Numbers:
        weights = np.array([weight for weight, _ in parts])
        return _mean(weights, [self.rate(inner) for _, inner in parts])


def _mean(weights: Numbers, rates: list[Numbers]) -> Numbers:
    """Mean of what is known, weights rescaled; NaN where nothing is."""
    stacked = np.stack(rates)
    known = ~np.isnan(stacked)
    whole = (weights[:, None] * np.where(known, stacked, 0.0)).sum(axis=0)
    weight = (weights[:, None] * known).sum(axis=0)
    return np.where(weight > 0, whole / np.maximum(weight, 1e-300), np.nan)


def points_of(expression: Expression) -> list[str]:
    """The points of an expression, in order."""
    found: list[str] = []
    for argument in expression[1:] if isinstance(expression[0], str) else expression:
        if isinstance(argument, str):
            found.append(argument)
        elif isinstance(argument, list) and argument:
            numbers = all(not isinstance(one, str | list) for one in argument)
            if all(isinstance(one, str) for one in argument):
                found += argument
            elif isinstance(argument[0], str) and not numbers:
                found += points_of(argument)
            elif not numbers:
                for one in argument:
                    inner = one[1] if isinstance(one[0], int | float) and len(one) == 2 else one
                    if isinstance(inner, list):
                        found += points_of(inner)
    return list(dict.fromkeys(found))


def weighted_parts(expression: Expression) -> list[tuple[float, Expression]]:
    """The parts of an indicator behind its gate, with their weights."""
    if expression[0] == "gate":
        expression = expression[2]
    if expression[0] == "weighted_mean":
        return [(weight, inner) for weight, inner in expression[1]]
    return [(1.0, expression)]


def checklists(expression: Expression) -> list[list[str]]:
    """The points of every checklist inside an expression."""
    if expression and expression[0] == "checklist_share":
        return [expression[1]]
    return [
        points for inner in expression if isinstance(inner, list) for points in checklists(inner)
    ]


# From a wanted rate to values

Choice = tuple[Numbers, dict[str, Numbers]]


@dataclass(frozen=True)
class Table:
    """All settings of a part and the rate of each, rising.

    values: {point: value of each setting}; of a checklist the number of things found stands
    under "".
    """

    rates: Numbers
    values: dict[str, Numbers]

    @property
    def step(self) -> float:
        """How far apart neighbouring rates are, on the average."""
        return 1 / max(len(self.rates) - 1, 1)

    def nearest(self, want: Numbers, low: Numbers, high: Numbers) -> Choice:
        """The setting nearest to a rate, between bounds if any lies there."""
        rates = self.rates
        right = np.clip(np.searchsorted(rates, want), 1, len(rates) - 1)
        left_is_nearer = want - rates[right - 1] <= rates[right] - want
        index = np.where(left_is_nearer, right - 1, right)
        first = np.searchsorted(rates, np.round(low, 9) - 1e-9)
        last = np.searchsorted(rates, np.round(high, 9) + 1e-9, side="right") - 1
        index = np.clip(np.minimum(np.maximum(index, first), last), 0, len(rates) - 1)
        return rates[index], {point: values[index] for point, values in self.values.items()}


@dataclass(frozen=True)
class Places:
    """A part over counts at several places or channels, whose sizes differ by region.

    counts: from a wanted rate and a size, the counts at each point. rate: from the counts.
    """

    points: list[str]
    sizes: Numbers
    counts: Callable[[Numbers, Numbers], list[Numbers]]
    rate: Callable[[Mapping[str, Numbers]], Numbers]
    step: float = 0.001

    def nearest(self, want: Numbers, low: Numbers, high: Numbers) -> Choice:
        """Tries a dozen sizes from the region's own on, and takes the one that comes nearest."""
        want = np.clip(want, np.clip(low, 0, 1), np.clip(high, 0, 1))
        best: Choice | None = None
        for more in range(12):
            size = self.sizes + more
            counts = dict(zip(self.points, self.counts(want, size), strict=True))
            rate = self.rate(counts)
            if best is None:
                best = rate, counts
                continue
            better = np.abs(rate - want) < np.abs(best[0] - want) - 1e-9
            best = (
                np.where(better, rate, best[0]),
                {p: np.where(better, counts[p], best[1][p]) for p in self.points},
            )
        assert best is not None
        return best


def inverse(
    expression: Expression, points: Mapping[str, Mapping[str, str]], sizes: Numbers
) -> Table | Places:
    """What turns a wanted rate of a formula into values.

    points: the register of points by code. sizes: a number per region, 0..1, for how much
    there is to count.
    """
    name, *arguments = expression
    found: Table | Places = _INVERSES[name](arguments, points, sizes)
    return found


def _table(rates: Any, **values: Any) -> Table:
    """A table in the order of its rates, one setting for each."""
    rates = np.asarray(rates, dtype=float)
    _, index = np.unique(np.round(rates, 9), return_index=True)
    return Table(
        rates[index], {point: np.asarray(one, dtype=float)[index] for point, one in values.items()}
    )


def _is_share(point: Mapping[str, str]) -> bool:
    return point["point_type"] in ("aggregation", "accuracy") and point["highest"] == "1"


def _counted(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, cap = arguments
    if _is_share(points[point]):
        # Shares are read to a tenth of a per cent, those judged by people to half a one.
        fine = 1000 if points[point]["method"] == "technical" else 200
        values = np.arange(round(fine * cap) + 1) / fine
        return _table(np.minimum(values / cap, 1), **{point: values})
    values = np.arange(round(cap) + 1)
    return _table(values / cap, **{point: values})


def _logarithmic(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, cap = arguments
    values = np.arange(cap + 1)
    return _table(np.log1p(values) / np.log1p(cap), **{point: values})


def _stepped(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, thresholds = arguments
    return _table([0, *(one[1] for one in thresholds)], **{point: [0, *(t[0] for t in thresholds)]})


def _linear(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, corners = arguments
    values = np.arange(1001) / 1000
    x, y = zip(*corners, strict=True)
    values = values[values <= x[-1]]
    return _table(np.interp(values, x, y), **{point: values})


def _deep(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    return _table(
        [0, *(level / 6 for level in range(1, 7))], **{arguments[0]: [NOT_FOUND, *range(6, 0, -1)]}
    )


def _aged(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, half_life = arguments
    ages = np.arange(OLDEST * half_life + 1)
    return _table([0, *(0.5 ** (ages / half_life))], **{point: [NOT_FOUND, *ages]})


def _days(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, best, worst = arguments
    fine = 10 if points[point]["method"] == "technical" else 1
    days = np.arange(best * fine, worst * fine) / fine
    return _table([0, *((worst - days) / (worst - best))], **{point: [NOT_FOUND, *days]})


def _listed(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    count = len(arguments[0])
    found = np.arange(count + 1)
    return Table(found / count, {"": found.astype(float)})


def _present(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    return _table([0, 1], **{arguments[0]: [0, 1]})


def _stable(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    # Of four rounds two (the latest among them), three or all agree.
    point = arguments[0]
    return _table(
        [0, 0.5, 0.75, 1], **{point: [0, 1, 1, 1], f"{point} agreement": [1, 0.5, 0.75, 1]}
    )


def _answered(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    correct, asked, minimum = arguments
    count = 2 * minimum
    right = np.arange(count + 1)
    return _table(right / count, **{correct: right, asked: np.full(count + 1, count)})


def _gated(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    point, inner = arguments
    if inner[0] != "deduction":
        raise GovIndexError(
            f"the demonstration can turn a gate inside an indicator into values only before "
            f"deduction; {point} stands before {inner[0]}, so let the gate hold the whole "
            "indicator, or describe another formula"
        )
    _, counted, each = inner
    found = np.arange(round(1 / each))
    return _table(
        [0, *(1 - each * found)],
        **{point: [0, *np.ones(len(found))], counted: [0, *found]},
    )


def _balanced(arguments: list[Any], points: Any, sizes: Numbers) -> Table:
    """Two parts, neither far from the other; of many settings of the first some thirty."""
    one, other = (_as_table(inverse(inner, points, sizes)) for inner in arguments[0])
    few = np.unique(np.linspace(0, len(one.rates) - 1, 31).round().astype(int))
    first = np.repeat(few, len(other.rates))
    second = np.tile(np.arange(len(other.rates)), len(few))
    a, b = one.rates[first], other.rates[second]
    near = (np.abs(a - b) <= 0.35) & ((a > 0) == (b > 0))
    first, second = first[near], second[near]
    return _table(
        np.sqrt(a[near] * b[near]),
        **{point: values[first] for point, values in one.values.items()},
        **{point: values[second] for point, values in other.values.items()},
    )


def _as_table(found: Table | Places) -> Table:
    if not isinstance(found, Table):
        raise GovIndexError(
            "the demonstration cannot turn a geometric mean of counts over places "
            f"({', '.join(found.points)}) into values; describe another formula"
        )
    return found


def _of_channels(arguments: list[Any], points: Any, sizes: Numbers) -> Places:
    common, either = arguments

    def counts(want: Numbers, size: Numbers) -> list[Numbers]:
        return [np.rint(want * size), size]

    def rate(values: Mapping[str, Numbers]) -> Numbers:
        return Evaluation(values, {}).channel_consistency(common, either)

    return Places([common, either], np.rint(320 + 300 * sizes), counts, rate)


def _concentrated(
    arguments: list[Any], sizes: Numbers, formula: str, share: Callable[[Numbers], Numbers]
) -> Places:
    """Counts of which one place has a share and the others the same each."""
    places = arguments[0]

    def counts(want: Numbers, size: Numbers) -> list[Numbers]:
        here = np.rint(size * share(want))
        first = np.rint((size - here) / (len(places) - 1))
        others = [first] * (len(places) - 2)
        last = size - here - sum(others)
        # The second place is the one where things are gathered.
        return [last, here, *others] if len(places) > 2 else [here, last]

    def rate(values: Mapping[str, Numbers]) -> Numbers:
        return np.asarray(getattr(Evaluation(values, {}), formula)(places))

    return Places(places, np.rint(90 + 210 * sizes), counts, rate)


def _herfindahl(arguments: list[Any], points: Any, sizes: Numbers) -> Places:
    n = len(arguments[0])
    return _concentrated(
        arguments, sizes, "herfindahl", lambda want: (1 + (n - 1) * np.sqrt(want)) / n
    )


def _entropy(arguments: list[Any], points: Any, sizes: Numbers) -> Places:
    n = len(arguments[0])
    share = np.linspace(1 / n, 1, 2001)
    rest = (1 - share) / (n - 1)
    logs = share * np.log(share) + (n - 1) * rest * np.log(np.where(rest > 0, rest, 1))
    rates = 1 + logs / np.log(n)
    return _concentrated(
        arguments, sizes, "aggregation", lambda want: np.interp(want, rates, share)
    )


_INVERSES: dict[str, Callable[[list[Any], Any, Numbers], Table | Places]] = {
    "accuracy_share": _answered,
    "aggregation": _entropy,
    "capped_volume": _counted,
    "channel_consistency": _of_channels,
    "checklist_share": _listed,
    "coverage": _counted,
    "freshness": _aged,
    "gate": _gated,
    "geometric_mean": _balanced,
    "graded_presence": _counted,
    "herfindahl": _herfindahl,
    "inverse_goalposts": _days,
    "log_volume": _logarithmic,
    "page_depth": _deep,
    "piecewise_linear": _linear,
    "presence": _present,
    "promised_days": _days,
    "round_stability": _stable,
    "steps": _stepped,
}
