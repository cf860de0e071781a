"""Tables and charts as pages show them. A chart draws the rows of the table beside it, so that
what is seen, read and downloaded is the same."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

# Between the Chinese and the English of a text in a chart; the script takes the one it needs.
BOTH = "\u001f"


def both(zh: str, en: str) -> str:
    """A text of a chart in both languages."""
    return f"{zh}{BOTH}{en}"


@cache
def said(zh: str, en: str) -> Markup:
    """A text of a page in both languages; the style sheet shows one of them."""
    if zh == en:
        return escape(zh)
    return Markup('<span class="zh">{}</span><span class="en">{}</span>').format(zh, en)


@dataclass(frozen=True)
class Column:
    """A column of a table: key (in the chart and the download), heading, format.

    format: text, score, rate (per cent of a share), whole, signed, points (signed per cent),
    number (four decimals). source: the file of the revision that holds its values, if another
    one than that of the figure.
    """

    key: str
    zh: str
    en: str
    format: str = "text"
    source: str = ""

    @property
    def numeric(self) -> bool:
        return self.format != "text"


@dataclass(frozen=True)
class Table:
    """Rows under columns; a cell is a published value, unrounded, or a text in both languages
    as a pair.

    codes: of the regions or indicators that the rows are of, if the first column names them; of:
    which of the two, r or i. Such a table stands in the page as data, of which the script makes
    rows: it is long, or stands on many pages. sources: the files that hold the first rows, if
    others than that of the figure.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    codes: Sequence[str] = ()
    of: str = "r"
    sources: Sequence[str] = ()

    @property
    def packed(self) -> list[list[Any]]:
        """The rows with the code instead of the name."""
        return [[code, *row[1:]] for code, row in zip(self.codes, self.rows, strict=True)]


@dataclass(frozen=True)
class Figure:
    """A chart, its table and where its figures come from.

    name: of the figure on its page and of its download, letters and hyphens. source: the file
    of the revision that holds the figures. chart: a Vega-Lite specification over the data set
    `table`, or finished SVG. note: a pair. table_of, table_columns: the table of the page whose
    rows and columns are drawn, of which the script makes the figure's own: it would stand on
    hundreds of pages twice.
    """

    name: str
    zh: str
    en: str
    table: Table | None
    source: str
    chart: Mapping[str, Any] | Markup | None = None
    note: tuple[str, str] | None = None
    table_of: str = ""
    table_columns: Sequence[str] = ()

    @property
    def spec(self) -> Mapping[str, Any] | None:
        return self.chart if isinstance(self.chart, Mapping) else None

    @property
    def svg(self) -> Markup | None:
        return self.chart if isinstance(self.chart, Markup) else None


class Numbers:
    """How numbers are printed; decimals: of a score on the framework's scale."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self._cells: dict[tuple[Any, str], Markup] = {}

    def __call__(self, value: Any, form: str = "score") -> str:
        """A value as it is printed; a missing one as a dash."""
        if _empty(value):
            return "—"
        if form == "text":
            return str(value)
        if form == "whole":
            return f"{value:.0f}"
        if form == "rate":
            return f"{rounded(100 * value, 2)}%"
        if form == "points":
            return signed(rounded(100 * value, 2))
        if form == "signed":
            return signed(rounded(value, self.decimals))
        if form == "signed_whole":
            return signed(rounded(value, 0))
        if form == "number":
            return rounded(value, 4)
        if form == "figure":
            return rounded(value, 4).rstrip("0").rstrip(".") if value % 1 else rounded(value, 0)
        return rounded(value, self.decimals)

    def cell(self, value: Any, form: str = "score") -> Markup:
        """A cell of a table, without its end tag; the published value stands unrounded in
        data-v where the print hides some of it."""
        # Means of the nation, a province or a class stand on hundreds of pages.
        found = self._cells.get((value, form))
        if found is None:
            shown = self(value, form)
            if _empty(value) or self._exact(shown, value, form):
                found = Markup(f"<td>{escape(shown)}")
            else:
                found = Markup(f'<td data-v="{escape(raw(value))}">{escape(shown)}')
            self._cells[value, form] = found
        return found

    @staticmethod
    def _exact(shown: str, value: float, form: str) -> bool:
        number = float(shown.replace("\u2212", "-").removesuffix("%"))
        return bool(number == round(100 * value if form in ("rate", "points") else value, 10))


def _empty(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or bool(value != value)


def rounded(value: float, decimals: int) -> str:
    """A number with so many decimals, halves away from zero as the published tables print."""
    if not math.isfinite(value):
        return "—"
    scaled = math.floor(abs(float(f"{value * 10**decimals:.10g}")) + 0.5)
    text = f"{scaled / 10**decimals:.{decimals}f}"
    return f"-{text}" if value < 0 and scaled else text


def signed(text: str) -> str:
    """A number with its sign; a true minus, and none before zero."""
    if text.startswith("-"):
        return f"\u2212{text[1:]}"
    return text if not text.strip("0.") else f"+{text}"


# Characters by which a text could leave a script element, or end a line of one.
UNSAFE = re.compile("[<>&\u2028\u2029]")


def inline_json(data: Any) -> Markup:
    """Data as JSON that is safe inside a script element whatever texts it holds."""
    text = json.dumps(plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def plain(value: Any) -> Any:
    """A value as JSON knows it: missing values as null, no types of libraries."""
    if type(value) is float:
        if value != value:
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    if pd.isna(value):
        return None
    return plain(value.item()) if hasattr(value, "item") else value


def raw(value: Any) -> str:
    """A cell as it is downloaded: the published value, unrounded; nothing if it is missing."""
    if isinstance(value, tuple):
        return str(value[0])
    value = plain(value)
    return "" if value is None else str(value)


def spec_of(chart: Any) -> dict[str, Any]:
    """The Vega-Lite specification of an Altair chart whose data set is `table`."""
    found: dict[str, Any] = chart.to_dict()
    for name in ("config", "$schema"):
        found.pop(name, None)
    return found
