"""Readers: one per file format, each gives the rows as collected, every cell as text.

Every row carries the file, sheet and row that it came from. A cell is brought to the
canonical text of its declared type where it can be (2019-01-31, 01101) and left as it was
where it cannot: whether that is a fault is for the gate to say.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import chardet
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project.collection.workbooks import read_workbook, unspaced
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Column, Table
from dagster_project.registers import register

# Where a row came from. The row is the line of a text file (the heading is line 1), the
# row of a sheet (the column is its letter), or the number of the observation in a file
# without lines.
PLACE = ["source_file", "source_sheet", "source_row", "source_column"]

# Codes of regions and points by the names that collectors use, {"region": {...}, "point": {...}},
# and the units of points by their codes, {"unit": {...}}.
Names = dict[str, dict[str, str]]

# What JSON has no number for; NaN is how programs write a blank.
CONSTANTS = {"NaN": None, "Infinity": "Infinity", "-Infinity": "-Infinity"}

# How much of a file is looked at to name an encoding that is refused.
SAMPLE_BYTES = 50_000

# Digits, letters and signs of numbers as Chinese input methods write them: ３, ％, １２／５.
HALF_WIDTH = {
    ord(sign) + 0xFEE0: sign
    for sign in map(chr, range(ord("!"), ord("~") + 1))
    if sign.isalnum() or sign in "%./-"
}
# An answer as people write it; behind it a remark after a bracket, comma or blank. Behind a
# number no blank, and nothing that would make it another number: 20 - 30, 3 小时, 10 万.
ANSWER = (
    r"(?s)^(?:(?:"
    r"(?P<yes>是|有|√|✓|✔|具备|[Yy]es|[Yy]|[Tt]rue)"
    r"|(?P<no>否|无|没有|×|✗|✘|不具备|[Nn]o|[Nn]|[Ff]alse)"
    r"|(?P<not_found>未找到|找不到|not_found)"
    r"|(?P<not_collected>未采集|无法访问|打不开|not_collected)"
    r"|(?P<year>[0-9]{4})[-/年.](?P<month>[0-9]{1,2})[-/月.](?P<day>[0-9]{1,2})[日号]?"
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
    r")(?P<remark>[（(，,；;：:。\s].*)?"
    r"|(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
    r"\s*(?P<unit>%|％|万?[个条次件项级份篇处题层种]|万|天|日)?"
    r"(?P<behind>\s*[（(，,；;：:。](?!\s*(?:[0-9万亿年月周]|个月|个?工作日|小时|分钟)).*)?"
    r")$"
)
# Units of the register in which things are counted; 个 and 万 may be said of any of them.
COUNTED = "个件份处条次篇项种题"
# What makes a remark a second answer, doubts the first or takes it back.
SECOND_ANSWER = (
    r"[√✓✔×✗✘□☐☑■]|[0-9]{4}[-/年.][0-9]{1,2}|^\s*[-~—至到]"
    r"|(?:^|[\s，,；;、/(（])(?:是|否|有|无|没有)(?:$|[\s，,；;、/)）])"
    r"|[?？]|不确定|不清楚|不好说|存疑|可能|似乎|好像|或许|或者?[是否有无没]|待[核查确]"
    r"|无法[确判][认定断]|等于没?[有无]|形同虚设|失效|改为|应为|应是|后来|其实|实际上?[是有没无]"
)
# Of what was read, that it could not be; 打不开过一次 is none of these.
NOT_READ = r"(?:打不开|无法访问|未找到|找不到|未采集)(?!过)"
# Behind a number or a date any other number might be the one that is meant.
SECOND_NUMBER = r"[0-9０-９或约]|左右|大概|上下|以[上下]|不到|超过"
ADDRESS = r"https?://[^\s，,；;）)]+"


def read_table(
    path: Path,
    shown: str,
    table: Table,
    edition: str,
    renamed: dict[str, str],
    names: Names | None = None,
) -> pd.DataFrame:
    """The rows of one collected file, columns named as the framework declares them.

    path: the file; shown: its name in messages and in source_file. renamed: names of
    columns in this file where they differ, {column: name in the file}. names: codes of
    regions and points by their names.
    Returns text columns (missing cells are null), then source_file, source_sheet and
    source_row.

    Raises GovIndexError for a file that is empty, cut, or of an unknown format or encoding.
    """
    if path.stat().st_size == 0:
        raise GovIndexError(f"{shown}: the file is empty; put the collected file there again")
    endings = [ending for ending in table.readers if path.name.lower().endswith(f".{ending}")]
    if not endings:
        raise GovIndexError(
            f"{shown}: no reader for {path.suffix or 'a file without ending'} is declared; known: "
            + ", ".join(f".{known}" for known in sorted(table.readers))
        )
    names = names or {}
    rows = READERS[table.readers[max(endings, key=len)]](path, shown, names)
    declared = table.columns_in(edition)
    given = {
        renamed.get(column, spec.in_file or column).strip(): column
        for column, spec in declared.items()
    }
    # Blanks around a heading are no part of it.
    called = [heading.strip() in given for heading in rows.columns]
    rows.columns = [given.get(heading.strip(), heading) for heading in rows.columns]
    if table.other_columns == "left out":
        # So is one that is headed as a column whose own name in this file is another.
        twice = rows.columns.duplicated(keep=False)
        rows = rows.loc[:, rows.columns.isin([*declared, *PLACE]) & (called | ~twice)]
    if doubled := sorted(rows.columns[rows.columns.duplicated()]):
        raise GovIndexError(f"{shown}, row 1: column {doubled[0]!r} stands there twice")
    if {"answer", "note"} <= set(rows.columns) & declared.keys():
        # What was written behind an answer is a note too.
        note, behind = rows["note"].str.strip(), remarks(rows["answer"].str.strip())
        note = note.where(note != "", None)
        rows["note"] = (note + "；" + behind).fillna(note).fillna(behind)
    # Answers last: in which unit they are, their point says.
    for column in sorted(
        rows.columns.intersection(list(declared)), key=lambda name: declared[name].type == "answer"
    ):
        cells, spec = rows[column].str.strip(), declared[column]
        asked = units(rows, names) if spec.type == "answer" else None
        rows[column] = canonical(cells, spec, table.blank, names, asked)
    return rows.assign(
        source_file=shown,
        source_sheet=rows.get("source_sheet"),
        source_column=rows.get("source_column"),
    )


def units(rows: pd.DataFrame, names: Names) -> pd.Series | None:
    """The unit of each row's point, null where it has none; None if the rows have no points."""
    if "point_code" not in rows.columns:
        return None
    return rows["point_code"].map(names.get("unit", {})).astype("str")


