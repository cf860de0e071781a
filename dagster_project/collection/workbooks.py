"""Workbooks as assessors really fill them: found headings, merged cells, one sheet a person.

Two layouts are understood, wherever their heading stands on the sheet, in one row or two:
  long   a row a region and point, with columns for region, point, answer (证据, 备注, 评价员);
         the answer may be a tick under 是 or 否, the region the title of each block
  wide   a row a region and a column a point, or the other way round; rows above may group them
A cell that holds an error of the spreadsheet program (#N/A) is given as it is shown.
A sheet without content, or named as an explanation, is passed over, and so is one of sums, or a
hidden one, without a heading; any other sheet without a heading is an error, and so is a hidden
one with answers. A sheet may hold several tables of one layout below each other; of both, or side
by side, is an error. A column of a wide sheet that is no point is given under its heading, for the
gate to say so, unless it is one that such sheets usually have. What an answer means is the
readers' business.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from dagster_project.errors import GovIndexError

# Names of columns as assessors write them, without blanks and what stands behind in brackets.
HEADINGS = {
    "region": [
        *("region", "地区", "城市", "市州", "市", "单位", "评价对象", "地级市", "区划"),
        *("所属地区", "地区名称", "城市名称", "所在城市"),
    ],
    "point": [
        *("point", "点位", "评价点位", "检查项", "指标", "评价内容"),
        *("点位名称", "评价点位名称", "检查项目", "指标名称"),
    ],
    "answer": [
        *("answer", "答案", "结果", "评价结果", "读数", "有无", "是否", "取值"),
        *("采集结果", "核验结果", "复核结果", "评价答案"),
    ],
    "evidence": ["evidence", "证据", "依据", "网址", "链接", "佐证"],
    "note": ["note", "备注", "说明"],
    "assessor": [
        *("assessor", "评价员", "评估员", "采集员", "采集人", "填写人", "填表人", "填报人"),
        *("核验人", "核验员", "评价员姓名", "评估员姓名", "姓名", "评价员签字", "签字"),
    ],
}
ROLE_OF = {label: role for role, labels in HEADINGS.items() for label in labels}
# Of two headings of the same thing these are given up first: 地区 (西部) for 城市, 指标 for 点位.
WEAKER = {
    "region": [["单位"], ["地区", "所属地区", "地区名称", "区划"]],
    "point": [["指标", "指标名称"], ["评价内容"]],
}
# Headings of two columns in one of which a tick is set.
TICKED = [("是", "否"), ("有", "无")]
EXPLANATION = re.compile(r"(填写|填表|填报|使用|采集)?(说明|须知|封面|目录|readme)", re.IGNORECASE)
SUMS = re.compile(
    r"(数据|人工|采集|核验|结果|完成)?(统计|进度|合计|小计)(表|情况)?|(数据)?字典|下拉选项"
)
# What may stand behind the name of a point in its cell: how it is to be answered.
SCALE = re.compile(
    r"\s*[（(](单位[：:]?)?([\d\s./~～—至到%％、/-]|是|否|有|无|级|天|日|题|个|条|项|次|件|份|篇|处|层|种|比例|日期)+[）)]$"
)
# And before it: its number in a list.
NUMBERED = re.compile(r"^(?:\d+\s*[.．、]|[（(]\d+[）)]|\d+[）)])\s*")
# Lines of a form that are no answers.
FORM_LINE = re.compile(
    r"(日\s*期|时\s*间|填[写表报]|审\s*[核定]|复\s*核|单\s*位|部\s*门|电\s*话|联\s*系|制\s*表|负责人|注|备\s*注|说\s*明)"
    r"[^：:]{0,6}[：:]"
)
# Names of sheets that are no persons: those that a spreadsheet program gives, copies, groups, and
# those made of nothing but words for what the sheet holds.
UNNAMED = re.compile(
    r".*(汇总|备份|副本|合并|[旧草初底]稿|作废|模板|样表|示例).*|.*组|.*[（(]\d+[）)]"
    r"|(评价|评估|采集|填[写报表]|核验|复核)(人员?|员)"
    r"|(sheet|工作表|表格?|人工|评价|采集|填[写报]|核验|复核|抽查|数据|结果|答案|点位|明细|记录|统计|第|[年月日轮次批]"
    r"|[东中西]部|东北|地区|网站|门户|微[信博]|公众号|客户端|移动端|手机端?|app|[网微端]"
    r"|[\d一二三四五六七八九十\s_.-])+",
    re.IGNORECASE,
)
# What may stand around a person's name in that of a sheet: 张三核验表, 采集-张三, 张三（复核）,
# 核验人张三; in 采集员甲 it is the name.
WORK = (
    r"(?:人工|评价|采集|填[写报]|核验|复核|抽查|数据|结果|答案|点位|明细|记录|统计)+"
    r"(?:表|[员人](?=\S{2}))?(?![员人])"
    r"|表格?|[\s_.—-]"
)
AROUND = re.compile(rf"^(?:{WORK})+|(?:{WORK}|[（(](?:{WORK})+[）)])+$")
# A person named in a line of the sheet, 评价员：张三; behind the name other words with a colon.
PERSON = re.compile(
    r"(?:^|[\s，,；;（(])"
    r"((评价员|评估员|采集员|采集人|填写人|填表人|填报人|核验人|核验员)(姓名|签字|签名)?|姓名|签字|签名)"
    r"([（(](姓名|签字|签名)[）)])?\s*[：:]"
    # Up to the next title: two people in one line are two findings.
    r"(?P<name>((?![\s，,；;（(](评价员|评估员|采集|填[写表报]人|核验|签[字名])\S*\s*[：:]).)*)"
)
# A name without a colon before it, which is no label of a form.
NAME = re.compile(
    r"(?!.*(日期|时间|审核|复核|单位|部门|电话|职务))[\u4e00-\u9fff]{1,3}[^\W\d人员_]"
)
# Where two people or more are named as one: 张三、李四; 张三等三人; 张三和李四, but not 李和平;
# 张三 李四, but not 张 三.
SEVERAL_PEOPLE = (
    r"[、，,；;/／\\|｜&＆+＋]|\S{2}[和与及]\S{2}|\s+and\s+"
    r"|[\u4e00-\u9fff]{2}\s+[\u4e00-\u9fff]{2}|\S{2}等(?:\S*人)?$"
)
# Family names of two characters, behind which a blank makes no second person.
LONG_FAMILY_NAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|南宫|长孙|宇文"
)
OTHER_LABEL = re.compile(
    r"[\s，,；;]+(日\s*期|时\s*间|审\s*[核定]|复\s*核|单\s*位|部\s*门|电\s*话|联\s*系|职\s*务|\d)"
)
# What heads a line or a column of sums.
SUMMED = ("合计", "小计", "总计", "总分", "得分", "平均", "平均值")
# What stands in a wide sheet besides regions and points.
OTHER_HEADINGS = [
    *("序号", "编号", "代码", "区划代码", "省", "省份", "所属省份", "日期", "采集日期"),
    *("渠道", "查什么", "类型", "一级指标", "二级指标", "三级指标"),
    *SUMMED,
]
# A heading of a wide sheet names at least so many points.
FEWEST_POINTS = 3
# Columns of a heading by what they hold.
Roles = dict[str, list[int]]
# Of a cell in a merged range the first cell of the range; rows and columns from 0.
Merged = dict[tuple[int, int], tuple[int, int]]
# What is said about answers.
ABOUT = ("assessor", "evidence", "note")
COLUMNS = ["region", "point", "assessor", "answer", "evidence", "note"]
PLACES = ["source_sheet", "source_row", "source_column"]


def read_workbook(path: Path, shown: str, names: dict[str, dict[str, str]]) -> pd.DataFrame:
    """The answers of all sheets, a row each, as text.

    Columns region, point, assessor, answer, evidence, note; source_sheet, source_row and
    source_column (a letter) say where the answer stands. The assessor is the one named in
    the row if there is a column of assessors, else above it (评价员：...) or below the whole
    table, else the sheet's name, unless that is no name of a person. Nobody is guessed: where a
    column of assessors is blank, or a line cannot be made out, there is none. Blank answers are
    rows too; an answer without region or point is a row for the gate.

    Raises GovIndexError for a file that is no workbook, a sheet without a heading, one whose
    heading names the same twice, one with tables of both layouts, or a hidden one with answers.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        errors = _errors(path)
        sheets = [(name, *_grid(book, name, errors.get(name, {}))) for name in book.sheet_names]
        seen = {one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible}
    except (CalamineError, OSError, BadZipFile) as error:
        raise GovIndexError(
            f"{shown}: cannot be read as a workbook ({error}); it is damaged or of another "
            "format, so save it as .xlsx"
        ) from error
    rows: list[dict[str, Any]] = []
    for name, grid, merged in sheets:
        if not any(any(row) for row in grid) or EXPLANATION.fullmatch(name.strip()):
            continue
        try:
            found = _long(grid, merged, names)
            found = _wide(grid, merged, names) if found is None else found
        except GovIndexError as error:
            raise GovIndexError(f"{shown}, sheet {name}, {error}") from error
        if found is None and (SUMS.fullmatch(name.strip()) or name not in seen):
            continue
        if name not in seen:
            raise GovIndexError(
                f"{shown}, sheet {name}: the sheet is hidden and holds answers; show it if they "
                "count, else take it away"
            )
        if found is None:
            raise GovIndexError(
                f"{shown}, sheet {name}: no heading was found; expected a row with 地区, 点位 and "
                f"答案, or one that names a region column and at least {FEWEST_POINTS} points"
            )
        bare = _without_places(AROUND.sub("", name.strip()), names)
        nobody = UNNAMED.fullmatch(name.strip()) or UNNAMED.fullmatch(bare)
        otherwise = "" if nobody else person(bare)
        people = _assessors(grid, otherwise, {row["source_row"] for row in found})
        rows += [
            {
                **row,
                "assessor": person(row.get("assessor", people[row["source_row"] - 1])),
                "source_sheet": name,
            }
            for row in found
        ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *PLACES]).astype(
        dict.fromkeys([*COLUMNS, "source_sheet", "source_column"], "str")
    )


