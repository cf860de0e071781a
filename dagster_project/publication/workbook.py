"""The workbook of an edition: its tables as sheets, for people who open Excel."""

from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from dagster_project.publication import headings
from dagster_project.publication.headings import ABOUT, SHEETS
from dagster_project.publication.sheets import sheets

WIDEST = 40
# Columns of numbers are no wider; their headings are wrapped to so many lines.
NUMBER_WIDEST, HEADING_LINES, LINE = 15, 2, 15
A3, COLUMNS_A_PAGE = 8, 25
# Rows that decide how wide a column is.
LOOKED_AT = 500
FORMATS = {
    "whole": "#,##0",
    "score": "0.00",
    "share": "0.00%",
    "number": "0.0000",
    "figure": "0.00##",
}
EXPLAINED = ["工作表 Sheet", "列 Heading", "英文列名 Column", "含义 Meaning"]


def write_workbook(path: Path, about: dict[str, str], tables: dict[str, pd.DataFrame]) -> None:
    """Writes tables as sheets with Chinese headings, a frozen heading and filters, after a sheet
    that says what they are and what each column is called in the published tables.

    The same content gives the same bytes. Text is written as text: nothing that a collected
    file brings in becomes a formula or a link.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    shown = sheets(tables)
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": pd.Timestamp(2000, 1, 1).to_pydatetime()})
        heading = book.add_format(
            {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        formats = {name: book.add_format({"num_format": code}) for name, code in FORMATS.items()}
        # So that text does not touch the number at its left.
        formats["text"] = book.add_format({"indent": 1})
        formats["heading"] = heading
        _explain(book.add_worksheet("说明"), about, shown, heading)
        for name, rows in shown.items():
            sheet = book.add_worksheet(SHEETS.get(name, name))
            sheet.freeze_panes(1, _names_of_rows(rows))
            _on_paper(sheet, len(rows.columns), _names_of_rows(rows))
            sheet.set_header(_of_what(about))
            sheet.set_row(0, HEADING_LINES * LINE)
            sheet.autofilter(0, 0, len(rows), max(len(rows.columns) - 1, 0))
            for column, title in enumerate(rows.columns):
                shown_title, kind, _ = headings.heading(name, str(title))
                kinds = _kinds(rows, kind)
                _write_column(sheet, column, shown_title, rows[title], kinds, formats)


def _kinds(rows: pd.DataFrame, kind: str | None) -> list[str | None]:
    """The format of each number of a column."""
    statistics, units = (
        rows[name].tolist() if name in rows else [""] * len(rows) for name in ("statistic", "unit")
    )
    return [headings.format_of_row(kind, *one) for one in zip(statistics, units, strict=True)]


def _on_paper(sheet: Any, columns: int, names: int) -> None:
    """Pages with so many columns each, and on every one the heading and what a row is about."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(-(-columns // COLUMNS_A_PAGE), 0)
    sheet.repeat_rows(0)
    if names:
        sheet.repeat_columns(0, names - 1)


def _of_what(about: dict[str, str]) -> str:
    """The line above every printed page: title, revision, and whether it is synthetic."""
    parts = [about.get("title") or f"{about.get('framework', '')} {about.get('edition', '')}"]
    parts += [f"修订版 revision {about['revision']}"] if "revision" in about else []
    parts += ["合成数据 synthetic"] if about.get("synthetic") == "True" else []
    # Excel reads & as a command and allows 255 characters.
    return "&L" + " · ".join(parts)[:200].replace("&", "&&")


def _names_of_rows(rows: pd.DataFrame) -> int:
    """How many columns at the left say what a row is about; they stay in sight."""
    names = ("region_name", "indicator_name", "group_name")
    places = [place for place, title in enumerate(rows.columns) if title in names]
    return max((place + 1 for place in places if place < len(names) + 3), default=0)


def _explain(
    sheet: Any, about: dict[str, str], tables: dict[str, pd.DataFrame], heading: Any
) -> None:
    for row, (name, value) in enumerate(about.items()):
        title = f"{ABOUT[name]} {name}" if name in ABOUT else name
        sheet.write_string(row, 0, title, heading)
        sheet.write_string(row, 1, value)
    row = len(about) + 1
    for column, title in enumerate(EXPLAINED):
        sheet.write_string(row, column, title, heading)
    for name, rows in tables.items():
        for title in rows.columns:
            row += 1
            shown, _, meaning = headings.heading(name, str(title))
            texts = [SHEETS.get(name, name), shown, str(title), meaning.removeprefix("/ ")]
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
    sheet.autofilter(len(about) + 1, 0, row, len(EXPLAINED) - 1)
    for column, width in enumerate((24, 26, 30, 80)):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_column(
    sheet: Any,
    column: int,
    title: str,
    values: pd.Series,
    kinds: list[str | None],
    formats: dict[str, Any],
) -> None:
    sheet.write_string(0, column, title, formats["heading"])
    cells = values.astype(object).where(values.notna(), None).tolist()
    texts = [cell for cell in cells[:LOOKED_AT] if isinstance(cell, str)]
    numbers = not texts and any(isinstance(cell, int | float) for cell in cells[:LOOKED_AT])
    longest = max((_width(text) for text in (*texts, title)), default=0)
    widest = NUMBER_WIDEST if numbers else WIDEST
    sheet.set_column(column, column, min(max(longest, 7) + 2, widest))
    for row, (cell, kind) in enumerate(zip(cells, kinds, strict=True), start=1):
        if cell is None:
            continue
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, formats["text"])
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        else:
            sheet.write_number(row, column, cell, formats.get(kind or ""))


def _width(text: str) -> int:
    """How wide a text is in digits: Chinese characters take two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
