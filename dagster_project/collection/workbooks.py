"""Workbooks as assessors really fill them: found headings, merged cells, one sheet a person.

Two layouts are understood, wherever their heading stands on the sheet:
  long   a row a region and point, with columns for region, point, answer (证据, 备注, 评价员)
  wide   a row a region, a column a point; a heading of several rows may group the points
A cell that holds an error of the spreadsheet program (#N/A) is given as it is shown.
A sheet without content, or named as an explanation, is passed over; any other sheet without a
heading is an error. A sheet may hold several tables below each other, not side by side. A column
of a wide sheet that is no point is given under its heading, for the gate to say so, unless it is
one that such sheets usually have. What an answer means is the readers' business.
"""

import re
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

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
# Names that a spreadsheet program gives are no persons.
UNNAMED = re.compile(r"(sheet|工作表|表)\s*\d*", re.IGNORECASE)
# What stands in a wide sheet besides regions and points.
OTHER_HEADINGS = ["序号", "编号", "代码", "区划代码", "省", "省份", "所属省份", "日期", "采集日期"]
# A heading of a wide sheet names at least so many points.
FEWEST_POINTS = 3
# Columns of a heading by what they hold.
Roles = dict[str, list[int]]
COLUMNS = ["region", "point", "assessor", "answer", "evidence", "note"]
PLACES = ["source_sheet", "source_row", "source_column"]


def read_workbook(path: Path, shown: str, names: dict[str, dict[str, str]]) -> pd.DataFrame:
    """The answers of all sheets, a row each, as text.

    Columns region, point, assessor, answer, evidence, note; source_sheet, source_row and
    source_column (a letter) say where the answer stands. The assessor is the one named in
    the row, else above it (评价员：...), else the sheet's name, unless that is a number of the
    spreadsheet program. Blank answers are rows too; an answer without region or point is a
    row for the gate.

    Raises GovIndexError for a file that is no workbook, a sheet without a heading, or one
    whose heading names the same twice.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        errors = _errors(path)
        sheets = [(name, _grid(book, name, errors.get(name, {}))) for name in book.sheet_names]
    except (CalamineError, OSError, BadZipFile) as error:
        raise GovIndexError(
            f"{shown}: cannot be read as a workbook ({error}); it is damaged or of another "
            "format, so save it as .xlsx"
        ) from error
    rows: list[dict[str, Any]] = []
    for name, grid in sheets:
        if not any(any(row) for row in grid) or EXPLANATION.fullmatch(name.strip()):
            continue
        try:
            found = _long(grid) or _wide(grid, names.get("point", {}))
        except GovIndexError as error:
            raise GovIndexError(f"{shown}, sheet {name}, {error}") from error
        if found is None:
            raise GovIndexError(
                f"{shown}, sheet {name}: no heading was found; expected a row with 地区, 点位 and "
                f"答案, or one that names a region column and at least {FEWEST_POINTS} points"
            )
        people = _assessors(grid, "" if UNNAMED.fullmatch(name.strip()) else name)
        rows += [
            {"assessor": people[row["source_row"] - 1], **row, "source_sheet": name}
            for row in found
        ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *PLACES]).astype(
        dict.fromkeys([*COLUMNS, "source_sheet", "source_column"], "str")
    )


def _errors(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Of every sheet the cells that hold an error, by row and column from 0, and the error.

    calamine gives them as blanks, which would be answers that nobody gave.
    """
    with ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        if not any(b't="e"' in parts.read(name) for name in names):
            return {}
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return {
        sheet.title: {
            (cell.row - 1, cell.column - 1): str(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "e"
        }
        for sheet in book.worksheets
    }


def _grid(book: CalamineWorkbook, name: str, errors: dict[tuple[int, int], str]) -> list[list[str]]:
    """Cells of a sheet as text; every cell of a merged range holds what the range holds."""
    sheet = book.get_sheet_by_name(name)
    grid = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), error in errors.items():
        grid[row][column] = error
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


def _roles(row: list[str]) -> Roles:
    roles: Roles = {}
    for column, label in enumerate(row):
        for role, known in HEADINGS.items():
            if label.lower().rstrip("*：:") in known:
                roles.setdefault(role, []).append(column)
    if len(roles.get("region", [])) > 1:
        # Beside another word for regions 单位 is the unit.
        regions = [column for column in roles["region"] if row[column] != "单位"]
        roles["region"] = regions or roles["region"]
    return roles


