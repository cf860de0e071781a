"""Small charts drawn into the page as SVG: what stands hundreds of times, and what Vega-Lite
has no mark for. Colours are variables of the style sheet, so that they follow light and dark.

Every function takes finished numbers. `text` and `title` escape what they are given; nothing
else here takes a text of others.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
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

    @property
    def name_en(self) -> str: ...


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
    return lines(css, [(x1, y1, x2, y2)])


def lines(css: str, ends: Iterable[tuple[float, float, float, float]]) -> str:
    """Straight lines of a class, as one mark."""
    drawn = "".join(f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}" for x1, y1, x2, y2 in ends)
    return f'<path class="{css}" d="{drawn}"/>'


def radar(
    label: Pair,
    axes: Sequence[Pair],
    series: Sequence[tuple[str, str, Sequence[float | None]]],
    numbers: Numbers,
) -> Markup:
    """Rates 0..1 on axes around a centre. series: name, class, values in the order of axes."""
    width, height = 440.0, 340.0
    cx, cy, r = width / 2, height / 2 + 12, 108.0
    turns = [2 * math.pi * place / len(axes) - math.pi / 2 for place in range(len(axes))]

    def at(turn: float, share: float) -> tuple[float, float]:
        return cx + r * share * math.cos(turn), cy + r * share * math.sin(turn)

    def path(shares: Sequence[float]) -> str:
        spots = (at(turn, share) for turn, share in zip(turns, shares, strict=True))
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)

    parts = [text(0, 14, label, name="first")]
    for stop in STOPS[1:]:
        parts.append(f'<polygon class="grid" points="{path([stop] * len(axes))}"/>')
        parts.append(text(cx + 4, cy - r * stop + 11, f"{stop:.0%}", name="tick"))
    for turn, axis in zip(turns, axes, strict=True):
        parts.append(line("grid", cx, cy, *at(turn, 1)))
        x, y = at(turn, 1.1)
        across = math.cos(turn)
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        parts.append(_folded(x, y + 4 + 6 * math.sin(turn), axis, anchor, math.sin(turn)))
    for name, css, values in series:
        shares = [value or 0.0 for value in values]
        parts.append(f'<polygon class="line {css}" points="{path(shares)}"/>')
        for turn, share, value, axis in zip(turns, shares, values, axes, strict=True):
            x, y = at(turn, share)
            parts.append(
                f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" r="3">'
                + title(f"{name} {' '.join(dict.fromkeys(axis))}: {numbers(value, 'rate')}")
                + "</circle>"
            )
    y = 34.0
    for name, css, _ in reversed(series):
        parts.append(line(f"line {css}", 0, y - 4, 22, y - 4))
        parts.append(text(28, y, name))
        y += 18
    return picture(width, height, parts, label)


# At the side of a radar there is room for so many Latin letters; a Chinese character takes two.
FOLD = 15


def _folded(
    x: float, y: float, name: Pair, anchor: str = "start", down: float = 1, css: str = ""
) -> str:
    """A text in lines where it is long, which grow downwards; upwards, if down is -1."""
    both = []
    for one in name:
        pieces = fold(one)
        start = -13 * (len(pieces) - 1) * (1 - down) / 2
        both.append(
            "".join(
                f'<tspan x="{x:.0f}" dy="{13 if place else start:.0f}">{escape(piece)}</tspan>'
                for place, piece in enumerate(pieces)
            )
        )
    words = both[0]
    if name[0] != name[1]:
        words = f'<tspan class="zh">{both[0]}</tspan><tspan class="en">{both[1]}</tspan>'
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    named = f' class="{css}"' if css else ""
    return f'<text y="{y:.0f}"{placed}{named}>{words}</text>'


def fold(name: str) -> list[str]:
    """A name in lines of about FOLD letters: Latin between words, Chinese anywhere."""
    if " " not in name:
        size = FOLD // 2
        count = math.ceil(len(name) / size) if name > "\u2e7f" else 1
        size = math.ceil(len(name) / max(count, 1))
        return [name[at : at + size] for at in range(0, len(name), size)] or [""]
    pieces = [""]
    for word in name.split(" "):
        if pieces[-1] and len(pieces[-1]) + len(word) >= FOLD:
            pieces.append(word)
        else:
            pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces


def tile_map(laid: Sequence[Tile], means: Mapping[str, float], numbers: Numbers) -> Markup:
    """A tile a province-level division, shaded by its mean; those without one are empty."""
    side, gap = 43.0, 3.0
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
            f'<g class="tile {shade}">{title(f"{tile.name} {tile.short_en} {printed}")}'
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{side:.0f}" height="{side:.0f}"/>'
            + text(x + side / 2, y + 19, (tile.short, tile.iso), "middle", "name")
            + text(x + side / 2, y + 34, printed, "middle", "value")
            + "</g>"
        )
    width = (max(tile.column for tile in laid) + 1) * (side + gap) - gap
    height = (max(tile.row for tile in laid) + 1) * (side + gap) - gap
    for place in range(SHADES):
        parts.append(
            f'<rect class="shade-{place + 1}" x="{place * 20}" y="{height - 10:.0f}" '
            'width="20" height="10"/>'
        )
    parts.append(text(0, height - 15, numbers(lowest), name="tick"))
    parts.append(text(SHADES * 20.0, height - 15, numbers(highest), "end", "tick"))
    return picture(width, height, parts, ("各省平均分方格图", "Tiles of the provinces' means"))


# Width of what stands in half a page, and space for names at the left of its rows.
HALF = 500.0
NAMES = 170.0
ROW = 27.0


def profile(
    rows: Sequence[tuple[Named, int, float | None, Sequence[float | None]]],
    own: Pair,
    others: Sequence[tuple[str, Pair]],
    numbers: Numbers,
) -> Markup:
    """A row an indicator: a dot for the region's rate 0..1, marks for the others' means. rows:
    indicator, level, rate, means; others: class and name of each mean."""
    longest = max(width_of(name) for one, *_ in rows for name in (one.name, one.name_en))
    left = min(max(NAMES, longest + 28), HALF / 2)
    scale = HALF - left - 62
    parts = []
    x, top = 0.0, 10.0
    for css, name in [("own", own), *others]:
        wide = 16 + max(map(width_of, name))
        if x and x + wide > HALF:
            x, top = 0.0, top + 20
        parts.append(_mark(css, x + 6, top))
        parts.append(text(x + 16, top + 4, name, name="tick"))
        x += wide + 18
    top += 30

    def at(rate: float) -> float:
        return left + scale * min(max(rate, 0), 1)

    bottom = top + ROW * len(rows)
    parts.append(lines("grid", ((at(stop), top - 6, at(stop), bottom) for stop in STOPS)))
    for stop in STOPS:
        parts.append(text(at(stop), bottom + 14, f"{stop:.0%}", "middle", "tick"))
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
        parts.append(text(HALF, y + 4, numbers(rate, "rate"), "end"))
    return picture(HALF, bottom + 20, parts, ("与均值比较", "Beside the means"))


def width_of(content: str) -> float:
    """About how wide a text of charts is; Chinese characters take two Latin ones."""
    return sum(12.5 if character > "\u2e7f" else 6.6 for character in content)


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
    row = 25.0
    largest = max(abs(value) for _, value in rows)
    middle, half = NAMES + 180, 90.0
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
    return picture(HALF, height, parts, ("强项与弱项", "Strengths and weaknesses"))


def course(
    editions: Sequence[str],
    ranks: Sequence[float | None],
    series: Sequence[tuple[Pair, Sequence[float | None]]],
    numbers: Numbers,
) -> Markup:
    """Rates over the editions: small charts side by side, the first with the ranks."""
    deepest = max(len(fold(said)) for name, _ in series for said in name)
    width, top = 150.0, 46.0 + 13 * (deepest - 1)
    bottom = top + 100
    last = len(editions) - 1
    step = (width - 60) / max(last, 1)
    charts = []
    levels = [bottom - (bottom - top) * stop for stop in (0, 0.5, 1)]
    for place, (name, rates) in enumerate(series):
        parts = [_folded(0, 14, name, css="first")]
        parts.append(lines("grid", ((0, y, width, y) for y in levels)))
        spots = [
            (30 + step * number, bottom - (bottom - top) * rate, rate, number)
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
            x, rank = 30 + step * number, ranks[number]
            parts.append(text(x, bottom + 16, editions[number], "middle", "tick"))
            if not place and rank is not None:
                parts.append(text(x, bottom + 31, f"({rank:.0f})", "middle", "tick"))
        charts.append(picture(width, bottom + 36, parts, name))
    return side_by_side(charts)


def side_by_side(pictures: Sequence[Markup]) -> Markup:
    """Pictures in a line, or below each other where the page is narrow."""
    return Markup(f'<div class="beside">{"".join(pictures)}</div>')
