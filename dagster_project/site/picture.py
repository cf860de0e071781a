"""The key picture of an edition, for the page of the asset that publishes it."""

import base64
import math
from pathlib import Path

from markupsafe import escape

from dagster_project.site.edition import TOTAL, Edition

COLOURS = ("#17457e", "#4a84c0", "#c39a3d", "#b0522b", "#7a5c8a", "#5d6b78")
PLAIN = "#1d4f8b"
INK = "#57626f"
BINS = 40
WIDTH, HEIGHT = 560, 150


def key_picture(folder: Path) -> str:
    """How the total scores of a revision are distributed, by band and with the cuts, as
    Markdown that needs no file. Of the first group, if there are several."""
    edition = Edition(folder)
    group = edition.groups[0]
    rows = group.rankings[group.rankings["score"].notna()]
    full = edition.tree[TOTAL].max_score
    step = WIDTH / BINS
    bands = list(dict.fromkeys(rows["band"].fillna("")))
    counts: dict[int, dict[str, int]] = {}
    for score, band in zip(rows["score"], rows["band"].fillna(""), strict=True):
        place = min(BINS - 1, math.floor(score / full * BINS))
        stack = counts.setdefault(place, {})
        stack[band] = stack.get(band, 0) + 1
    top = max((sum(stack.values()) for stack in counts.values()), default=1)
    parts = []
    for place, stack in sorted(counts.items()):
        y = float(HEIGHT)
        for number, band in enumerate(bands):
            height = (HEIGHT - 20) * stack.get(band, 0) / top
            y -= height
            if height:
                fill = COLOURS[number % len(COLOURS)] if len(bands) > 1 else PLAIN
                parts.append(
                    f'<rect x="{place * step + 0.5:.1f}" y="{y:.1f}" width="{step - 1:.1f}" '
                    f'height="{height:.1f}" fill="{fill}"/>'
                )
    cuts = edition.rows("grade_cuts", object_group=group.name)
    lowest = rows["score"].min()
    for band, cut in dict(
        zip(cuts.get("band", []), cuts.get("band_lower", []), strict=True)
    ).items():
        if cut > lowest:
            x = cut / full * WIDTH
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{HEIGHT}" stroke="{INK}" '
                f'stroke-dasharray="4 3"/><text x="{x + 3:.1f}" y="10" fill="{INK}">'
                f"{escape(band)} {cut:.{edition.decimals}f}</text>"
            )
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT + 16}" '
        f'font-family="sans-serif" font-size="11">{"".join(parts)}'
        f'<line x1="0" x2="{WIDTH}" y1="{HEIGHT}" y2="{HEIGHT}" stroke="#888"/>'
        f'<text x="0" y="{HEIGHT + 13}" fill="{INK}">0</text>'
        f'<text x="{WIDTH}" y="{HEIGHT + 13}" fill="{INK}" text-anchor="end">{full:g}</text></svg>'
    )
    encoded = base64.b64encode(picture.encode()).decode()
    return f"![distribution of total scores](data:image/svg+xml;base64,{encoded})"
