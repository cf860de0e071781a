"""Scores of a collection computed a second time, without any code of the platform.

Reads the raw files its own way and computes level-3 rates from the formulas as their documentation
states them (the expressions stand in rates_of_2019.yaml beside it), and the weights from the
published table. Plain Python, one region and point after the other.
"""

import csv
import gzip
import io
import itertools
import json
import math
import re
import statistics
from collections import defaultdict
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import yaml

RATES = Path(__file__).with_name("rates_of_2019.yaml")
END = date(2019, 1, 31)


def register(project, name):
    text = (project / "dbt_project" / "seeds" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def scores(project: Path, folder: Path) -> dict[tuple[str, str], float]:
    """{(region code, indicator code): score on the scale of the total} of the edition 2019."""
    names = {}
    for row in register(project, "divisions"):
        for name in [row["region_code"], row["region_name"], *row["aliases"].split("|")]:
            names[name] = row["region_code"]
    points = {r["point_code"]: r for r in register(project, "internet_service__points")}
    by_name = {row["point_name"]: code for code, row in points.items()} | {c: c for c in points}
    values, agreement = merged(folder, names, points, by_name)
    rates = {}
    definitions = yaml.safe_load(RATES.read_text(encoding="utf-8"))
    regions = sorted({row["region_code"] for row in register(project, "divisions")})
    for code, definition in definitions.items():
        for region in regions:
            context = Context(values, agreement, region, regions)
            rates[region, code] = context.rate(definition)
    table = register(project, "internet_service__published_indicators")
    return {
        (region, code): score
        for region in regions
        for code, score in tree(table, rates, region).items()
    }


def merged(folder, names, points, by_name):
    """{(region, point): value or "not_found"} and {(region, point): agreement of rounds}."""
    samples = defaultdict(dict)
    for row in technical_rows(folder):
        region, point = names.get(row["region"]), by_name[row["point"]]
        if region is None or row["status"] not in ("observed", "not_found"):
            continue
        found = row["status"] == "observed"
        samples[region, point][int(row["round"])] = row["value"] if found else "not_found"
    values, rounds_read = {}, {}
    for (region, point), rounds in samples.items():
        read = {number: number_of(value, points[point]) for number, value in rounds.items()}
        values[region, point] = merge(points[point]["point_type"], read)
        rounds_read[region, point] = list(read.values())
    read = people_read(folder, ["manual_long.xlsx", "manual_wide.xlsx"], names, points, by_name)
    again = people_read(folder, ["verification.xlsx"], names, points, by_name)
    for place, found in again.items():
        for person in read.get(place, {}):
            found.pop(person, None)
    values |= decided(read, points) | decided(again, points)
    agreement = {}
    for (region, point), read in rounds_read.items():
        value, kind = values[region, point], points[point]["point_type"]
        agreement[region, point] = sum(agrees(one, value, kind) for one in read) / len(read)
    return values, agreement


def agrees(one, value, kind):
    if "not_found" in (one, value):
        return one == value
    if kind in ("presence", "graded", "date"):
        return one == value
    return abs(one - value) <= 0.05 * abs(value)


def technical_rows(folder):
    text = (folder / "round_1_gbk.csv").read_bytes().decode("gb18030")
    yield from csv.DictReader(io.StringIO(text))
    text = gzip.decompress((folder / "round_2.csv.gz").read_bytes()).decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text))
    for line in (folder / "round_3.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
    yield from pd.read_parquet(folder / "round_4.parquet").to_dict("records")


def has_no_zero(point):
    """Whether not found is no number: of dates, durations, and levels of pages."""
    return point["point_type"] in ("date", "duration") or point["unit"] == "层"


def number_of(value, point):
    """A reading as a number: dates as their age, not found as 0 where that is a number."""
    if value == "not_found":
        return "not_found" if has_no_zero(point) else 0.0
    if point["point_type"] == "date":
        return float((END - date.fromisoformat(value)).days)
    return float(value)


def merge(kind, rounds):
    last = rounds[max(rounds)]
    known = [rounds[number] for number in sorted(rounds)]
    if kind == "presence":
        yes = sum(value > 0 for value in known)
        if yes * 2 == len(known):
            return float(last > 0)
        return float(yes * 2 > len(known))
    if kind in ("aggregation", "accuracy"):
        return sum(known) / len(known)
    if kind in ("date", "duration"):
        return last
    found = [value for value in known if value != "not_found"]
    if len(found) * 2 < len(known) or (len(found) * 2 == len(known) and last == "not_found"):
        return "not_found"
    return statistics.median(found)


def people_read(folder, files, names, points, by_name):
    """{(region, point): {person: (number, has evidence)}} of workbooks."""
    read = defaultdict(dict)
    for name in files:
        for region, point, person, answer, evidence in readings(folder / name, by_name):
            value = parsed(answer)
            if value is not None:
                number = number_of(value, points[point])
                read[names[region], point][person] = (number, bool(evidence))
    return read


def decided(read, points):
    """{(region, point): value}: where people differ, the reading with evidence, else the less
    favourable.

    Questions asked and answered correctly are taken from one person who counted both, by their
    share; who counted only one of them does not count.
    """
    values = {}
    for (region, point), found in read.items():
        pair = re.sub("_(correct|asked)$", "", point)
        if pair != point:
            correct, asked = (
                read.get((region, f"{pair}_{part}"), {}) for part in ("correct", "asked")
            )
            candidates = []
            for person in correct.keys() & asked.keys():
                right, questions = correct[person][0], asked[person][0]
                share = right / questions if questions else 0.0
                evident = correct[person][1] or asked[person][1]
                candidates.append((not evident, share, person))
            if candidates:
                values[region, point] = found[min(candidates)[2]][0]
            continue
        evident = [number for number, evidence in found.values() if evidence]
        counted = evident or [number for number, _ in found.values()]
        if not counted:
            continue
        if has_no_zero(points[point]):
            values[region, point] = "not_found" if "not_found" in counted else max(counted)
        elif points[point]["better"] == "fewer":
            values[region, point] = max(counted)
        else:
            values[region, point] = min(counted)
    return values


def readings(path, by_name):
    """(region, point, person, answer, evidence) of every filled cell of a workbook."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        grid = {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row}
        for area in sheet.merged_cells.ranges:
            for row, column in area.cells:
                grid[row, column] = grid[area.min_row, area.min_col]
        rows, columns = range(1, sheet.max_row + 1), range(1, sheet.max_column + 1)
        for top in rows:
            heading = {str(grid.get((top, c)) or ""): c for c in columns}
            if "答案" in heading or "结果" in heading:
                point_column = heading.get("评价点位") or heading["点位"]
                answer_column = heading.get("答案") or heading["结果"]
                for row in range(top + 1, sheet.max_row + 1):
                    point = grid.get((row, point_column))
                    if point:
                        evidence = grid.get((row, heading["证据"])) if "证据" in heading else None
                        named = heading.get("核验人")
                        person = grid[row, named] if named else sheet.title
                        yield (
                            grid[row, heading["地区"]],
                            by_name[point],
                            person,
                            grid.get((row, answer_column)),
                            evidence,
                        )
                break
            named = [c for c in columns if grid.get((top, c)) in by_name]
            if len(named) > 3:
                for row in range(top + 1, sheet.max_row + 1):
                    for column in named:
                        yield (
                            grid[row, 2],
                            by_name[grid[top, column]],
                            sheet.title,
                            grid.get((row, column)),
                            None,
                        )
                break


def parsed(answer):
    """An answer in words as text of a number or date, "not_found", or None if not collected."""
    if answer is None:
        return None
    text = re.split(r"[（(，,]", str(answer))[0].strip()
    if text in ("未采集", ""):
        return None
    if text == "未找到":
        return "not_found"
    if text in ("是", "有", "√"):
        return "1"
    if text in ("否", "无", "×", "没有"):
        return "0"
    return text[:10] if re.match(r"\d{4}-\d\d-\d\d", text) else text


def tree(table, rates, region):
    """Scores of all levels: weighted means of what has a rate, times the full marks."""
    found = {}
    total = []
    for level1 in dict.fromkeys(row["level1_code"] for row in table):
        rows1 = [row for row in table if row["level1_code"] == level1]
        weight1 = float(rows1[0]["level1_weight"])
        parts1 = []
        for level2 in dict.fromkeys(row["level2_code"] for row in rows1):
            rows2 = [row for row in rows1 if row["level2_code"] == level2]
            weight2 = float(rows2[0]["level2_weight"])
            parts2 = []
            for row in rows2:
                rate = rates[region, row["level3_code"]]
                parts2.append((float(row["level3_weight"]), rate))
                found[row["level3_code"]] = None if rate is None else rate * float(row["max_score"])
            rate2 = mean(parts2)
            parts1.append((weight2, rate2))
            found[level2] = None if rate2 is None else rate2 * weight1 * weight2 / 100
        rate1 = mean(parts1)
        total.append((weight1, rate1))
        found[level1] = None if rate1 is None else rate1 * weight1
    rate = mean(total)
    found["total"] = None if rate is None else rate * 100
    return found


def mean(parts):
    known = [(weight, rate) for weight, rate in parts if rate is not None]
    if not known:
        return None
    return sum(weight * rate for weight, rate in known) / sum(weight for weight, _ in known)


def clip(value):
    return min(max(value, 0.0), 1.0)


class Context:
    """Evaluates an expression [formula, argument...] for one region."""

    def __init__(self, values, agreement, region, regions):
        self.values, self.agreement, self.region, self.regions = values, agreement, region, regions

    def value(self, point, region=None):
        return self.values.get((region or self.region, point))

    def rate(self, expression):
        return getattr(self, expression[0])(*expression[1:])

    def presence(self, p):
        v = self.value(p)
        return None if v is None else float(v > 0)

    def checklist_share(self, ps):
        known = [r for r in map(self.presence, ps) if r is not None]
        return sum(known) / len(known) if known else None

    def graded_presence(self, p, top):
        v = self.value(p)
        return None if v is None else clip(v / top)

    capped_volume = coverage = graded_presence

    def log_volume(self, p, cap):
        v = self.value(p)
        return None if v is None else clip(math.log(1 + v) / math.log(1 + cap))

    def everyone(self, p):
        return [v for v in (self.value(p, r) for r in self.regions) if v is not None]

    def min_max_volume(self, p):
        v, others = self.value(p), self.everyone(p)
        if v is None:
            return None
        low, high = min(others), max(others)
        return float(v > 0) if low == high else (v - low) / (high - low)

    def percentile_volume(self, p):
        v, others = self.value(p), self.everyone(p)
        if v is None:
            return None
        return sum(o < v for o in others) / (len(others) - 1)

    def z_score(self, p):
        v, others = self.value(p), self.everyone(p)
        if v is None:
            return None
        deviation = statistics.pstdev(others)
        return 0.5 if deviation == 0 else clip(0.5 + (v - statistics.fmean(others)) / deviation / 6)

    def shares(self, ps):
        counts = [max(v, 0.0) for v in map(self.value, ps) if v is not None]
        if len(counts) < 2:
            return None
        total = sum(counts)
        return [c / total for c in counts] if total > 0 else []

    def aggregation(self, ps):
        shares = self.shares(ps)
        if not shares:
            return None if shares is None else 0.0
        return 1 + sum(s * math.log(s) for s in shares if s > 0) / math.log(len(shares))

    def herfindahl(self, ps):
        shares = self.shares(ps)
        if not shares:
            return None if shares is None else 0.0
        even = 1 / len(shares)
        return (sum(s * s for s in shares) - even) / (1 - even)

    def freshness(self, p, half_life):
        v = self.value(p)
        if v is None or v == "not_found":
            return None if v is None else 0.0
        return 0.5 ** (max(v, 0) / half_life)

    def promised_days(self, p, promised, zero_at):
        v = self.value(p)
        if v is None or v == "not_found":
            return None if v is None else 0.0
        return clip((zero_at - v) / (zero_at - promised))

    def inverse_goalposts(self, p, best, worst):
        v = self.value(p)
        if v is None or v == "not_found":
            return None if v is None else 0.0
        return clip((worst - v) / (worst - best))

    def steps(self, p, thresholds):
        v = self.value(p)
        if v is None:
            return None
        return float(max((rate for threshold, rate in thresholds if v >= threshold), default=0))

    def piecewise_linear(self, p, corners):
        v = self.value(p)
        if v is None:
            return None
        if v <= corners[0][0]:
            return float(corners[0][1])
        for (x0, y0), (x1, y1) in itertools.pairwise(corners):
            if v <= x1:
                return y0 + (v - x0) * (y1 - y0) / (x1 - x0)
        return float(corners[-1][1])

    def accuracy_share(self, correct, asked, minimum):
        right, questions = self.value(correct), self.value(asked)
        if questions == 0:
            return 0.0
        if right is None or questions is None or questions < minimum:
            return None
        return clip(right / questions)

    def page_depth(self, p):
        v = self.value(p)
        if v is None or v == "not_found":
            return None if v is None else 0.0
        return (7 - v) / 6 if 1 <= v <= 6 else 0.0

    def channel_consistency(self, common, either):
        both, any_of = self.value(common), self.value(either)
        if any_of == 0:
            return 0.0
        return None if both is None or any_of is None else clip(both / any_of)

    def round_stability(self, p):
        v = self.value(p)
        if v is None:
            return None
        return self.agreement.get((self.region, p)) if v > 0 else 0.0

    def deduction(self, p, per_violation):
        v = self.value(p)
        return None if v is None else max(1 - per_violation * max(v, 0), 0.0)

    def gate(self, p, inner):
        v = self.value(p)
        if v is None:
            return None
        return self.rate(inner) if v > 0 else 0.0

    def geometric_mean(self, inners):
        known = [r for r in map(self.rate, inners) if r is not None]
        return math.prod(known) ** (1 / len(known)) if known else None

    def weighted_mean(self, parts):
        return mean([(weight, self.rate(inner)) for weight, inner in parts])