def canonical(
    cells: pd.Series,
    column: Column,
    blank: list[str],
    names: Names | None = None,
    units: pd.Series | None = None,
) -> pd.Series:
    """Cells brought to the canonical text of their type; those that do not fit stay as they are.

    units: those of the points that the cells are answers to.
    """
    cells = cells.where(~cells.isin(blank), None)
    match column.type:
        case "code":
            digits = cells.str.removesuffix(".0")
            padded = digits.str.zfill(column.width or 0)
            return cells.where(~digits.str.fullmatch(r"\d+").eq(True), padded)
        case "integer":
            return cells.str.replace(r"^(-?\d+)\.0+$", r"\1", regex=True)
        case "date" | "time":
            moments = pd.to_datetime(cells, format=column.format, errors="coerce")
            text = moments.dt.strftime("%Y-%m-%d" if column.type == "date" else "%H:%M:%S")
            return text.where(moments.notna(), cells)
        case "datetime":
            return _local_times(cells, column.zone)
        case "region" | "point":
            known = (names or {}).get(column.type, {})
            codes = cells.map(known)
            other = cells[codes.isna()].dropna()
            codes = codes.fillna(other.map({one: known.get(unspaced(one)) for one in set(other)}))
            return codes.where(codes.notna(), cells).astype("str")
        case "answer":
            return answers(cells, units)
        case _:
            return cells


def _local_times(cells: pd.Series, zone: str | None) -> pd.Series:
    """ISO times as local ones: those with an offset are brought to the zone, if one is declared."""
    has_offset = cells.str.contains(r"(?:[Zz]|[+-]\d\d:?\d\d)$").eq(True)
    local = pd.to_datetime(cells.where(~has_offset), format="ISO8601", errors="coerce")
    if zone and has_offset.any():
        universal = pd.to_datetime(
            cells.where(has_offset), format="ISO8601", errors="coerce", utc=True
        )
        local = local.fillna(universal.dt.tz_convert(zone).dt.tz_localize(None))
    return local.dt.strftime("%Y-%m-%d %H:%M:%S").where(local.notna(), cells)


