"""A collection of 12 regions, all points, four rounds, in the formats and with the dirt of real
ones. Everything an observer could have recorded; drawn with a fixed seed.

Of the platform it knows only the contract in raw/README.md and the registers.
"""

import csv
import gzip
import hashlib
import json
import random
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import yaml

# Names as collectors write them; codes, aliases and full names are mixed on purpose.
REGIONS = {
    "440300": ["深圳市", "深圳", "广东省深圳市", "440300"],
    "510100": ["成都市", "成都", "四川成都", "510100"],
    "440100": ["广州市", "广州", "广东广州", "440100"],
    "511500": ["宜宾市", "宜宾", "四川宜宾市", "511500"],
    "430900": ["益阳市", "益阳", "湖南省益阳市", "430900"],
    "411600": ["周口市", "周口", "河南周口", "411600"],
    "533400": ["迪庆藏族自治州", "迪庆州", "迪庆市", "533400"],
    "220200": ["吉林市", "吉林省吉林市", "吉林市", "220200"],
    "371200": ["莱芜市", "莱芜", "山东莱芜", "371200"],
    "540300": ["昌都市", "昌都", "西藏昌都", "540300"],
    "632800": ["海西蒙古族藏族自治州", "海西州", "青海海西州", "632800"],
    "150100": ["呼和浩特市", "呼和浩特", "内蒙古呼和浩特", "150100"],
}
END = date(2019, 1, 31)
FIELDS = ["region", "point", "round", "value", "status", "address", "depth", "time", "collector"]


def points(project: Path) -> list[dict[str, str]]:
    """The points of 2019 from the register."""
    path = project / "dbt_project" / "seeds" / "internet_service__points.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["last_edition"] in ("", "2019")]


def reading(draw: random.Random, point: dict[str, str], level: float) -> str:
    """What an observer records of a point in a region of a level (0..1)."""
    kind = point["point_type"]
    highest = float(point["highest"]) if point["highest"] else None
    if kind == "presence":
        return str(int(draw.random() < level))
    if kind == "graded":
        return str(round(draw.random() * level * highest))
    if kind == "aggregation":
        return f"{draw.random() * level:.3f}"
    if kind == "accuracy" and highest == 1:
        return f"{draw.random() * level:.2f}"
    if kind == "accuracy":
        asked = "asked" in point["point_code"]
        return str(draw.choice([4, 5, 10, 12, 20]) if asked else draw.randint(0, 4))
    if kind == "date":
        return (END - timedelta(days=draw.randint(0, 500))).isoformat()
    if kind == "duration":
        return str(draw.randint(0, 25))
    if point["unit"] == "层":
        return str(draw.randint(1, 8))
    return str(draw.randint(0, round(6 + 60 * level)))


