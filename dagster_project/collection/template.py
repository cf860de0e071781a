"""Empty workbooks for assessors, which the reader takes back as they are.

One sheet for one assessor: a row a region and manual point, with drop-down lists for the answers
of points that have a short domain, and a sheet that explains.
"""

import os
import re
from pathlib import Path

import xlsxwriter

from dagster_project.collection.workbooks import EXPLANATION, SEVERAL_PEOPLE, named_person, person
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.registers import rows_in_effect

HEADING = ["地区", "评价点位", "答案", "证据", "备注", "查什么", "渠道", "单位"]
ANSWER = HEADING.index("答案")
ADVICE = [
    "填写说明",
    "答案：有无类填“是”或“否”；分级类填等级数字；其余按“单位”填数字或日期（如 2018-12-31）。",
    "找不到填“未找到”（计 0 分）；无法访问填“未采集”（不计分，也不扣分）。",
    "证据：填网址或截图文件名。两人读数不同时，有证据的一方为准。",
    "请勿改动表头、地区和点位。",
]


def write_template(
    framework: Framework, edition: str, assessor: str, regions: list[str], path: Path
) -> int:
    """Writes the workbook of an assessor for regions, named by code, name or alias.

    Returns how many answers it asks for. Raises GovIndexError for a region that is not known,
    a framework without manual points, and a file that is there already, cannot be written, or has
    a name that the reader would not take.
    """
    if path.suffix.lower() != ".xlsx":
        raise GovIndexError(f"{path}: the name of a workbook ends in .xlsx")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise GovIndexError(
            f"{path}: {path.parent} is no folder that can be written to; make it, or name another"
        )
    if path.exists():
        raise GovIndexError(f"{path}: is there already; name another file, or move it away")
    assessor = person(assessor)
    if not assessor:
        raise GovIndexError("--assessor: name the person who fills the workbook")
    several = re.search(SEVERAL_PEOPLE, assessor)
    if several or named_person([f"评价员：{assessor}"]) != assessor:
        raise GovIndexError(
            f"--assessor: {assessor!r} would not be read back as one name; write the name alone"
        )
    points = [row for row in framework.point_rows(edition) if row["method"] == "manual"]
    if not points:
        raise GovIndexError(f"{framework.code} {edition}: has no register of manual points")
    known = framework.names(edition)["region"]
    names = {
        row["region_code"]: row["region_name"]
        for row in rows_in_effect(framework.regions, framework.code, edition)
    }
    unknown = [region for region in regions if region not in known]
    if unknown:
        raise GovIndexError(
            f"{', '.join(map(repr, unknown))}: no region of {framework.code} {edition}, or a name "
            "of two; use the code or the full name of dbt_project/seeds/divisions.csv"
        )
    codes = list(dict.fromkeys(known[region] for region in regions)) or list(names)
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1})
        asked = book.add_format({"bg_color": "#FFF9E5"})
        name = re.sub(r"[\[\]:*?/\\']", "_", assessor)[:31]
        # A sheet of this name would be passed over.
        sheet = book.add_worksheet(f"{name}_" if EXPLANATION.fullmatch(name.strip()) else name)
        sheet.write_string(0, 0, f"评价员：{assessor}")
        sheet.write_string(0, 1, f"{framework.name_zh} {edition}")
        for column, title in enumerate(HEADING):
            sheet.write_string(1, column, title, bold)
        sheet.freeze_panes(2, 2)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, 4, 18)
        sheet.set_column(5, 5, 60)
        row = 2
        for code in codes:
            for point in points:
                texts = [point["looked_for"], point["channel"], point["unit"]]
                sheet.write_string(row, 0, names[code])
                sheet.write_string(row, 1, point["point_name"])
                sheet.write_blank(row, ANSWER, None, asked)
                for column, text in enumerate(texts, start=ANSWER + 3):
                    sheet.write_string(row, column, text)
                if choices := _choices(point):
                    rule = {"validate": "list", "source": choices, "error_type": "warning"}
                    sheet.data_validation(row, ANSWER, row, ANSWER, rule)
                row += 1
        sheet.autofilter(1, 0, row - 1, len(HEADING) - 1)
        explanation = book.add_worksheet("填写说明")
        explanation.set_column(0, 0, 100)
        for number, line in enumerate(ADVICE):
            explanation.write_string(number, 0, line)
    return row - 2


def _choices(point: dict[str, str]) -> list[str]:
    """What may be chosen for a point; nothing if any number may be written."""
    if point["point_type"] == "presence":
        return ["是", "否", "未找到", "未采集"]
    if point["point_type"] == "graded":
        grades = range(int(float(point["lowest"])), int(float(point["highest"])) + 1)
        return [*(str(grade) for grade in grades), "未找到", "未采集"]
    return []
