"""Records as files, in the formats and with the dirt of collected ones.

A round each in GBK text, in compressed UTF-8, as Parquet and as UTF-8 text; some regions of the
second round came late, in a file of their own. Names of regions are written as each collector
writes them, some lines stand there twice, some name a region that nobody knows. The same
records give the same bytes.
"""

import gzip
import json
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from dagster_project.demonstration.records import ADDRESS, Reading, Records, Samples

FIELDS = ["region", "point", "round", "value", "status", "address", "depth", "time", "collector"]
COLLECTORS = ["爬虫一组", "spider-2", "spider-3", "采集四队"]
LATE_ROUND, LATE_REGIONS = 2, 6
COPIES, STRANGERS = 25, 12
UNKNOWN_NAMES = ["某某新区", "开发区", "测试站点"]
# Thirty people (fact 33); none of them is anybody.
PEOPLE = [
    f"采集员{sign}" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥金木水火土日月山"
]
SECOND_READERS, VERIFIERS = PEOPLE[24:28], PEOPLE[28:]

Rows = list[list[str]]


def assessors(count: int) -> list[list[int]]:
    """The regions that each of the first assessors reads, as places in the register."""
    bounds = np.linspace(0, count, 25).round().astype(int).tolist()
    return [list(range(a, b)) for a, b in pairwise(bounds)]


def read_twice(count: int) -> list[int]:
    """The regions that two people read: every third of the first eight assessors'."""
    return [region for one in assessors(count)[:8] for region in one][::3]


def write_files(
    folder: Path,
    records: Records,
    regions: list[Mapping[str, str]],
    points: Mapping[str, Mapping[str, str]],
    title: str,
    closed: datetime,
    seed: list[int],
) -> dict[str, str]:
    """Writes all files of an edition, and returns which table each holds.

    regions, points: rows of the registers, in the order of the records. title: of the
    edition, as workbooks say it. closed: when the workbooks say they were made.
    """
    draw = np.random.Generator(np.random.PCG64([*seed, 3]))
    names = _names(regions)
    tables: dict[str, str] = {}

    def samples(name: str, rows: Rows) -> None:
        path = folder / name
        if name.endswith(".parquet"):
            _write_parquet(path, rows)
        elif name.endswith(".jsonl"):
            lines = [
                json.dumps(dict(zip(FIELDS, row, strict=True)), ensure_ascii=False) for row in rows
            ]
            path.write_bytes(("\n".join(lines) + "\n").encode())
        else:
            text = "\n".join(map(",".join, [FIELDS, *rows])) + "\n"
            if "gbk" in name:
                path.write_bytes(text.encode("gb18030"))
            elif name.endswith(".gz"):
                path.write_bytes(gzip.compress(text.encode("utf-8-sig"), 6, mtime=0))
            else:
                path.write_bytes(text.encode())
        tables[name] = "samples"

    files = ["samples_1_gbk.csv", "samples_2.csv.gz", "samples_3.parquet", "samples_4.csv"]
    late: set[int] = set()
    for number, (name, one) in enumerate(zip(files, records.samples, strict=True), start=1):
        rows = _rows(one, number, names, regions, points, draw)
        if number == LATE_ROUND:
            chosen = np.argsort(draw.random(len(regions)), kind="stable")[:LATE_REGIONS]
            late = {int(region) for region in chosen}
            # What came late was collected when the next round was under way.
            then = records.samples[number].time
            placed = list(zip(rows, one.region, then, strict=True))
            came_late = [[*row[:7], time, row[8]] for row, region, time in placed if region in late]
            samples("samples_2_late.jsonl", came_late)
            rows = [row for row, region, _ in placed if region not in late]
        samples(name, _with_dirt(rows, draw))

    for name, table, write in (
        ("manual_1.xlsx", "manual", _long_first),
        ("manual_2.xlsx", "manual", _wide_plain),
        ("manual_3.xlsx", "manual", _wide_grouped),
        ("manual_second.xlsx", "manual", _long_second),
        ("verification.xlsx", "verification", _verification),
    ):
        options = {"strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(folder / name, options) as book:
            book.set_properties({"title": title, "created": closed})
            write(book, records, regions, points, title)
        tables[name] = table
    return tables


# Samples


def _names(regions: list[Mapping[str, str]]) -> list[list[str]]:
    """How each region may be called: name, code and those aliases that mean no other."""
    every = [
        [row["region_code"], row["region_name"], *(row.get("aliases") or "").split("|")]
        for row in regions
    ]
    meant: dict[str, int] = {"": 2}
    for one in every:
        for name in set(one):
            meant[name] = meant.get(name, 0) + 1
    return [[name for name in one if meant[name] == 1] for one in every]


def _rows(
    samples: Samples,
    number: int,
    names: list[list[str]],
    regions: list[Mapping[str, str]],
    points: Mapping[str, Mapping[str, str]],
    draw: np.random.Generator,
) -> Rows:
    """Lines of a round. Two collectors write the names of points, two their codes."""
    chance = draw.random(len(names)).tolist()
    # The second collector writes codes, the fourth whatever it finds, the others mostly names.
    called = [
        one[0] if number == 2 else one[1] if number != 4 and u < 0.8 else one[int(u * len(one))]
        for one, u in zip(names, chance, strict=True)
    ]
    codes = [row["region_code"] for row in regions]
    written = {p: row["point_name"] if number in (1, 4) else p for p, row in points.items()}
    words = {"1": "是", "0": "否"} if number == 1 else {}
    presences = {p for p, row in points.items() if row["point_type"] == "presence"}
    collector = COLLECTORS[number - 1]
    return [
        [
            called[region],
            written[point],
            str(number),
            words.get(value, value) if point in presences else value,
            status,
            ADDRESS.format(region=codes[region], point=point),
            depth,
            time,
            collector,
        ]
        for region, point, value, status, depth, time in zip(
            samples.region,
            samples.point,
            samples.value,
            samples.status,
            samples.depth,
            samples.time,
            strict=True,
        )
    ]


def _with_dirt(rows: Rows, draw: np.random.Generator) -> Rows:
    """Some lines twice, some of a region that nobody knows; all of them go to quarantine."""
    places = (draw.random(COPIES + STRANGERS) * len(rows)).astype(int).tolist()
    found = list(rows)
    for number, place in enumerate(places):
        row = rows[place]
        if number >= COPIES:
            row = [UNKNOWN_NAMES[number % len(UNKNOWN_NAMES)], *row[1:]]
        found.append(row)
    return found


def _write_parquet(path: Path, rows: Rows) -> None:
    columns = [pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)]
    pq.write_table(pa.Table.from_arrays(columns, names=FIELDS), path, compression="zstd")