def technical(project: Path, draw: random.Random) -> list[dict[str, str]]:
    """The technical samples, a dict a row, with missing ones, copies and an unknown name."""
    rows = []
    levels = {code: 0.15 + 0.07 * number for number, code in enumerate(REGIONS)}
    for code, names in REGIONS.items():
        for point in points(project):
            if point["method"] != "technical":
                continue
            for number in (1, 2, 3, 4):
                chance = draw.random()
                # Of one region a sixth was never reached.
                lost = code == "632800" and hash_of(point["point_code"]) % 6 == 0
                status = (
                    "not_collected"
                    if lost or chance < 0.02
                    else "not_found"
                    if chance < 0.08
                    else "observed"
                )
                value = reading(draw, point, levels[code]) if status == "observed" else ""
                rows.append(
                    {
                        "region": draw.choice(names),
                        "point": draw.choice([point["point_code"], point["point_name"]]),
                        "round": str(number),
                        "value": value,
                        "status": status,
                        "address": f"http://www.example.gov.cn/{point['point_code']}",
                        "depth": str(draw.randint(0, 6)),
                        "time": f"{date(2018, 12, 3) + timedelta(days=14 * (number - 1))}T09:30:00",
                        "collector": f"c{number}",
                    }
                )
    return rows


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def write(project: Path, folder: Path) -> None:
    """Writes all files of the edition 2019 and their source.yml."""
    draw = random.Random(20190131)
    folder.mkdir(parents=True)
    rows = technical(project, draw)
    rounds = {number: [row for row in rows if row["round"] == number] for number in "1234"}
    # Dirt: exact copies, names nobody knows, a sample of round 2 that came late, in file 4.
    rounds["1"] += [rounds["1"][5], rounds["1"][77]]
    rounds["3"] += [{**rounds["3"][0], "region": "吉林"}, {**rounds["3"][1], "region": "某某市"}]
    rounds["4"].insert(10, rounds["2"].pop(40))
    tables = {}
    with (folder / "round_1_gbk.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rounds["1"])
    with gzip.open(folder / "round_2.csv.gz", "wt", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rounds["2"])
    lines = [json.dumps(row, ensure_ascii=False) for row in rounds["3"]]
    (folder / "round_3.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pd.DataFrame(rounds["4"]).to_parquet(folder / "round_4.parquet")
    for name in ("round_1_gbk.csv", "round_2.csv.gz", "round_3.jsonl", "round_4.parquet"):
        tables[name] = "samples"
    write_long(project, draw, folder / "manual_long.xlsx")
    write_wide(project, draw, folder / "manual_wide.xlsx")
    tables |= {"manual_long.xlsx": "manual", "manual_wide.xlsx": "manual"}
    write_verification(project, draw, folder / "verification.xlsx")
    tables["verification.xlsx"] = "verification"
    source = {
        "title": "Twelve regions, drawn for a proof",
        "producer": "tests",
        "address": "none",
        "licence": "none",
        "collected_on": "2018-12",
        "synthetic": True,
        "files": {
            name: {
                "table": table,
                "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
                "size": (folder / name).stat().st_size,
            }
            for name, table in tables.items()
        },
    }
    text = yaml.safe_dump(source, allow_unicode=True, sort_keys=False)
    (folder / "source.yml").write_text(text, encoding="utf-8")


def manual_points(project: Path) -> list[dict[str, str]]:
    """The manual points of 2019; first those of accuracy, which two assessors read."""
    manual = [point for point in points(project) if point["method"] == "manual"]
    return sorted(manual, key=lambda point: point["point_type"] != "accuracy")


def in_words(draw: random.Random, point: dict[str, str], value: str) -> str:
    """An answer as people write it."""
    if point["point_type"] == "presence":
        yes, no = (
            ["是", "有", "√", "是（见首页）", "有，需登录"],
            ["否", "无", "×", "没有", "无（栏目为空）"],
        )
        return draw.choice(yes if value == "1" else no)
    if point["point_type"] in ("volume", "duration", "graded"):
        return draw.choice([value, f"{value}（实测）", f" {value} "])
    return value


def write_long(project: Path, draw: random.Random, path: Path) -> None:
    """Two assessors, a sheet each: title rows, a region merged over its points, blanks."""
    book = openpyxl.Workbook()
    book.active.title = "填写说明"
    book.active["A1"] = "请如实填写；无法访问请填“未采集”"
    for person, regions in (("张三", list(REGIONS)), ("李四", list(REGIONS)[:6])):
        sheet = book.create_sheet(person)
        sheet["A1"] = "2019年政府互联网服务能力人工采集表"
        sheet.merge_cells("A1:E1")
        sheet["A2"] = f"评价员：{person}"
        sheet.append([])
        sheet.append(["地区", "评价点位", "答案", "证据", "备注"])
        top = 5
        for code in regions:
            listed = manual_points(project)[:40]
            for number, point in enumerate(listed):
                value = reading(draw, point, 0.6)
                chance = draw.random()
                answer = in_words(draw, point, value)
                if chance < 0.03:
                    answer = None
                elif chance < 0.05:
                    answer = "未采集"
                elif chance < 0.09:
                    answer = "未找到"
                sheet.append(
                    [
                        REGIONS[code][0] if number == 0 else None,
                        point["point_name"],
                        answer,
                        draw.choice(["http://e.example/1.png", None]),
                        draw.choice([None, "复核"]),
                    ]
                )
            sheet.merge_cells(
                start_row=top, end_row=top + len(listed) - 1, start_column=1, end_column=1
            )
            top += len(listed)
    book.save(path)


def write_wide(project: Path, draw: random.Random, path: Path) -> None:
    """One assessor: a row a region, a column a point, groups of points merged above them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "王五"
    listed = manual_points(project)[40:]
    sheet.append(["人工采集汇总（第二组）"])
    sheet.append(["序号", "城市", *(point["indicator_code"] for point in listed)])
    sheet.append([None, None, *(point["point_name"] for point in listed)])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    groups = [point["indicator_code"] for point in listed]
    for group in dict.fromkeys(groups):
        first, count = groups.index(group) + 3, groups.count(group)
        if count > 1:
            sheet.merge_cells(
                start_row=2, end_row=2, start_column=first, end_column=first + count - 1
            )
    for number, code in enumerate(REGIONS, start=1):
        answers = []
        for point in listed:
            chance = draw.random()
            value = reading(draw, point, 0.5)
            answer = in_words(draw, point, value)
            answers.append(None if chance < 0.04 else "未找到" if chance < 0.08 else answer)
        sheet.append([number, REGIONS[code][1], *answers])
    book.save(path)


def write_verification(project: Path, draw: random.Random, path: Path) -> None:
    """A second person read a sample of points again, technical ones too."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "赵六"
    sheet.append(["地区", "点位", "核验人", "结果", "说明"])
    again = draw.sample([(code, point) for code in REGIONS for point in points(project)], 60)
    for code, point in again:
        value = reading(draw, point, 0.7)
        answer = "未找到" if draw.random() < 0.1 else in_words(draw, point, value)
        sheet.append([REGIONS[code][2], point["point_name"], "赵六", answer, None])
    # He read them himself, so it is no verification.
    done = {(code, point["point_code"]) for code, point in again}
    for point in manual_points(project)[:6]:
        if ("440300", point["point_code"]) not in done:
            answer = reading(draw, point, 0.9)
            sheet.append([REGIONS["440300"][0], point["point_name"], "张三", answer, None])
    book.save(path)