def _without_places(text: str, names: dict[str, dict[str, str]]) -> str:
    """The name of a sheet without regions and provinces, 张三 of 四川-张三; blank of 四川省."""
    places = {*names.get("region", {}), *names.get("parent", {})}
    parts = re.split(r"[\s_.—-]+", text)
    left = [part for part in parts if part not in places]
    return text if len(left) == len(parts) and unspaced(text) not in places else " ".join(left)


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


def _grid(
    book: CalamineWorkbook, name: str, errors: dict[tuple[int, int], str]
) -> tuple[list[list[str]], Merged]:
    """Cells of a sheet as text; every cell of a merged range holds what the range holds."""
    sheet = book.get_sheet_by_name(name)
    grid = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), error in errors.items():
        grid[row][column] = error
    merged: Merged = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom + 1, len(grid))):
            for column in range(left, min(right + 1, len(grid[row]))):
                grid[row][column] = grid[top][left]
                merged[row, column] = (top, left)
    return grid, merged


def _is_line(row: list[str], place: int, columns: list[int], merged: Merged) -> bool:
    """Whether a row of a table holds no answers but a line of text: a person, a date, a footer,
    sums, or one cell that is merged over columns of the table, with nothing beside it."""
    first = merged.get((place, columns[0]))
    inside = [column for column in columns if merged.get((place, column)) == first]
    rest = [row[column] for column in columns if column not in inside]
    if first is not None and len(inside) > 1 and not any(rest):
        return True
    told = [cell for cell in row if cell]
    if told and _label(told[0]) in SUMMED:
        return True
    form = bool(told) and FORM_LINE.match(told[0]) and all(re.search("[：:]", one) for one in told)
    return bool(form) or named_person(row) is not None


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