def decode(content: bytes, shown: str) -> str:
    """Text of a file in UTF-8 (with or without byte-order mark) or GBK/GB18030.

    Raises GovIndexError that names any other encoding.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    # Almost any bytes decode as GB18030, so the characters have to tell: Chinese text is made
    # of those of GB 2312, and at least half of them stand in our registers too.
    foreign = {character for character in set(text) if not character.isascii()}
    common = "".join(foreign).encode("gb2312", errors="ignore").decode("gb2312")
    if foreign and len(common) >= 0.9 * len(foreign):
        known = foreign & _characters_of_registers()
        if len(known) >= 0.5 * len(foreign):
            return text
    first = next((place for place, byte in enumerate(content) if byte > 127), 0)
    found = chardet.detect(content[content.rfind(b"\n", 0, first) + 1 :][:SAMPLE_BYTES])["encoding"]
    raise GovIndexError(
        f"{shown}: the text is neither UTF-8 nor GBK/GB18030 (it looks like {found}); save it as "
        "UTF-8 and record its new checksum"
    )


@cache
def _characters_of_registers() -> frozenset[str]:
    """The characters of Chinese names and sentences that the platform knows."""
    names = ("divisions", "internet_service__points")
    rows = [row for name in names for row in register(name)]
    return frozenset("".join(value for row in rows for value in row.values() if value))


def answers(cells: pd.Series, units: pd.Series | None = None) -> pd.Series:
    """What was read as yes, no, a number, an ISO date, not_found or not_collected; else as it was.

    People write 是, 有, √, 否, 无, 3个, 1,200, 1.5万, 85%, 2018年12月5日, 未找到, 无法访问, and add
    a remark behind a bracket or comma; "有限", "20 - 30" and "3 小时" are no answers. Neither is
    one whose remark doubts it or gives another, nor a number with another unit than the point has.

    units: of the point of each cell, as the register of points has it; without them no number
    with a unit is read.
    """
    different = cells.dropna().drop_duplicates()
    parts = _parts(different)
    found = cells.map(dict(zip(different, _answers(different, parts), strict=True))).astype("str")
    written = cells.map(dict(zip(different, parts["unit"], strict=True)))
    with_unit = cells.index[written.notna()]
    asked = units if units is not None else pd.Series(None, index=cells.index, dtype="str")
    other = [
        place
        for place, said, unit in zip(
            with_unit, written[with_unit], asked[with_unit].fillna(""), strict=True
        )
        if not _fits(said, unit)
    ]
    found.loc[other] = cells.loc[other]
    return found


def _fits(written: str, unit: str) -> bool:
    """Whether a number with this unit behind it is one in the unit of the register."""
    if written in ("%", "％"):
        return unit == "比例"
    if written in ("天", "日"):
        return unit == "天"
    if unit and unit in COUNTED:
        return written.removeprefix("万") in ("", "个", unit)
    return written == unit


def _answers(cells: pd.Series, parts: pd.DataFrame) -> pd.Series:
    number = pd.to_numeric(parts["number"].str.replace(",", ""))
    number = number.where(~parts["unit"].isin(["%", "％"]), number / 100)
    number = number.where(~parts["unit"].str.startswith("万").eq(True), number * 10_000)
    text = number.map(lambda value: f"{value:.12g}", na_action="ignore")
    day = parts[["year", "month", "day"]].apply(pd.to_numeric)
    dated = pd.to_datetime(day, errors="coerce").dt.strftime("%Y-%m-%d")
    found = text.astype("object")
    for group, answer in (
        ("yes", "yes"),
        ("no", "no"),
        ("not_found", "not_found"),
        ("not_collected", "not_collected"),
    ):
        found = found.where(parts[group].isna(), answer)
    found = found.where(dated.isna(), dated)
    # 是 □ 否 √, 2（或3）, or two dates: which of them is meant nobody can tell.
    counted = parts["number"].notna() | dated.notna()
    read = parts["not_found"].isna() & parts["not_collected"].isna()
    behind = parts["remark"].fillna(parts["behind"]).str.replace(ADDRESS, "", regex=True)
    doubtful = (
        behind.str.contains(SECOND_ANSWER).eq(True)
        | (read & behind.str.contains(NOT_READ).eq(True))
        | (counted & behind.str.contains(SECOND_NUMBER).eq(True))
    )
    found = found.where(~doubtful, None)
    return found.where(found.notna(), cells).astype("str")


def _parts(cells: pd.Series) -> pd.DataFrame:
    """What ANSWER finds in each cell."""
    return cells.str.translate(HALF_WIDTH).str.extract(ANSWER)


def remarks(cells: pd.Series) -> pd.Series:
    """What stands behind an answer in its cell, without brackets; null if nothing does."""
    parts = _parts(cells)
    behind = parts["remark"].fillna(parts["behind"]).str.strip("（）()，,；;：:。 \t\r\n\u3000")
    return behind.where(behind != "", None)


def _read_csv(path: Path, shown: str, names: Names) -> pd.DataFrame:
    """Comma-separated text. Every line must have as many fields as the heading."""
    content = path.read_bytes()
    if path.name.lower().endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise GovIndexError(
                f"{shown}: cannot be unpacked ({error}); it is cut or damaged, so put it there "
                "again"
            ) from error
    text = _whole(decode(content, shown), shown)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        heading = next(lines, [])
        start = lines.line_num + 1
        for fields in lines:
            if fields:
                if len(fields) != len(heading):
                    raise GovIndexError(
                        f"{shown}, row {start}: {len(fields)} fields, expected {len(heading)} as "
                        "in the heading; the file is cut or damaged, so put it there again"
                    )
                rows.append(fields)
                numbers.append(start)
            start = lines.line_num + 1
    except csv.Error as error:
        raise GovIndexError(
            f"{shown}, row {lines.line_num}: {error}; the file is cut or damaged, so put it "
            "there again"
        ) from error
    if doubled := {name for name in heading if heading.count(name) > 1}:
        raise GovIndexError(f"{shown}, row 1: column {sorted(doubled)[0]!r} stands there twice")
    return pd.DataFrame(rows, columns=heading, dtype="str").assign(source_row=numbers)


def _whole(text: str, shown: str) -> str:
    """The text of a file, if its last line ends as a line does.

    A file that was cut inside its last value has as many fields as any other.
    """
    if text and text[-1] not in "\r\n":
        raise GovIndexError(
            f"{shown}, row {len(text.splitlines())}: the last line has no line end, as in a file "
            "that was cut; put the whole file there again, or end the line and record it"
        )
    return text


def _read_jsonl(path: Path, shown: str, names: Names) -> pd.DataFrame:
    """One JSON object a line; numbers keep their text."""
    rows: list[dict[str, str | None]] = []
    numbers: list[int] = []
    text = _whole(decode(path.read_bytes(), shown), shown)
    # splitlines() would also break at a line separator inside a value.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found = json.loads(
                    line,
                    parse_float=str,
                    parse_int=str,
                    parse_constant=CONSTANTS.get,
                    object_pairs_hook=_without_doubles,
                )
                rows.append({k: None if v is None else str(v) for k, v in found.items()})
            except (ValueError, AttributeError) as error:
                raise GovIndexError(
                    f"{shown}, row {number}: not a JSON object ({error}); the file is cut or "
                    "damaged, so put it there again"
                ) from error
            numbers.append(number)
    return pd.DataFrame(rows, dtype="str").assign(source_row=numbers)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _read_parquet(path: Path, shown: str, names: Names) -> pd.DataFrame:
    """Parquet, every column as text. Rows are counted from 1."""
    try:
        content = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise GovIndexError(
            f"{shown}: cannot be read as Parquet ({error}); it is cut or damaged, so put it "
            "there again"
        ) from error
    text = []
    for name, column in zip(content.column_names, content.columns, strict=True):
        if pa.types.is_floating(column.type):
            # What is no number is a blank, as in a text file written from the same table.
            column = pc.if_else(pc.is_nan(column), None, column)
        try:
            text.append(column.cast(pa.string()))
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
            raise GovIndexError(
                f"{shown}: column {name} holds {column.type}, which is no text or number; write "
                "one value in each cell, text in UTF-8"
            ) from error
    rows: pd.DataFrame = pa.table(text, names=content.column_names).to_pandas()
    return rows.astype("str").assign(source_row=range(1, len(rows) + 1))


def _read_stata(path: Path, shown: str, names: Names) -> pd.DataFrame:
    """Stata .dta. Numbers become the shortest text that reads back as the same number."""
    try:
        rows = pd.read_stata(path, convert_categoricals=False, convert_dates=False)
    except Exception as error:  # pandas raises a dozen kinds for a damaged file
        raise GovIndexError(
            f"{shown}: cannot be read as a Stata file ({error}); it is cut or damaged, so put "
            "it there again"
        ) from error
    text = rows.astype("str").where(rows.notna(), None)
    return text.assign(source_row=range(1, len(rows) + 1))


READERS: dict[str, Callable[[Path, str, Names], pd.DataFrame]] = {
    "csv": _read_csv,
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
    "stata": _read_stata,
    "workbook": read_workbook,
}