# Workbooks


def _by_person(readings: list[Reading], shares: list[list[int]]) -> list[list[Reading]]:
    """Readings of each person, who has the regions of a share."""
    owner = {region: number for number, one in enumerate(shares) for region in one}
    found: list[list[Reading]] = [[] for _ in shares]
    for reading in readings:
        if reading.region in owner:
            found[owner[reading.region]].append(reading)
    return found


def _explain(book: Any) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.set_column(0, 0, 80)
    for number, line in enumerate(
        (
            "有无类填是或否，分级类填等级，其余填数字",
            "找不到填未找到，无法访问填未采集",
            "请附证据网址",
        )
    ):
        sheet.write_string(number, 0, line)


def _write(sheet: Any, row: int, column: int, text: str) -> None:
    """Whole numbers as numbers, as a spreadsheet keeps them; all else as text."""
    if text.isdigit() and len(text) < 7:
        sheet.write_number(row, column, int(text))
    elif text:
        sheet.write_string(row, column, text)


def _long_first(book: Any, records: Records, regions: Any, points: Any, title: str) -> None:
    """A sheet a person, a row a region and point, the region merged over its points."""
    _explain(book)
    shares = assessors(len(regions))[:8]
    middle = book.add_format({"valign": "vcenter"})
    bold = book.add_format({"bold": True, "bottom": 1})
    for person, readings in zip(PEOPLE, _by_person(records.first, shares), strict=False):
        sheet = book.add_worksheet(person)
        sheet.merge_range(0, 0, 0, 4, f"{title}人工采集表", bold)
        sheet.write_string(1, 0, f"评价员：{person}")
        for column, heading in enumerate(("地区", "评价点位", "答案", "证据", "备注")):
            sheet.write_string(3, column, heading, bold)
        top = 4
        for number, reading in enumerate(readings):
            row = 4 + number
            sheet.write_string(row, 1, points[reading.point]["point_name"])
            for column, text in enumerate((reading.answer, reading.evidence, reading.note), 2):
                _write(sheet, row, column, text)
            following = readings[number + 1].region if number + 1 < len(readings) else None
            if following != reading.region:
                name = regions[reading.region]["region_name"]
                sheet.merge_range(top, 0, row, 0, name, middle)
                top = row + 1


