"""The workbook of an edition: its tables as sheets, for people who open Excel."""

from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from dagster_project.publication import headings
from dagster_project.publication.headings import ABOUT, SHEETS
from dagster_project.publication.sheets import sheets

# Text that is longer makes a column of sentences, which are wrapped to so many digits.
WIDEST, OF_SENTENCES = 40, 60
# Headings of numbers make a column no wider; they are wrapped to so many lines, below which the
# button of the filter has one.
NUMBER_WIDEST, HEADING_LINES, LINE = 15, 2, 15
# So many digits side by side can still be read on a page of A3.
A3, WIDTH_OF_PAGE = 8, 300
# Excel allows no higher row.
HIGHEST = 409
# Columns that say what a row is about, where they are among the first.
NAMES = ("region_name", "indicator_name", "group_name", "point_name", "name", "claim")
NAMES_WITHIN = 6
# Rows that decide how wide a column is.
LOOKED_AT = 500
# What the formats below make of a number, in Python's words.
NUMBERS = {"whole": ",.0f", "score": ".2f", "share": ".2%", "number": ".4f", "figure": ".4f"}
FORMATS = {
    "whole": "#,##0",
    "score": "0.00",
    "share": "0.00%",
    "number": "0.0000",
    "figure": "0.00##",
}
# Excel shows TRUE and FALSE whatever the format, LibreOffice 1 and 0 without one.
TRUTH = '"是";"是";"否"'
EXPLAINED = ["工作表 Sheet", "列 Heading", "英文列名 Column", "含义 Meaning"]
EXPLAINED_WIDTHS = (24, 26, 38, 90)


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
        formats = _Formats(book)
        _explain(book.add_worksheet("说明"), about, shown, formats)
        for name, rows in shown.items():
            sheet = book.add_worksheet(SHEETS.get(name, name))
            sheet.freeze_panes(1, _names_of_rows(rows))
            sheet.set_header(_of_what(about))
            sheet.set_row(0, (HEADING_LINES + 1) * LINE)
            sheet.autofilter(0, 0, len(rows), max(len(rows.columns) - 1, 0))
            widths = [
                _write_column(sheet, name, column, rows, formats)
                for column in range(len(rows.columns))
            ]
            _set_heights(sheet, rows, widths)
            _on_paper(sheet, sum(widths), _names_of_rows(rows))


class _Formats:
    """The formats of a workbook, each made when it is first asked for."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "vcenter", **properties})
        return self.made[key]

    def heading(self, numbers: bool = False) -> Any:
        return self.of(
            bold=True,
            bg_color="#DCE6F1",
            bottom=1,
            text_wrap=True,
            valign="top",
            align="right" if numbers else "left",
            indent=0 if numbers else 1,
        )

    def text(self, wrapped: bool, word: str | None = None) -> Any:
        """Of text, which does not touch the number at its left. word: what a code means, shown
        before it; the cell holds the code, as the other tables do."""
        of_code = {"num_format": f'"{word} "@'} if word else {}
        return self.of(indent=1, align="left", text_wrap=wrapped, **of_code)

    def number(self, kind: str | None) -> Any:
        return self.of(num_format=FORMATS[kind]) if kind in FORMATS else self.of()


def _kinds(rows: pd.DataFrame, kind: str | None) -> list[str | None]:
    """The format of each number of a column."""
    statistics, units = (
        rows[name].tolist() if name in rows else [""] * len(rows) for name in ("statistic", "unit")
    )
    return [headings.format_of_row(kind, *one) for one in zip(statistics, units, strict=True)]


def _on_paper(sheet: Any, width: int, names: int) -> None:
    """As many pages side by side as the columns need to be read, and on every one the heading
    and what a row is about."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(-(-width // WIDTH_OF_PAGE), 0)
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
    first = rows.columns[:NAMES_WITHIN]
    return max((place for place, title in enumerate(first, start=1) if title in NAMES), default=0)


def _explain(
    sheet: Any, about: dict[str, str], tables: dict[str, pd.DataFrame], formats: _Formats
) -> None:
    heading, text = formats.heading(), formats.of(text_wrap=True)
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
            for column, said in enumerate(texts):
                sheet.write_string(row, column, said, text)
            sheet.set_row(row, _lines(texts[-1], EXPLAINED_WIDTHS[-1]) * LINE)
    sheet.autofilter(len(about) + 1, 0, row, len(EXPLAINED) - 1)
    for column, width in enumerate(EXPLAINED_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_column(
    sheet: Any, table: str, column: int, rows: pd.DataFrame, formats: _Formats
) -> int:
    """Writes a column of a table and returns how wide it is, in digits."""
    title, kind_of_all, meaning = headings.heading(table, str(rows.columns[column]))
    kinds, words = _kinds(rows, kind_of_all), headings.words_of(meaning)
    values = rows.iloc[:, column]
    cells = values.astype(object).where(values.notna(), None).tolist()
    texts = [cell for cell in cells[:LOOKED_AT] if isinstance(cell, str)]
    numbers = not texts and any(isinstance(cell, int | float) for cell in cells[:LOOKED_AT])
    longest = max(
        (_width(f"{words[text]} {text}" if text in words else text) for text in texts), default=0
    )
    wrapped = longest > WIDEST
    widest = NUMBER_WIDEST if numbers else OF_SENTENCES if wrapped else WIDEST
    wide = min(max(longest, _width(title), 7) + 2, widest)
    wide = max(wide, _widest_number(cells, kinds) + 2)
    sheet.set_column(column, column, wide)
    sheet.write_string(0, column, title, formats.heading(numbers))
    of_text, of_truth = formats.text(wrapped), formats.of(num_format=TRUTH)
    of_code = {code: formats.text(wrapped, word) for code, word in words.items()}
    of_number = {kind: formats.number(kind) for kind in set(kinds)}
    for row, (cell, kind) in enumerate(zip(cells, kinds, strict=True), start=1):
        if cell is None:
            continue
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, of_code.get(cell, of_text))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, of_truth)
        else:
            sheet.write_number(row, column, cell, of_number[kind])
    return wide


def _set_heights(sheet: Any, rows: pd.DataFrame, widths: list[int]) -> None:
    """Makes the rows of sentences as high as these need: not every program does so itself."""
    lines = [1] * len(rows)
    for column, wide in enumerate(widths):
        if wide > WIDEST:
            for row, cell in enumerate(rows.iloc[:, column]):
                if isinstance(cell, str):
                    lines[row] = max(lines[row], _lines(cell, wide))
    for row, count in enumerate(lines, start=1):
        if count > 1:
            sheet.set_row(row, min(count * LINE, HIGHEST))


def _widest_number(cells: list[Any], kinds: list[str | None]) -> int:
    """How wide the longest number is as it is shown; a cell too narrow for one shows none."""
    found: dict[str, list[float]] = {}
    for cell, kind in zip(cells, kinds, strict=True):
        if kind in NUMBERS and isinstance(cell, int | float):
            found.setdefault(kind, []).append(cell)
    extremes = [(kind, one) for kind, some in found.items() for one in (min(some), max(some))]
    return max((len(format(one, NUMBERS[kind])) for kind, one in extremes), default=0)


def _lines(text: str, wide: int) -> int:
    """How many lines a text takes; a line breaks before the word that does not fit."""
    return 1 if _width(text) + 2 <= wide else -(-_width(text) // (wide - 5))


def _width(text: str) -> int:
    """How wide a text is in digits: Chinese characters take two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
