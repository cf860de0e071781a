"""Reading the pages of a site as a browser would: tables, scripts, elements."""

import base64
import json
import zlib
from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """An HTML file. tables: by the id of what they stand in, a list of rows of (tag,
    attributes, text); scripts: (attributes, text); tags: every (tag, attributes)."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.source = path.read_text(encoding="utf-8")
        self.tags: list[tuple[str, dict]] = []
        self.scripts: list[list] = []
        self.tables: dict[str, list[list[list]]] = {}
        self.text = ""
        self._place, self._row, self._cell, self._script = "", None, None, None
        self._hidden = 0
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self._place = attributes["id"]
        if tag == "script":
            self._script = [attributes, ""]
            self.scripts.append(self._script)
        if tag == "span" and (attributes.get("class") == "en" or self._hidden):
            self._hidden += 1
        if tag == "table":
            self.tables.setdefault(self._place, [])
        if tag == "tr":
            self._row = [attributes]
            self.tables[self._place].append(self._row)
        if tag in ("td", "th") and self._row is not None:
            self._cell = [tag, attributes, ""]
            self._row.append(self._cell)

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None
        if tag == "span" and self._hidden:
            self._hidden -= 1
        if tag == "table":
            self._row = self._cell = None

    def handle_data(self, data):
        if self._script is not None:
            self._script[1] += data
        elif not self._hidden:
            self.text += data
            if self._cell is not None:
                self._cell[2] += data

    def json(self, name: str):
        """The data that stand in the page under an id."""
        [found] = [text for attributes, text in self.scripts if attributes.get("id") == name]
        return json.loads(found)

    @property
    def trace(self):
        """The trace that a region's page carries."""
        [found] = [text for attributes, text in self.scripts if attributes.get("id") == "trace"]
        trace = json.loads(zlib.decompress(base64.b64decode(found)))
        read, last = trace["readings"], {}
        read["row"] = []
        for file, step in zip(read.get("file", []), read.get("step", []), strict=True):
            last[file] = last.get(file, 0) + step
            read["row"].append(last[file])
        return trace


def value(cell: list) -> float | None:
    """The number of a cell: unrounded if it stands beside, else as printed."""
    _, attributes, text = cell
    text = attributes.get("data-v", text).strip().replace("\u2212", "-")
    if text in ("", "—"):
        return None
    return round(float(text[:-1]) / 100, 12) if text.endswith("%") else float(text)


def printed(cell: list) -> str:
    return cell[2].strip()


def data_of(script: Path, name: str):
    """What a data script of a site sets."""
    for line in script.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"window.{name}="):
            return json.loads(line.removeprefix(f"window.{name}=").removesuffix(";"))
    raise KeyError(name)
