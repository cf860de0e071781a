"""Small charts drawn into the page as SVG: what stands hundreds of times, and what Vega-Lite
has no mark for. Colours are variables of the style sheet, so that they follow light and dark.

Every function takes finished numbers. `text` and `title` escape what they are given; nothing
else here takes a text of others.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol

from markupsafe import Markup, escape

from dagster_project.site.figures import Numbers
from dagster_project.site.names import Tile

Pair = tuple[str, str]


class Named(Protocol):
    """An indicator, as far as it is drawn."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...


# Shades of a tile, from the lowest to the highest.
SHADES = 6
STOPS = (0, 0.25, 0.5, 0.75, 1)


def band_colours(count: int) -> list[str]:
    """Colours of bands, the best first, as names of variables."""
    return [f"--band-{place}" for place in range(1, count + 1)]


def text(x: float, y: float, content: str | Pair, anchor: str = "start", name: str = "") -> str:
    """A text at a place; a pair stands there in both languages. name: its class."""
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    named = f' class="{name}"' if name else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{placed}{named}>{_both(content)}</text>'


def indicator(x: float, y: float, one: Named, name: str = "") -> str:
    """The name of an indicator, which the script puts into the language."""
    named = f' class="{name}"' if name else ""
    placed = f'x="{x:.0f}" y="{y:.0f}"{named}'
    return f'<text {placed} data-i="{escape(one.code)}">{escape(one.name)}</text>'


@cache
def _both(content: str | Pair) -> str:
    if isinstance(content, str):
        return str(escape(content))
    zh, en = (str(escape(one)) for one in content)
    if zh == en:
        return zh
    return f'<tspan class="zh">{zh}</tspan><tspan class="en">{en}</tspan>'


def title(content: str) -> str:
    """What a browser shows of a mark under the pointer."""
    return f"<title>{escape(content)}</title>"


def picture(width: float, height: float, parts: Sequence[str], label: Pair) -> Markup:
    """An SVG of a size in pixels of its own, that shrinks with the page."""
    return Markup(
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{escape(label[0])}" data-en-aria-label="{escape(label[1])}">'
        f"{''.join(parts)}</svg>"
    )