def _wide_plain(book: Any, records: Records, regions: Any, points: Any, title: str) -> None:
    """A sheet a person, a row a region, a column a point; the person in a line above."""
    shares = assessors(len(regions))[8:16]
    people = zip(PEOPLE[8:16], _by_person(records.first, shares), strict=True)
    for number, (person, readings) in enumerate(people, start=1):
        sheet = book.add_worksheet(f"第{number}组")
        sheet.write_string(0, 0, f"{title}人工采集汇总")
        sheet.write_string(1, 0, "评估员：")
        sheet.write_string(1, 1, person)
        _write_wide(sheet, readings, regions, points, heading=2, group=None)


def _wide_grouped(book: Any, records: Records, regions: Any, points: Any, title: str) -> None:
    """The same, with the indicators merged above their points, and the sheet named after who."""
    _explain(book)
    shares = assessors(len(regions))[16:24]
    bold = book.add_format({"bold": True, "align": "center"})
    for person, readings in zip(PEOPLE[16:24], _by_person(records.first, shares), strict=True):
        sheet = book.add_worksheet(person)
        _write_wide(sheet, readings, regions, points, heading=1, group=bold)


def _write_wide(
    sheet: Any, readings: list[Reading], regions: Any, points: Any, heading: int, group: Any
) -> None:
    listed = list(dict.fromkeys(reading.point for reading in readings))
    sheet.write_string(heading, 0, "序号")
    sheet.write_string(heading, 1, "城市")
    for column, point in enumerate(listed, start=2):
        sheet.write_string(heading, column, points[point]["point_name"])
    if group is not None:
        groups = [points[point]["indicator_code"] for point in listed]
        for name in dict.fromkeys(groups):
            first, many = groups.index(name) + 2, groups.count(name)
            if many > 1:
                sheet.merge_range(0, first, 0, first + many - 1, name, group)
            else:
                sheet.write_string(0, first, name, group)
    rows = {
        region: heading + 1 + number
        for number, region in enumerate(dict.fromkeys(reading.region for reading in readings))
    }
    for region, row in rows.items():
        sheet.write_number(row, 0, row - heading)
        sheet.write_string(row, 1, regions[region]["region_name"])
    columns = {point: column for column, point in enumerate(listed, start=2)}
    for reading in readings:
        _write(sheet, rows[reading.region], columns[reading.point], reading.answer)


def _long_second(book: Any, records: Records, regions: Any, points: Any, title: str) -> None:
    """The second readings: one sheet, the person in each row."""
    sheet = book.add_worksheet("复核")
    for column, heading in enumerate(("采集人", "单位", "点位", "结果", "佐证", "说明")):
        sheet.write_string(0, column, heading)
    for row, reading in enumerate(records.second, start=1):
        sheet.write_string(row, 0, SECOND_READERS[reading.region % len(SECOND_READERS)])
        sheet.write_string(row, 1, regions[reading.region]["region_name"])
        sheet.write_string(row, 2, points[reading.point]["point_name"])
        for column, text in enumerate((reading.answer, reading.evidence, reading.note), start=3):
            _write(sheet, row, column, text)


def _verification(book: Any, records: Records, regions: Any, points: Any, title: str) -> None:
    """What a second person read again, technical points too."""
    sheet = book.add_worksheet("核验")
    sheet.write_string(0, 0, f"{title}人工核验")
    for column, heading in enumerate(("地区", "点位", "核验人", "结果", "说明")):
        sheet.write_string(2, column, heading)
    for row, reading in enumerate(records.verified, start=3):
        sheet.write_string(row, 0, regions[reading.region]["region_name"])
        sheet.write_string(row, 1, points[reading.point]["point_name"])
        sheet.write_string(row, 2, VERIFIERS[reading.region % len(VERIFIERS)])
        _write(sheet, row, 3, reading.answer)
        if reading.note:
            sheet.write_string(row, 4, reading.note)