def _refuse_doubles(roles: Roles, number: int) -> None:
    """Raises GovIndexError for what stands twice and could be either."""
    for role in ("region", "point", "answer", "assessor"):
        if len(columns := roles.get(role, [])) > 1:
            raise GovIndexError(
                f"row {number}: {len(columns)} columns are headed as {HEADINGS[role][1]} "
                f"({', '.join(letter(column) for column in columns)}); lay each table on a sheet "
                "of its own, with one column of answers and one of persons"
            )


def _said(row: list[str], roles: Roles) -> dict[str, str]:
    """What a row says in each role: of several columns all notes, else the first not blank."""
    found: dict[str, str] = {}
    for role, columns in roles.items():
        texts = list(dict.fromkeys(row[column] for column in columns if row[column]))
        if texts:
            found[role] = "；".join(texts) if role == "note" else texts[0]
    return found


def _long(grid: list[list[str]]) -> list[dict[str, Any]] | None:
    """A heading counts until the next one below it."""
    found: list[dict[str, Any]] = []
    heading: Roles | None = None
    for number, row in enumerate(grid, start=1):
        roles = _roles(row)
        if {"region", "point", "answer"} <= roles.keys():
            _refuse_doubles(roles, number)
            heading = roles
        elif heading and (row[heading["point"][0]] or row[heading["answer"][0]]):
            found.append(
                _said(row, heading)
                | {"source_row": number, "source_column": letter(heading["answer"][0])}
            )
    return found if heading else None


def _wide(grid: list[list[str]], points: dict[str, str]) -> list[dict[str, Any]] | None:
    """A heading counts until the next one below it; rows above it may group the points or
    head the column of regions."""
    found: list[dict[str, Any]] = []
    columns: list[int] = []
    others: list[int] = []
    heading: list[str] = []
    of_row: Roles = {}
    of_point: dict[int, Roles] = {}
    for number, row in enumerate(grid, start=1):
        named = [column for column, label in enumerate(row) if label in points]
        if len(named) >= FEWEST_POINTS:
            above = [one for one in map(_roles, grid[:number]) if "region" in one]
            if not above:
                return None
            # The column of regions may be headed in a row above that of the points.
            own = above[-1] | _roles(row)
            columns, heading = named, row
            usual = {column for where in own.values() for column in where}
            others = [
                column
                for column, label in enumerate(row)
                if column not in (*columns, *usual) and label not in OTHER_HEADINGS
            ]
            roles = {role: own[role] for role in own if role not in ("point", "answer")}
            _refuse_doubles(roles, number)
            of_row, of_point = _owners(roles, columns, others)
        elif columns and _named_person(row) is None:
            found += [
                _said(row, of_row)
                | _said(row, of_point.get(column, {}))
                | {
                    "point": heading[column],
                    "answer": row[column],
                    "source_row": number,
                    "source_column": letter(column),
                }
                for column in (*columns, *others)
                # A blank is an answer that is missing only where a region and a point are.
                if row[column] or (row[of_row["region"][0]] and column in columns)
            ]
    return found if columns else None


def _owners(roles: Roles, points: list[int], others: list[int]) -> tuple[Roles, dict[int, Roles]]:
    """The columns of a wide sheet that speak of the whole row, and those of one point each.

    Evidence or notes that stand between points belong each to the point on their left; those
    behind or before all points to all of them.
    """
    of_row = {role: roles[role] for role in roles if role not in ("evidence", "note")}
    of_point: dict[int, Roles] = {}
    for role in roles.keys() - of_row.keys():
        between = any(points[0] < column < points[-1] for column in roles[role])
        for column in roles[role]:
            left = [point for point in (*points, *others) if point < column]
            owner = of_point.setdefault(max(left), {}) if between and left else of_row
            owner.setdefault(role, []).append(column)
    return of_row, of_point


def _assessors(grid: list[list[str]], otherwise: str) -> list[str]:
    """Of every row the person last named at or above it."""
    people = [otherwise]
    for row in grid:
        named = _named_person(row)
        people.append(people[-1] if named is None else named or otherwise)
    return people[1:]


def _named_person(row: list[str]) -> str | None:
    """The person that a row names, as 评价员：张三 or in the cell beside; empty if the name was
    left blank, None in any other row."""
    for column, label in enumerate(row):
        title, colon, name = label.replace(":", "：").partition("：")
        if colon and title in HEADINGS["assessor"]:
            beside = [cell for cell in row[column + 1 :] if cell and cell != label]
            if not name.strip() and beside and not re.search("[：:]", beside[0]):
                name = beside[0]
            return name.strip()
    return None


def letter(column: int) -> str:
    """Letter of a column of a sheet, counted from 0: A, B, ... Z, AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