# The same few headings, names and answers stand in every row.
@lru_cache(maxsize=100_000)
def _label(cell: str) -> str:
    """A heading without blanks, marks, what stands in brackets, and English behind Chinese."""
    bare = re.sub(r"[（(][^（()）]*[）)]", "", re.sub(r"\s+", "", cell))
    bare = re.sub(r"(?<=[\u4e00-\u9fff])[/／]?[A-Za-z]+$", "", bare)
    return (bare or cell).strip("*：:").lower()


def _every_role(row: list[str]) -> Roles:
    roles: Roles = {}
    for column, label in enumerate(map(_label, row)):
        if role := ROLE_OF.get(label):
            roles.setdefault(role, []).append(column)
    return roles


def _roles(row: list[str]) -> Roles:
    """What the columns of a heading hold, of two words for one thing the better one; `tick` are
    the two columns for yes and no."""
    roles = _every_role(row)
    for role, weaker in WEAKER.items():
        for labels in weaker:
            better = [c for c in roles.get(role, []) if _label(row[c]) not in labels]
            if better:
                roles[role] = better
    labels = [cell.strip() for cell in row]
    for pair in TICKED:
        if all(labels.count(label) == 1 for label in pair):
            ticked = [labels.index(label) for label in pair]
            if "answer" in roles:
                roles["answer"] += ticked
            else:
                roles["tick"] = ticked
    return roles


