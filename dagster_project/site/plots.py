"""Charts of an indicator and of the method, drawn into the page as SVG.

Every function takes finished numbers; all texts are escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from dagster_project.site.drawing import STOPS, Pair, line, picture, text, title, width_of
from dagster_project.site.edition import Indicator
from dagster_project.site.figures import Numbers, rounded

# A scale with at most so many values is drawn value by value.
DISCRETE = 12
BINS = 20
WIDTH = 520.0
# So much room names of groups have beside their bars, in pixels.
LONGEST = 190.0


def _bar(css: str, x: float, y: float, width: float, height: float, said: str = "") -> str:
    inner = title(said) if said else ""
    return (
        f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}" '
        f'height="{height:.1f}">{inner}</rect>'
    )


def _sized(
    css: str, width: float, height: float, parts: Sequence[str], label: Pair, role: str
) -> str:
    """An SVG of a class: wide or narrow, of which the style sheet shows the one that the page
    has room for. role: group if it holds links."""
    return (
        f'<svg class="{css}" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'role="{role}" aria-label="{escape(label[0])}" '
        f'data-en-aria-label="{escape(label[1])}">{"".join(parts)}</svg>'
    )


def steps(most: int, wanted: int = 4) -> list[int]:
    """Round numbers from 0 to at least `most`, for an axis."""
    size = 1
    while size * wanted < most:
        size = {"1": 2, "2": 5, "5": 10}[str(size)[0]] * 10 ** (len(str(size)) - 1)
    return list(range(0, most + size, size))


def bins(values: Sequence[float], most: float) -> list[tuple[float, float, int]]:
    """From, to and number of values: of each value of a short scale, else of equal parts of 0
    to `most`, each with its lower bound, the last with its upper too."""
    distinct = sorted(set(values))
    if len(distinct) <= DISCRETE:
        return [(one, one, sum(value == one for value in values)) for one in distinct]
    width = most / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(int(value / width + 1e-9), BINS - 1)] += 1
    return [(place * width, (place + 1) * width, count) for place, count in enumerate(counts)]


def histogram(values: Sequence[float], most: float, mean: float | None, n: Numbers) -> Markup:
    """How many regions have which score, from 0 to the highest possible, and their mean."""
    left, right, top, bottom = 34.0, WIDTH - 8, 30.0, 200.0
    found = bins(values, most)
    ticks = steps(max(count for _, _, count in found))
    discrete = all(low == high for low, high, _ in found)

    def at(value: float) -> float:
        return left + (right - left) * value / most

    def up(count: float) -> float:
        return bottom - (bottom - top) * count / ticks[-1]

    parts: list[str] = []
    for tick in ticks:
        parts.append(line("grid", left, up(tick), right, up(tick)))
        parts.append(text(left - 6, up(tick) + 4, str(tick), "end", "tick"))
    thick = min(28.0, (right - left) / 16)
    for low, high, count in found:
        span = n(low) if low == high else f"{n(low)}–{n(high)}"
        x = min(max(at(low) - thick / 2, left), right - thick) if discrete else at(low) + 0.5
        width = thick if discrete else at(high) - at(low) - 1
        parts.append(_bar("bar", x, up(count), width, bottom - up(count), f"{span}: {count}"))
    parts.append(line("axis", left, bottom, right, bottom))
    for stop in STOPS:
        anchor = "middle" if 0 < stop < 1 else "end" if stop else "start"
        parts.append(text(at(most * stop), bottom + 17, n(most * stop), anchor, "tick"))
    if mean is not None:
        parts.append(line("mean", at(mean), top - 8, at(mean), bottom))
        before = at(mean) > (left + right) / 2
        parts.append(
            text(
                at(mean) + (-6 if before else 6),
                top - 10,
                (f"均值 {n(mean)}", f"mean {n(mean)}"),
                "end" if before else "start",
                "said",
            )
        )
    parts.append(text(0, 12, ("地区数", "Regions"), name="tick"))
    return picture(WIDTH, bottom + 24, parts, ("得分分布", "Distribution of scores"))


def bars(
    rows: Sequence[tuple[Pair, float]], most: float, mean: float | None, n: Numbers, form: str
) -> Markup:
    """A bar a group from 0 to `most`, with its value, and the mean of all as a line."""
    # On a telephone letters are a quarter larger.
    shown = [tuple(_cut(one, LONGEST) for one in name) for name, _ in rows]
    longest = 1.25 * max(width_of(one) for name in shown for one in name)
    left, right, row = longest + 12, WIDTH - 64, 22.0
    bottom = 20 + row * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * value / most

    parts: list[str] = []
    values: list[str] = []
    for place, ((zh, en), (_, value)) in enumerate(zip(shown, rows, strict=True)):
        y = 20 + row * place
        parts.append(text(left - 10, y + 14, (zh, en), "end"))
        parts.append(_bar("bar", left, y + 3, at(value) - left, row - 8))
        values.append(text(at(value) + 6, y + 14, n(value, form), name="value"))
    parts.append(line("axis", left, 18, left, bottom))
    if mean is not None:
        parts.append(line("mean", at(mean), 16, at(mean), bottom))
        parts.append(
            text(at(mean), 11, (f"全部 {n(mean, form)}", f"all {n(mean, form)}"), "middle", "said")
        )
    # The values over the line, which would strike them through.
    return picture(WIDTH, bottom + 4, [*parts, *values], ("各组均值", "Means of groups"))


def over_editions(rows: Sequence[tuple[str, float]], n: Numbers) -> Markup:
    """Mean score rates 0..1 by edition."""
    left, right, top, bottom = 50.0, WIDTH - 40, 22.0, 170.0
    step = (right - left - 60) / max(len(rows) - 1, 1)
    spots = [
        (left + 30 + step * place, bottom - (bottom - top) * rate, edition, rate)
        for place, (edition, rate) in enumerate(rows)
    ]
    parts: list[str] = []
    for stop in STOPS:
        y = bottom - (bottom - top) * stop
        parts.append(line("grid", left, y, right, y))
        parts.append(text(left - 6, y + 4, f"{stop:.0%}", "end", "tick"))
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in spots)
    parts.append(f'<polyline class="line now" points="{drawn}"/>')
    for x, y, edition, rate in spots:
        parts.append(f'<circle class="dot now" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        parts.append(text(x, y - 10 if rate < 0.9 else y + 20, n(rate, "rate"), "middle", "said"))
        parts.append(text(x, bottom + 18, edition, "middle", "tick"))
    return picture(WIDTH, bottom + 24, parts, ("历年平均得分率", "Mean rates by edition"))


# As wide as a page on a telephone.
NARROW = 358.0
LEVEL_ROW = 30.0
TREE = ("指标体系图", "The indicator tree")


def tree(
    indicators: Mapping[str, Indicator],
    rates: Mapping[str, float | None],
    address: Callable[[str], str],
    n: Numbers,
) -> Markup:
    """The indicators with their weights, and for each without children a bar for its share of
    the total, filled to the mean score rate; side by side, and below each other for narrow pages.

    indicators: each with its parts right after it. rates: means 0..1 by code. address: of the page
    of an indicator.
    """
    wide = _tree_wide(indicators, rates, address, n)
    return Markup(wide + _tree_narrow(indicators, rates, address, n))


def _share(one: Indicator) -> str:
    return "" if one.level == 0 else f"{rounded(100 * one.weight_share, 2)}%".replace(".00%", "%")


def _tree_narrow(
    indicators: Mapping[str, Indicator],
    rates: Mapping[str, float | None],
    address: Callable[[str], str],
    n: Numbers,
) -> str:
    """A row an indicator, set in by its level."""
    deep, box, leaf, indent = max(one.level for one in indicators.values()), 30.0, 44.0, 12.0
    left = indent * deep
    per_point = (NARROW - left - 112) / max(
        one.max_score for one in indicators.values() if not one.children
    )
    parts: list[str] = []
    y = 0.0
    for code, one in indicators.items():
        rate = rates.get(code)
        x = indent * one.level
        row = leaf if not one.children else box
        room = NARROW - x - 62
        names = (_cut(one.name, room), _cut(one.name_en, room))
        css = " upright" if one.level == 0 else ""
        said = f"{one.name} {one.name_en}"
        # Plain below the bar and its value, whatever the level.
        shade = min(one.level, 3) if one.children else 3
        shape = _bar(f"node level-{shade}", x, y, NARROW - x, row - 3, said)
        words = text(x + 8, y + 18, names, name=css.strip())
        words += text(NARROW - 8, y + 18, _share(one), "end", "weight")
        parts.append(f'<a href="{escape(address(code))}">{shape}{words}</a>')
        if not one.children:
            whole = one.max_score * per_point
            parts.append(_bar("full", left + 8, y + 26, whole, 9))
            if rate is not None:
                parts.append(_bar("bar", left + 8, y + 26, whole * rate, 9))
            printed = _points(one, rate, n)
            parts.append(text(left + whole + 14, y + 35, printed, name="value"))
        y += row
    return _sized("narrow", NARROW, y, parts, TREE, "group")


def _tree_wide(
    indicators: Mapping[str, Indicator],
    rates: Mapping[str, float | None],
    address: Callable[[str], str],
    n: Numbers,
) -> str:
    """From the total at the left to the indicators without children at the right, a row each."""
    leaves = [code for code, one in indicators.items() if not one.children]
    depth = max(one.level for one in indicators.values())
    widths = [44.0, *(_column(indicators, level) for level in range(1, depth + 1))]
    lefts = [sum(widths[:level]) for level in range(depth + 2)]
    scale_left = lefts[depth + 1] + 16
    width = 1152.0 if depth > 1 else max(760.0, scale_left + 340)
    most = max(indicators[code].max_score for code in leaves)
    per_point = (width - scale_left - 122) / most
    rows = {code: place for place, code in enumerate(leaves)}
    top = 30.0
    parts: list[str] = [
        text(
            lefts[level] + 8,
            16,
            (f"{level} 级", f"Level {level}"),
            name="tick",
        )
        for level in range(1, depth + 1)
    ]
    parts.append(
        text(
            scale_left,
            16,
            ("在总分中的满分；深色为全部地区的均值", "Points of the total; dark: mean of all"),
            name="tick",
        )
    )

    def span(code: str) -> tuple[int, int]:
        children = indicators[code].children
        if not children:
            return rows[code], rows[code]
        spans = [span(child) for child in children]
        return spans[0][0], spans[-1][1]

    for code, one in indicators.items():
        first, last = span(code)
        y, height = top + LEVEL_ROW * first, LEVEL_ROW * (last - first + 1) - 3
        x = lefts[one.level]
        end = lefts[depth + 1] if not one.children else lefts[one.level + 1]
        share = _share(one)
        rate = rates.get(code)
        box = _bar(
            f"node level-{min(one.level, 3)}",
            x,
            y,
            end - x - 3,
            height,
            f"{one.name} {one.name_en}",
        )
        if one.level == 0:
            middle = y + height / 2
            names = (_cut(one.name, height * 0.75), _cut(one.name_en, height * 0.75))
            words = f'<g transform="translate({x + 26:.0f} {middle:.0f}) rotate(-90)">'
            words += text(0, 0, names, "middle", "upright") + "</g>"
            parts.append(box + words)
            continue
        room = end - x - 3
        names = (_cut(one.name, room - 44), _cut(one.name_en, room - 44))
        middle = y + height / 2
        words = text(x + 8, middle + 4, names) + text(end - 10, middle + 4, share, "end", "weight")
        parts.append(f'<a href="{escape(address(code))}">{box}{words}</a>')
        if one.children:
            continue
        whole = one.max_score * per_point
        parts.append(_bar("full", scale_left, y + 5, whole, height - 10))
        if rate is not None:
            parts.append(_bar("bar", scale_left, y + 5, whole * rate, height - 10))
        said = _points(one, rate, n)
        parts.append(text(scale_left + whole + 8, middle + 4, said, name="value"))
    height = top + LEVEL_ROW * len(leaves) + 4
    return _sized("wide", width, height, parts, TREE, "group")


def _column(indicators: Mapping[str, Indicator], level: int) -> float:
    """How wide a level of the tree has to be for its names in both languages and its weights."""
    of_level = [one for one in indicators.values() if one.level == level]
    longest = max(width_of(name) for one in of_level for name in (one.name, one.name_en))
    has_parts = any(one.children for one in of_level)
    return min(max(longest + 56, 150.0), 230.0 if has_parts else 290.0)


def _points(one: Indicator, rate: float | None, n: Numbers) -> str:
    """Full marks of an indicator, and the mean rate if there is one."""
    return " · ".join([n(one.max_score), *([n(rate, "rate")] if rate is not None else [])])


def _cut(name: str, room: float) -> str:
    """As much of a name as so many pixels hold."""
    if width_of(name) <= room:
        return name
    kept = name
    while len(kept) > 1 and width_of(f"{kept}…") > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


@dataclass(frozen=True)
class Cut:
    """The lower bound of a band. position: how many regions stand at or above it; automatic:
    the position of the automatic choice, if there is one."""

    band: str
    lower: float
    position: int
    automatic: int | None


def gaps(
    totals: Sequence[float],
    most: float,
    candidates: Mapping[int, tuple[str, float]],
    cuts: Sequence[Cut],
    bands: Sequence[str],
    n: Numbers,
) -> Markup:
    """The sorted totals with the cuts between bands, and below them the relative drop to the
    next region where a cut may lie.

    totals: the highest first. candidates: band and relative gap by position from 1. cuts: in
    the order of the bands. bands: all of them, the best first.
    """
    return Markup(
        "".join(
            _gaps(css, width, totals, most, candidates, cuts, bands, n)
            for css, width in (("wide", 1152.0), ("narrow", NARROW))
        )
    )


def _gaps(
    css: str,
    width: float,
    totals: Sequence[float],
    most: float,
    candidates: Mapping[int, tuple[str, float]],
    cuts: Sequence[Cut],
    bands: Sequence[str],
    n: Numbers,
) -> str:
    """The same as a picture of a class and width."""
    narrow = width <= NARROW
    left, top, middle = 48.0, 70.0, 350.0
    below, bottom = (middle + 46, middle + 190) if candidates else (middle, middle)
    right = width - 12

    def at(position: float) -> float:
        return left + (right - left) * (position - 0.5) / len(totals)

    def high(score: float) -> float:
        return middle - (middle - top) * score / most

    parts: list[str] = []
    for stop in STOPS:
        parts.append(line("grid", left, high(most * stop), right, high(most * stop)))
        parts.append(text(left - 8, high(most * stop) + 4, n(most * stop), "end", "tick"))
    parts.append(text(0, 12, ("得分，按名次排列", "Score, in the order of the ranks"), name="tick"))
    starts = [0, *(cut.position for cut in cuts)]
    ends = [*starts[1:], len(totals)]
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        drawn = " ".join(
            f"{at(position):.1f},{high(totals[position - 1]):.1f}"
            for position in range(start + 1, end + 1)
        )
        if not drawn:
            continue
        parts.append(f'<polyline class="sorted band-{place + 1}" points="{drawn}"/>')
        parts.append(text(at((start + end + 1) / 2), top - 32, bands[place], "middle", "band-name"))
        parts.append(
            text(
                at((start + end + 1) / 2),
                top - 16,
                (f"{end - start} 个", f"{end - start}" if narrow else f"{end - start} regions"),
                "middle",
                "tick",
            )
        )
    largest = max((gap for _, gap in candidates.values()), default=0.0)

    def deep(gap: float) -> float:
        return bottom - (bottom - below) * gap / largest

    if candidates:
        parts.append(line("axis", left, bottom, right, bottom))
        parts.append(text(left - 8, bottom + 4, "0", "end", "tick"))
        parts.append(text(left - 8, below + 4, n(largest, "rate"), "end", "tick"))
    for position, (band, gap) in sorted(candidates.items()):
        stem = f"stem band-{bands.index(band) + 1}" if band in bands else "stem"
        parts.append(
            f'<path class="{stem}" d="M{at(position):.1f} {bottom:.1f}V{deep(gap):.1f}">'
            f"{title(f'{position}: ' + n(gap, 'rate'))}</path>"
        )
    for place, cut in enumerate(cuts):
        x = at(cut.position + 0.5)
        parts.append(line("mean", x, top - 4, x, bottom))
        before = x > width - (100 if narrow else 130)
        label = f"{cut.band} ≥ {n(cut.lower)}"
        # In little room they stand below each other.
        y = top + 8 + (15 * place if narrow else 0)
        parts.append(
            text(x + (-6 if before else 6), y, label, "end" if before else "start", "said")
        )
        if cut.automatic is not None and cut.automatic in candidates:
            y = deep(candidates[cut.automatic][1])
            parts.append(
                f'<circle class="automatic" cx="{at(cut.automatic):.1f}" cy="{y:.1f}" r="5"/>'
            )
    if candidates:
        caption = ("与下一名的相对分差", "Relative drop to the next region")
        parts.append(text(0, below - 16, caption, name="tick said"))
    for step in steps(len(totals), 6)[:-1]:
        position = max(step, 1)
        if at(position) < right - 42:
            parts.append(text(at(position), bottom + 18, str(position), "middle", "tick"))
    parts.append(text(right, bottom + 18, ("名次", "Rank"), "end", "tick"))
    label_of_all = ("总分排序与分界", "Sorted totals and cuts")
    return _sized(css, width, bottom + 24, parts, label_of_all, "img")