def line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line of a class."""
    return f'<line class="{css}" x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"/>'


def radar(
    axes: Sequence[Pair],
    lines: Sequence[tuple[str, str, Sequence[float | None]]],
    numbers: Numbers,
    size: float = 560,
) -> Markup:
    """Rates 0..1 on axes around a centre. lines: name, class, values in the order of axes."""
    width, height = size, size * 0.8
    cx, cy, r = width / 2, height / 2 + 8, height * 0.34
    turns = [2 * math.pi * place / len(axes) - math.pi / 2 for place in range(len(axes))]

    def at(turn: float, share: float) -> tuple[float, float]:
        return cx + r * share * math.cos(turn), cy + r * share * math.sin(turn)

    def path(shares: Sequence[float]) -> str:
        spots = (at(turn, share) for turn, share in zip(turns, shares, strict=True))
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)

    parts = []
    for stop in STOPS[1:]:
        parts.append(f'<polygon class="grid" points="{path([stop] * len(axes))}"/>')
        parts.append(text(cx + 4, cy - r * stop + 11, f"{stop:.0%}", name="tick"))
    for turn, axis in zip(turns, axes, strict=True):
        parts.append(line("grid", cx, cy, *at(turn, 1)))
        x, y = at(turn, 1.09)
        across = math.cos(turn)
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        parts.append(text(x, y + 4, axis, anchor))
    for name, css, values in lines:
        shares = [value or 0.0 for value in values]
        parts.append(f'<polygon class="line {css}" points="{path(shares)}"/>')
        for turn, share, value, axis in zip(turns, shares, values, axes, strict=True):
            x, y = at(turn, share)
            parts.append(
                f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" r="3">'
                + title(f"{name} {axis[0]}: {numbers(value, 'rate')}")
                + "</circle>"
            )
    y = 14.0
    for name, css, _ in reversed(lines):
        parts.append(line(f"line {css}", 4, y - 4, 26, y - 4))
        parts.append(text(32, y, name))
        y += 18
    return picture(width, height, parts, ("各指标平均得分率雷达图", "Radar of mean score rates"))


def tile_map(laid: Sequence[Tile], means: Mapping[str, float], numbers: Numbers) -> Markup:
    """A tile a province-level division, shaded by its mean; those without one are empty."""
    side, gap = 66.0, 4.0
    lowest, highest = min(means.values()), max(means.values())
    parts = []
    for tile in laid:
        x, y = tile.column * (side + gap), tile.row * (side + gap)
        mean = means.get(tile.name)
        shade = "none"
        if mean is not None:
            share = (mean - lowest) / (highest - lowest) if highest > lowest else 1.0
            shade = f"shade-{min(SHADES, 1 + int(share * SHADES))}"
        printed = numbers(mean)
        parts.append(
            f'<g class="tile {shade}">{title(f"{tile.name} {printed}")}'
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{side:.0f}" height="{side:.0f}"/>'
            + text(x + side / 2, y + 30, (tile.short, tile.short_en), "middle", "name")
            + text(x + side / 2, y + 49, printed, "middle", "value")
            + "</g>"
        )
    width = (max(tile.column for tile in laid) + 1) * (side + gap) - gap
    height = (max(tile.row for tile in laid) + 1) * (side + gap) - gap
    for place in range(SHADES):
        parts.append(
            f'<rect class="shade-{place + 1}" x="{place * 30}" y="{height - 34:.0f}" '
            'width="30" height="12"/>'
        )
    parts.append(text(0, height - 40, numbers(lowest), name="tick"))
    parts.append(text(SHADES * 30.0, height - 40, numbers(highest), "end", "tick"))
    return picture(width, height, parts, ("各省平均分方格图", "Tiles of the provinces' means"))


# Space for names at the left of rows, and between rows.
NAMES = 180.0
ROW = 27.0
# Small charts side by side.
IN_A_LINE = 4


def profile(
    rows: Sequence[tuple[Named, int, float | None, Sequence[float | None]]],
    own: Pair,
    others: Sequence[tuple[str, Pair]],
    numbers: Numbers,
) -> Markup:
    """A row an indicator: a dot for the region's rate 0..1, marks for the others' means. rows:
    indicator, level, rate, means; others: class and name of each mean."""
    width, left, top = 640.0, NAMES, 44.0
    scale = width - left - 70

    def at(rate: float) -> float:
        return left + scale * min(max(rate, 0), 1)

    bottom = top + ROW * len(rows)
    parts = []
    for stop in STOPS:
        parts.append(line("grid", at(stop), top - 6, at(stop), bottom))
        parts.append(text(at(stop), bottom + 14, f"{stop:.0%}", "middle", "tick"))
    x = 0.0
    for css, name in [("own", own), *others]:
        parts.append(_mark(css, x + 6, 10))
        parts.append(text(x + 16, 14, name))
        x += 16 + max(12.5 * len(name[0]), 6.2 * len(name[1])) + 18
    for place, (one, level, rate, means) in enumerate(rows):
        y = top + ROW * place + ROW / 2
        first = level == 1
        parts.append(indicator(0 if first else 14, y + 4, one, "first" if first else ""))
        known = [found for found in [rate, *means] if found is not None]
        if known:
            parts.append(line("span", at(min(known)), y, at(max(known)), y))
        parts += [
            _mark(css, at(mean), y)
            for (css, _), mean in zip(others, means, strict=True)
            if mean is not None
        ]
        if rate is not None:
            parts.append(_mark("own", at(rate), y))
        parts.append(text(width, y + 4, numbers(rate, "rate"), "end"))
    return picture(width, bottom + 20, parts, ("与均值比较", "Beside the means"))


def _mark(css: str, x: float, y: float) -> str:
    """The sign of a series, told apart by shape and not by colour alone."""
    if css == "nation":
        return f'<path class="mark {css}" d="M{x:.1f} {y - 7:.1f}v14"/>'
    if css == "class":
        return f'<path class="mark {css}" d="M{x:.1f} {y - 4.5:.1f}l4.5 4.5-4.5 4.5-4.5-4.5z"/>'
    return (
        f'<circle class="mark {css}" cx="{x:.1f}" cy="{y:.1f}" r="{5.5 if css == "own" else 4}"/>'
    )


def diverging(rows: Sequence[tuple[Named, float]], numbers: Numbers) -> Markup:
    """Bars from a common line, to the right above zero; rows: indicator and difference of rates."""
    width, row = 640.0, 25.0
    largest = max(abs(value) for _, value in rows)
    middle, half = NAMES + 230, 150.0
    parts = []
    for place, (one, value) in enumerate(rows):
        y = row * place + 4
        length = half * abs(value) / largest
        parts.append(indicator(0, y + 14, one))
        parts.append(
            f'<rect class="{"ahead" if value > 0 else "behind"}" '
            f'x="{middle - (length if value < 0 else 0):.1f}" y="{y + 3:.0f}" '
            f'width="{length:.1f}" height="14"/>'
        )
        beside = middle + (length + 6 if value > 0 else -length - 6)
        parts.append(
            text(beside, y + 14, numbers(value, "points"), "start" if value > 0 else "end")
        )
    height = row * len(rows) + 8
    parts.append(line("axis", middle, 0, middle, height))
    return picture(width, height, parts, ("强项与弱项", "Strengths and weaknesses"))


def course(
    editions: Sequence[str],
    ranks: Sequence[float | None],
    lines: Sequence[tuple[Pair, Sequence[float | None]]],
    numbers: Numbers,
) -> Markup:
    """Rates over the editions: small charts side by side, the first with the ranks."""
    each, height, gap = 150.0, 176.0, 14.0
    last = len(editions) - 1
    parts = []
    for place, (name, rates) in enumerate(lines):
        left = place % IN_A_LINE * (each + gap)
        under = place // IN_A_LINE * height
        top, bottom = under + 36, under + 136
        parts.append(text(left, under + 14, name, name="first"))
        for stop in (0, 0.5, 1):
            y = bottom - (bottom - top) * stop
            parts.append(line("grid", left, y, left + each, y))
        step = (each - 60) / max(last, 1)
        spots = [
            (left + 30 + step * number, bottom - (bottom - top) * rate, rate, number)
            for number, rate in enumerate(rates)
            if rate is not None
        ]
        if len(spots) > 1:
            drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in spots)
            parts.append(f'<polyline class="line now" points="{drawn}"/>')
        for x, y, rate, number in spots:
            parts.append(f'<circle class="dot now" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>')
            if number in (0, last):
                parts.append(text(x, y - 9, numbers(rate, "rate"), "middle"))
        for number in sorted({0, last}):
            x, rank = left + 30 + step * number, ranks[number]
            parts.append(text(x, bottom + 16, editions[number], "middle", "tick"))
            if not place and rank is not None:
                parts.append(text(x, bottom + 31, f"({rank:.0f})", "middle", "tick"))
    label = ("历年得分率", "Rates by edition")
    width = min(len(lines), IN_A_LINE) * (each + gap) - gap
    return picture(width, math.ceil(len(lines) / IN_A_LINE) * height, parts, label)