def _point(cell: str, points: dict[str, str]) -> str:
    """The name of a point without its number in a list, how it is to be answered and blanks
    inside, if that makes it a known one."""
    return next((one for one in _readings_of(cell) if one in points), cell)


@lru_cache(maxsize=100_000)
def _readings_of(cell: str) -> tuple[str, str, str]:
    bare = SCALE.sub("", NUMBERED.sub("", cell).rstrip("*＊")).strip("*＊")
    return cell, bare, unspaced(bare)


def unspaced(text: str) -> str:
    """A text without blanks and line breaks, as people set them into narrow cells."""
    return "".join(text.split())


def _ticked(row: list[str], pair: list[int]) -> tuple[str, int]:
    """The answer that is ticked, and its column; both columns as they are if that is not clear."""
    yes, no = (row[column] for column in pair)
    marks, blanks = set("√✓✔☑"), {"", *"□☐×✗✘"}
    if yes in marks and no in blanks:
        return "是", pair[0]
    if no in marks and yes in blanks:
        return "否", pair[1]
    return (f"是[{yes}]否[{no}]" if yes or no else ""), pair[0]


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
    """What a row says in each role: of several columns all notes, else the first not blank.

    A blank in a column of assessors is nobody, whoever is named above the table.
    """
    found: dict[str, str] = {}
    for role, columns in roles.items():
        texts = list(dict.fromkeys(row[column] for column in columns if row[column]))
        if texts:
            found[role] = "；".join(texts) if role == "note" else texts[0]
        elif role == "assessor":
            found[role] = ""
    return found


def _long_heading(grid: list[list[str]], place: int, titled: bool) -> tuple[Roles, int] | None:
    """The roles of a heading that begins in a row (from 0), and in how many rows it stands.

    titled: whether a title above names the region, so that no column has to.
    """
    upper = grid[place]
    needed = {"point"} if titled else {"point", "region"}

    def complete(roles: Roles) -> bool:
        return needed <= roles.keys() and bool({"answer", "tick"} & roles.keys())

    if place + 1 < len(grid):
        lower = grid[place + 1]
        own = [column for column, cell in enumerate(lower) if cell and cell != upper[column]]
        known = {column for columns in _roles(lower).values() for column in columns}
        both = [below or above for above, below in zip(upper, lower, strict=True)]
        if (
            own
            and all(column in known or _label(lower[column]) in OTHER_HEADINGS for column in own)
            and any(_roles(upper))
            and (complete(_roles(upper)) or not complete(_roles(lower)))
            and complete(_roles(both))
        ):
            return _roles(both), 2
    roles = _roles(upper)
    return (roles, 1) if complete(roles) else None


def _title(row: list[str], names: dict[str, dict[str, str]], inside: bool) -> str | None:
    """The region that a row names and nothing else, as 成都市 or 城市：成都市.

    inside: whether titles are what names regions here; then one that is not known is one too.
    """
    told = set(filter(None, row))
    if len(told) != 1:
        return None
    text = told.pop()
    label, colon, name = text.replace("：", ":").rpartition(":")
    named = name.strip() if not colon or _label(label) in HEADINGS["region"] else ""
    if unspaced(named) in names.get("region", {}):
        return named
    if not inside or _point(text, names.get("point", {})) in names.get("point", {}):
        return None
    return None if FORM_LINE.match(text) or named_person(row) is not None else text


