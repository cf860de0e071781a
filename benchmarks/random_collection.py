"""A collection of full size with values at random: 334 to 337 regions, 257 points, four rounds.

Drawn with a fixed seed, inside the domains of the points.
"""

import csv
import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
import yaml

from dagster_project.frameworks import framework
from dagster_project.registers import edition_of, rows_in_effect

FRAMEWORK = "internet_service"
FIELDS = ["region", "point", "round", "value", "status", "address", "depth", "time", "collector"]
# The experts of 2019 named the last regions of the bands, so these must come in that order.
LAST_OF_BAND = {"511500": 0.85, "430900": 0.6, "411600": 0.35}


def value_of(draw: random.Random, point: dict[str, str], level: float, end: date) -> str:
    """A value in the domain of a point."""
    # As many questions are asked as can be answered right.
    highest = float(point["highest"] or (20.0 if point["share_of"] else 100.0))
    match point["point_type"]:
        case "accuracy" if point["point_code"].endswith("_asked"):
            return "20"
        case "presence":
            return str(int(draw.random() < level))
        case "aggregation":
            return f"{draw.random():.3f}"
        case "date":
            return (end - timedelta(days=draw.randint(0, 400))).isoformat()
        case "accuracy" if highest == 1:
            return f"{draw.random():.2f}"
        case _:
            return str(round(draw.random() * level * highest))


def write_edition(raw: Path, edition: str) -> None:
    """Writes the files of an edition and their source.yml."""
    draw = random.Random(int(edition))
    folder = raw / FRAMEWORK / edition
    folder.mkdir(parents=True)
    line = edition_of(FRAMEWORK, edition)
    start, end = line.collection_from, line.collection_to
    regions = rows_in_effect("divisions", FRAMEWORK, edition)
    points = framework(FRAMEWORK).point_rows(edition)
    level = {row["region_code"]: 0.1 + 0.8 * draw.random() for row in regions} | LAST_OF_BAND
    tables = {}
    for number in (1, 2, 3, 4):
        day = start + timedelta(days=10 * number)
        path = folder / f"round_{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(FIELDS)
            for region in regions:
                for point in points:
                    if point["method"] != "technical":
                        continue
                    chance = draw.random()
                    value = value_of(draw, point, level[region["region_code"]], end)
                    status = "observed"
                    if chance < 0.06:
                        value, status = "", "not_collected" if chance < 0.03 else "not_found"
                    place = f"http://www.example.gov.cn/{point['point_code']}"
                    row = [region["region_name"], point["point_code"], number, value, status]
                    writer.writerow([*row, place, draw.randint(0, 6), f"{day}T08:00:00", "crawler"])
        tables[path.name] = "samples"
    manual = [point for point in points if point["method"] == "manual"]
    for name, people, listed in (
        ("manual.xlsx", {"one": regions, "two": regions[::10]}, manual),
        ("verification.xlsx", {"three": regions[::20]}, points[:40]),
    ):
        with xlsxwriter.Workbook(folder / name) as book:
            for person, part in people.items():
                sheet = book.add_worksheet(person)
                sheet.write_row(0, 0, ["地区", "点位", "答案", "证据", "备注"])
                rows = [(region, point) for region in part for point in listed]
                for place, (region, point) in enumerate(rows, start=1):
                    value = value_of(draw, point, level[region["region_code"]], end)
                    sheet.write_row(place, 0, [region["region_name"], point["point_name"], value])
        tables[name] = name.partition(".")[0]
    files = {}
    for name, table in tables.items():
        content = (folder / name).read_bytes()
        checksum = hashlib.sha256(content).hexdigest()
        files[name] = {"table": table, "sha256": checksum, "size": len(content)}
    source = dict.fromkeys(("title", "producer", "address", "licence", "collected_on"), "random")
    text = yaml.safe_dump({**source, "synthetic": True, "files": files})
    (folder / "source.yml").write_text(text, encoding="utf-8")
