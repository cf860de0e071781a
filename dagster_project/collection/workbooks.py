"""Workbooks as assessors really fill them: found headings, merged cells, one sheet a person.

Two layouts are understood, wherever their heading stands on the sheet:
  long   a row a region and point, with columns for region, point, answer (证据, 备注, 评价员)
  wide   a row a region, a column a point; a heading of several rows may group the points
A sheet without content, or named as an explanation, is passed over; any other sheet without a
heading is an error. A column of a wide sheet that is no point is given under its heading, for
the gate to say so, unless it is one that such sheets usually have. What an answer means is the
readers' business.
"""

import re
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from dagster_project.errors import GovIndexError

# Names of columns as assessors write them.
HEADINGS = {
    "region": ["region", "地区", "城市", "市州", "市（州）", "单位", "评价对象", "地级市", "区划"],
    "point": ["point", "点位", "评价点位", "检查项", "指标", "评价内容"],
    "answer": ["answer", "答案", "结果", "评价结果", "读数", "有无", "是否", "取值"],
    "evidence": ["evidence", "证据", "依据", "网址", "链接", "佐证"],
    "note": ["note", "备注", "说明", "备 注"],
    "assessor": ["assessor", "评价员", "评估员", "采集人", "填写人", "核验人"],
}
EXPLANATION = re.compile(r"(填写|填表|填报|使用|采集)?(说明|须知|封面|目录|readme)", re.IGNORECASE)
# What stands in a wide sheet besides regions and points.
OTHER_HEADINGS = ["序号", "编号", "代码", "区划代码", "省", "省份", "所属省份", "日期", "采集日期"]
# A heading of a wide sheet names at least so many points.
FEWEST_POINTS = 3
COLUMNS = ["region", "point", "assessor", "answer", "evidence", "note"]
PLACES = ["source_sheet", "source_row", "source_column"]


def read_workbook(path: Path, shown: str, names: dict[str, dict[str, str]]) -> pd.DataFrame:
    """The answers of all sheets, a row each, as text.

    Columns region, point, assessor, answer, evidence, note; source_sheet, source_row and
    source_column (a letter) say where the answer stands. The assessor is the one named in
    the row, else on the sheet (评价员：...), else the sheet's name. Blank answers are rows too.

    Raises GovIndexError for a file that is no workbook, or a sheet without a heading.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, _grid(book, name)) for name in book.sheet_names]
    except (CalamineError, OSError) as error:
        raise GovIndexError(
            f"{shown}: cannot be read as a workbook ({error}); it is damaged or of another "
            "format, so save it as .xlsx"
        ) from error
    rows: list[dict[str, Any]] = []
    for name, grid in sheets:
        if not any(any(row) for row in grid) or EXPLANATION.fullmatch(name.strip()):
            continue
        found = _long(grid) or _wide(grid, names.get("point", {}))
        if found is None:
            raise GovIndexError(
                f"{shown}, sheet {name}: no heading was found; expected a row with 地区, 点位 and "
                f"答案, or one that names a region column and at least {FEWEST_POINTS} points"
            )
        person = _assessor(grid) or name
        rows += [{"assessor": person, **row, "source_sheet": name} for row in found]
    return pd.DataFrame(rows, columns=[*COLUMNS, *PLACES]).astype(
        dict.fromkeys([*COLUMNS, "source_sheet", "source_column"], "str")
    )


def _grid(book: CalamineWorkbook, name: str) -> list[list[str]]:
    """Cells of a sheet as text; every cell of a merged range holds what the range holds."""
    sheet = book.get_sheet_by_name(name)
    grid = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom + 1, len(grid))):
            for column in range(left, min(right + 1, len(grid[row]))):
                grid[row][column] = grid[top][left]
    return grid


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _roles(row: list[str]) -> dict[str, int]:
    """Columns of a heading by what they hold; the first of several."""
    roles: dict[str, int] = {}
    for column, label in enumerate(row):
        for role, known in HEADINGS.items():
            if label.lower().rstrip("*：:") in known:
                roles.setdefault(role, column)
    return roles


def _long(grid: list[list[str]]) -> list[dict[str, Any]] | None:
    for top, heading in enumerate(grid):
        roles = _roles(heading)
        if {"region", "point", "answer"} <= roles.keys():
            return [
                {role: row[column] for role, column in roles.items() if row[column]}
                | {"source_row": number, "source_column": letter(roles["answer"])}
                for number, row in enumerate(grid[top + 1 :], start=top + 2)
                if row[roles["point"]]
            ]
    return None


def _wide(grid: list[list[str]], points: dict[str, str]) -> list[dict[str, Any]] | None:
    for top, heading in enumerate(grid):
        columns = [column for column, label in enumerate(heading) if label in points]
        if len(columns) < FEWEST_POINTS:
            continue
        above = [_roles(row) for row in grid[: top + 1]]
        regions = [roles["region"] for roles in above if "region" in roles]
        if not regions:
            return None
        usual = {column for roles in above for column in roles.values()}
        others = [
            column
            for column, label in enumerate(heading)
            if label and column not in (*columns, *usual) and label not in OTHER_HEADINGS
        ]
        return [
            {
                "region": row[regions[-1]],
                "point": heading[column],
                "answer": row[column],
                "source_row": number,
                "source_column": letter(column),
            }
            for number, row in enumerate(grid[top + 1 :], start=top + 2)
            if row[regions[-1]]
            for column in [*columns, *(other for other in others if row[other])]
        ]
    return None


def _assessor(grid: list[list[str]]) -> str | None:
    """The person that a line above the table names, as 评价员：张三 or in the cell beside."""
    for row in grid[:10]:
        for column, label in enumerate(row):
            for known in HEADINGS["assessor"]:
                for sign in ("：", ":"):
                    if label.startswith(f"{known}{sign}"):
                        named = label.partition(sign)[2].strip()
                        beside = [cell for cell in row[column + 1 :] if cell and cell != label]
                        return named or (beside[0] if beside else None)
    return None


def letter(column: int) -> str:
    """Letter of a column of a sheet, counted from 0: A, B, ... Z, AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
