"""The preview as an HTML page that needs nothing beside it: styles and pictures are inside."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dagster_project.files import write_aside
from dagster_project.preview.compute import NATION, EditionPreview

MOST_MOVERS = 30
MOST_REGIONS = 40


def write(path: Path, editions: Sequence[EditionPreview], assumed: Sequence[str]) -> None:
    """Writes the page of a preview."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    environment.filters["signed"] = _signed
    text = environment.get_template("page.html").render(
        editions=[(one, _pictures(one)) for one in editions],
        assumed=list(assumed),
        names=NAMES,
        nation=NATION,
    )
    write_aside(path, text)


NAMES = {
    "score": "得分 score",
    "rank": "排名 rank",
    "band": "类型 band",
    "grade": "等级 grade",
    "provisional": "暂定 provisional",
}


def _pictures(one: EditionPreview) -> dict[str, Any]:
    """What the pictures draw, in pixels of their own drawing."""
    return {
        "histogram": _histogram(one.histograms),
        "movers": _movers(one),
        "means": _means(one),
    }


def _histogram(found: dict[str, Any]) -> dict[str, Any] | None:
    """Two outlines of bars, 640 x 180."""
    if not found or not found["before"]:
        return None
    top = max([*found["before"], *found["after"], 1])
    step = 640 / len(found["after"])

    def outline(counts: list[int]) -> str:
        points = ["0,180"]
        for place, count in enumerate(counts):
            height = 180 - 170 * count / top
            points += [f"{place * step:.1f},{height:.1f}", f"{(place + 1) * step:.1f},{height:.1f}"]
        return " ".join([*points, "640,180"])

    return {
        "before": outline(found["before"]),
        "after": outline(found["after"]),
        "lowest": found["lowest"],
        "highest": found["highest"],
    }


def _movers(one: EditionPreview) -> dict[str, Any] | None:
    """Ranks before and after, a line a region, 1 at the left."""
    rows = [region for region in one.regions if region.ranks_risen][:MOST_MOVERS]
    if not rows:
        return None
    last = max(max(region.before["rank"], region.after["rank"]) for region in rows)
    scale = 400 / max(last - 1, 1)
    return {
        "height": 22 * len(rows) + 24,
        "last": last,
        "rows": [
            {
                "name": region.region_name,
                "y": 22 * place + 14,
                "before": 160 + (region.before["rank"] - 1) * scale,
                "after": 160 + (region.after["rank"] - 1) * scale,
                "text": f"{region.before['rank']} → {region.after['rank']}",
                "risen": (region.ranks_risen or 0) > 0,
            }
            for place, region in enumerate(rows)
        ],
    }


def _means(one: EditionPreview) -> dict[str, Any] | None:
    """Changes of mean scores as bars from a common line, the largest first."""
    rows = [row for row in one.means if row["change"]]
    rows = sorted(rows, key=lambda row: -abs(row["change"]))[:MOST_REGIONS]
    if not rows:
        return None
    largest = max(abs(row["change"]) for row in rows)
    return {
        "height": 20 * len(rows) + 8,
        "rows": [
            {
                "name": row["region"],
                "y": 20 * place + 4,
                "x": 360 + min(row["change"], 0) / largest * 190,
                "width": abs(row["change"]) / largest * 190,
                "text": _signed(row["change"]),
                "risen": row["change"] > 0,
            }
            for place, row in enumerate(rows)
        ],
    }


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.4f}"
