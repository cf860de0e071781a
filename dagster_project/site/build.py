"""Writes the site of a revision into its folder."""

import hashlib
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import cache, partial
from pathlib import Path

from dagster_project import beside
from dagster_project.errors import GovIndexError
from dagster_project.provenance import python_code
from dagster_project.publication.revisions import START
from dagster_project.site.edition import Edition
from dagster_project.site.pages import Site

HERE = Path(__file__).parent
# The modules that write pages, in the order of the navigation.
PAGES = ("overview", "ranking", "region", "indicator", "method")
# Whose pages take as long as all others, and tell of no checksum of the workbook.
REGION = "region"


def load() -> None:
    """Imports what writes pages, which takes a second."""
    for name in PAGES:
        _module(name)


def begin(folder: Path) -> Callable[[Path], Path]:
    """Has the second process, if there is one, begin with the site of a revision that is there
    but for its workbook; returns what writes the rest when that is there too."""
    return partial(build, begun=beside.submit(_write_regions, folder))


def _write_regions(folder: Path) -> None:
    _write((folder / START).parent, _site(folder).files_of(_module(REGION)))


def build(folder: Path, destination: Path | None = None, begun: Future[None] | None = None) -> Path:
    """Writes the pages of a revision; returns the path of the first.

    folder: of the revision. destination: where the site goes, folder/site if None. begun: the
    pages of regions, if they are being written there by the second process.

    Raises GovIndexError for a folder that holds no revision.
    """
    site = _site(folder)
    target = destination or (folder / START).parent
    charts = _started()
    _write(target, site.files(without=_module(REGION)))
    if not beside.done(begun):
        _write(target, site.files_of(_module(REGION)))
    assets = target / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "assets").iterdir()):
        (assets / path.name).write_bytes(path.read_bytes())
    (assets / "vega.js").write_bytes(chart_script(charts))
    return target / Path(START).name


def _site(folder: Path) -> Site:
    return Site(Edition(folder), map(_module, PAGES))


def _write(target: Path, files: Iterable[tuple[str, str]]) -> None:
    made: set[Path] = set()
    for place, text in files:
        path = target / place
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(text, encoding="utf-8")


def _module(name: str) -> object:
    """A module that writes pages."""
    return importlib.import_module(f"{__package__}.{name}")


@cache
def _started() -> "subprocess.Popen[bytes]":
    """A process that puts the chart script together: it takes two seconds and would hold this
    interpreter meanwhile."""
    code = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle())"
    return subprocess.Popen([sys.executable, "-X", "utf8", "-c", code], stdout=subprocess.PIPE)


@cache
def chart_script(started: "subprocess.Popen[bytes]") -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one classic script that leaves only their names.

    Raises GovIndexError if it cannot be put together.
    """
    bundle, _ = started.communicate()
    if started.returncode or not bundle:
        raise GovIndexError("the chart script could not be put together; see the error above")
    return b"(function(){" + bundle + b"\n})();\n"


@cache
def code_digest() -> str:
    """Hash of all that shapes the pages: code without its comments, templates, styles, script,
    registers, and the versions of the libraries that draw."""
    from importlib.metadata import version

    parts = {
        path.relative_to(HERE).as_posix(): python_code(f"{__package__}.{path.stem}")
        if path.suffix == ".py"
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(HERE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    parts |= {name: version(name) for name in ("altair", "jinja2", "pypinyin", "vl-convert-python")}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