def _long(
    grid: list[list[str]], merged: Merged, names: dict[str, dict[str, str]]
) -> list[dict[str, Any]] | None:
    """A heading counts until the next one below it, a title of a region too.

    Raises GovIndexError for a sheet that holds a wide table as well.
    """
    found: list[dict[str, Any]] = []
    heading: Roles | None = None
    wide: list[int] = []
    # The title that counts, and whether a heading has made use of it.
    title, used = "", False
    below = 0
    for place, row in enumerate(grid):
        if place < below:
            continue
        inside = heading is not None and "region" not in heading
        if new := _long_heading(grid, place, titled=inside or title != ""):
            heading, height = new
            below = place + height
            _refuse_doubles(heading, place + 1)
            title, used = "" if used else title, True
            continue
        if _heads_wide(row, names):
            wide.append(place + 1)
        if (heading is None or inside) and (named := _title(row, names, inside)) is not None:
            title, used = named, False
            continue
        if not heading:
            continue
        roles = {role: columns for role, columns in heading.items() if role != "tick"}
        answer, column = (
            _ticked(row, heading["tick"])
            if "tick" in heading
            else (row[heading["answer"][0]], heading["answer"][0])
        )
        asked = [*heading.get("region", []), *heading["point"], column]
        if (row[heading["point"][0]] or answer) and not _is_line(row, place, asked, merged):
            said = ({"region": title} if "region" not in heading else {}) | _said(row, roles)
            if "point" in said:
                said["point"] = _point(said["point"], names.get("point", {}))
            said |= {"answer": answer} if answer else {}
            found.append(said | {"source_row": place + 1, "source_column": letter(column)})
    if heading and wide:
        raise GovIndexError(
            f"row {wide[0]}: heads a table with a column a point or region, on a sheet with one of "
            "a row an answer; lay each table on a sheet of its own"
        )
    return found if heading else None


def _heads_wide(row: list[str], names: dict[str, dict[str, str]]) -> bool:
    """Whether a row has a column each for several points, or beside that of points for regions."""
    points, regions = names.get("point", {}), names.get("region", {})
    if len({one for cell in row if (one := _point(cell, points)) in points}) >= FEWEST_POINTS:
        return True
    return "point" in _roles(row) and any(unspaced(cell) in regions for cell in row)


def _wide(
    grid: list[list[str]], merged: Merged, names: dict[str, dict[str, str]]
) -> list[dict[str, Any]] | None:
    """A heading counts until the next one below it; rows above it may group the points or
    head the column of regions."""
    points, regions = names.get("point", {}), names.get("region", {})
    found: list[dict[str, Any]] = []
    columns: list[int] = []
    others: list[int] = []
    heading: list[str] = []
    across, down = "point", "region"
    of_row: Roles = {}
    of_point: dict[int, Roles] = {}
    for number, row in enumerate(grid, start=1):
        labels = [_point(label, points) for label in row]
        named = [column for column, label in enumerate(labels) if label in points]
        of_regions = [column for column, label in enumerate(labels) if unspaced(label) in regions]
        own = _roles(row)
        if len(named) >= FEWEST_POINTS or (of_regions and "point" in own):
            by_point = len(named) >= FEWEST_POINTS
            across, down = ("point", "region") if by_point else ("region", "point")
            # The column of regions may be headed in a row above that of the points.
            upper = next((one for one in reversed(grid[:number]) if down in _roles(one)), None)
            if upper is None:
                return None
            columns, heading = (named if by_point else of_regions), labels
            own = _roles(upper) | own
            roles = {role: own[role] for role in own if role in (down, *ABOUT)}
            _refuse_doubles(roles, number)
            usual = {
                column
                for line in (row, upper)
                for where in _every_role(line).values()
                for column in where
                if row[column] in ("", line[column])
            }
            others = [
                column
                for column, label in enumerate(row)
                if column not in (*columns, *usual) and _label(label) not in OTHER_HEADINGS
            ]
            of_row, of_point = _owners(roles, columns, others)
        elif columns and not (
            _is_line(row, number - 1, [of_row[down][0], *columns], merged)
            or _is_of_heading(row, down, of_row[down][0], columns)
        ):
            for column in (*columns, *others):
                # A blank is an answer that is missing only where a region and a point are.
                if row[column] or (row[of_row[down][0]] and column in columns):
                    said: dict[str, Any] = _said(row, of_row) | _said(row, of_point.get(column, {}))
                    said |= {across: heading[column], "answer": row[column]}
                    said["point"] = _point(said.get("point", ""), points)
                    found.append(said | {"source_row": number, "source_column": letter(column)})
    return found if columns else None


