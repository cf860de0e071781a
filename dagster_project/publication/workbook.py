"""The workbook of an edition: its tables as sheets, for people who open Excel."""

from pathlib import Path

import pandas as pd
import xlsxwriter

WIDEST = 40


def write_workbook(path: Path, about: dict[str, str], tables: dict[str, pd.DataFrame]) -> None:
    """Writes tables as sheets with a frozen heading and filters, after a sheet that says what
    they are.

    The same content gives the same bytes. Text is written as text: nothing that a collected
    file brings in becomes a formula or a link.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": pd.Timestamp(2000, 1, 1).to_pydatetime()})
        heading = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1})
        sheet = book.add_worksheet("about")
        for row, (name, value) in enumerate(about.items()):
            sheet.write_string(row, 0, name, heading)
            sheet.write_string(row, 1, value)
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 100)
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(rows), max(len(rows.columns) - 1, 0))
            for column, title in enumerate(rows.columns):
                sheet.write_string(0, column, title, heading)
                cells = rows[title].astype(object).where(rows[title].notna(), None).tolist()
                longest = max((len(str(cell)) for cell in cells), default=0)
                sheet.set_column(column, column, min(max(longest, len(title)) + 2, WIDEST))
                for row, cell in enumerate(cells, start=1):
                    if cell is None:
                        continue
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif isinstance(cell, bool):
                        sheet.write_boolean(row, column, cell)
                    else:
                        sheet.write_number(row, column, cell)
