"""Small charts drawn into the page as SVG: what stands hundreds of times, and what Vega-Lite
has no mark for. Colours are variables of the style sheet, so that they follow light and dark.

Every function takes finished numbers; all texts are escaped.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dagster_project.site.figures import Numbers
from dagster_project.site.names import Tile

Pair = tuple[str, str]
# Shades of a tile, from the lowest to the highest.
SHADES = 6
STOPS = (0, 0.25, 0.5, 0.75, 1)


def band_colours(count: int) -> list[str]:
    """Colours of bands, the best first, as names of variables."""
    return [f"--band-{place}" for place in range(1, count + 1)]


def text(x: float, y: float, content: Any, anchor: str = "start", name: str = "") -> Markup:
    """A text at a place; a pair stands there in both languages."""
    if isinstance(content, tuple):
        inner = (
            Markup('<tspan class="zh">{}</tspan><tspan class="en" lang="en">{}</tspan>').format(
                *content
            )
            if content[0] != content[1]
            else Markup("{}").format(content[0])
        )
    else:
        inner = Markup("{}").format(content)
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}>{}</text>').format(
        x, y, anchor, Markup(' class="{}"').format(name) if name else "", inner
    )


def picture(width: float, height: float, parts: Sequence[Markup], label: Pair) -> Markup:
    """An SVG of a size in pixels of its own, that shrinks with the page."""
    return Markup(
        '<svg viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" role="img" aria-label="{zh}" '
        'data-en-aria-label="{en}">{parts}</svg>'
    ).format(w=width, h=height, zh=label[0], en=label[1], parts=Markup("").join(parts))


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
        return " ".join(
            "{:.1f},{:.1f}".format(*at(turn, share))
            for turn, share in zip(turns, shares, strict=True)
        )

    parts = []
    for stop in STOPS[1:]:
        parts.append(Markup('<polygon class="grid" points="{}"/>').format(path([stop] * len(axes))))
        parts.append(text(cx + 4, cy - r * stop + 11, f"{stop:.0%}", name="tick"))
    for turn, axis in zip(turns, axes, strict=True):
        x, y = at(turn, 1)
        parts.append(
            Markup('<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
                cx, cy, x, y
            )
        )
        x, y = at(turn, 1.09)
        across = math.cos(turn)
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        parts.append(text(x, y + 4, axis, anchor))
    for name, css, values in lines:
        shares = [value or 0.0 for value in values]
        parts.append(Markup('<polygon class="line {}" points="{}"/>').format(css, path(shares)))
        for turn, share, value, axis in zip(turns, shares, values, axes, strict=True):
            x, y = at(turn, share)
            parts.append(
                Markup(
                    '<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="3"><title>{} {}: {}</title>'
                    "</circle>"
                ).format(css, x, y, name, axis[0], numbers(value, "rate"))
            )
    y = 14.0
    for name, css, _ in reversed(lines):
        parts.append(
            Markup('<line class="line {}" x1="4" y1="{y}" x2="26" y2="{y}"/>').format(css, y=y - 4)
        )
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
        said_mean = "—" if mean is None else numbers(mean)
        parts.append(
            Markup(
                '<g class="tile {}"><title>{} {}</title><rect x="{:.0f}" y="{:.0f}" '
                'width="{:.0f}" height="{:.0f}"/>{}{}</g>'
            ).format(
                shade,
                tile.name,
                said_mean,
                x,
                y,
                side,
                side,
                text(x + side / 2, y + 30, (tile.short, tile.short_en), "middle", "name"),
                text(x + side / 2, y + 49, said_mean, "middle", "value"),
            )
        )
    width = (max(tile.column for tile in laid) + 1) * (side + gap) - gap
    height = (max(tile.row for tile in laid) + 1) * (side + gap) - gap
    step = (highest - lowest) / SHADES
    for place in range(SHADES):
        x, y = place * 30.0, height - 34
        parts.append(
            Markup(
                '<rect class="key shade-{}" x="{:.0f}" y="{:.0f}" width="30" height="12"/>'
            ).format(place + 1, x, y)
        )
    parts.append(text(0, height - 40, numbers(lowest), name="tick"))
    parts.append(text(SHADES * 30.0, height - 40, numbers(lowest + SHADES * step), "end", "tick"))
    return picture(width, height, parts, ("各省平均分方格图", "Tiles of the provinces' means"))