def _is_of_heading(row: list[str], down: str, named: int, columns: list[int]) -> bool:
    """Whether a row below the names of points or regions belongs to the heading still.

    The heading of the column that names each row is merged down to it, or that column is blank
    and all others say how to answer: （是/否）, （天）.
    """
    if row[named]:
        return ROLE_OF.get(_label(row[named])) == down
    told = [row[column] for column in columns if row[column]]
    return bool(told) and all(SCALE.fullmatch(cell) for cell in told)


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


def _assessors(grid: list[list[str]], otherwise: str, answers: set[int]) -> list[str]:
    """Of every row who is named for it in a line of the sheet; otherwise if no line names any.

    A line counts for what stands below it, and one below all answers for the whole sheet.
    What stands above the first of several tables' lines is nobody's.
    answers: rows that hold answers, counted from 1.
    """
    lines = {
        number: named
        for number, row in enumerate(grid, start=1)
        if (named := named_person(row, otherwise)) is not None
    }
    above = otherwise
    if lines and not any(number < min(answers, default=0) for number in lines):
        signed = [name for number, name in lines.items() if number > max(answers, default=0)]
        above = signed[0] if len(signed) == len(lines) == 1 else ""
    people = []
    for number in range(1, len(grid) + 1):
        above = lines.get(number, above)
        people.append(above)
    return people


def named_person(row: list[str], otherwise: str = "") -> str | None:
    """The person that a line names, as 评价员：张三 or in the cell beside; None in any other row.

    otherwise: who it is if the name was left blank. Empty if a name stands there that cannot
    be told from what follows it, or two people do.
    """
    first, second = [*dict.fromkeys(cell for cell in row if cell), "", ""][:2]
    # A label and in the next cell the name, without a colon; a heading has other labels there.
    if (
        ROLE_OF.get(_label(first)) == "assessor"
        and _label(second) not in (*ROLE_OF, *OTHER_HEADINGS)
        and NAME.fullmatch(unspaced(second))
    ):
        return person(second)
    if not re.search(r"[^\W\d]\s*[）)]?\s*[：:]", first):
        return None
    found = [
        (column, match)
        for column, label in enumerate(row)
        if label not in row[:column]
        for match in PERSON.finditer(label)
    ]
    if len(found) != 1:
        return "" if found else None
    [(column, match)] = found
    name = match["name"].strip(" _＿")
    beside = [cell for cell in row[column + 1 :] if cell and cell != row[column]]
    if not name and beside and not re.search("[：:]", beside[0]):
        name = beside[0]
    if not name or OTHER_LABEL.match(f" {name}"):
        return otherwise
    if other := OTHER_LABEL.search(name):
        name = name[: other.start()]
    if colon := re.search("[：:]", name):
        # The last word before the colon is a label; without a blank there is no telling.
        name = " ".join(re.split(r"[\s，,；;]+", name[: colon.start()])[:-1])
    return person(re.sub("[（(](签字|签名|盖章)?[）)]", "", name))


def person(name: str) -> str:
    """A name without the blanks that people set between its characters.

    Two names with a blank between them, each of two characters or more, stay two.
    """
    words = name.split()
    if re.fullmatch(LONG_FAMILY_NAMES, words[0] if words else "") or any(
        len(word) == 1 for word in words
    ):
        name = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", name)
    return " ".join(name.split())


def letter(column: int) -> str:
    """Letter of a column of a sheet, counted from 0: A, B, ... Z, AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
