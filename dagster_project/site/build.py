"""Writes the site of a revision into its folder."""

import hashlib
import importlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

from dagster_project.errors import GovIndexError
from dagster_project.provenance import python_code
from dagster_project.publication.revisions import START
from dagster_project.site.edition import Edition
from dagster_project.site.pages import Site

HERE = Path(__file__).parent
# The modules that write pages, in the order of the navigation.
PAGES = ("overview", "ranking", "region", "indicator", "method")


def build(folder: Path, destination: Path | None = None) -> Path:
    """Writes the pages of a revision; returns the path of the first.

    folder: of the revision. destination: where the site goes, folder/site if None.

    Raises GovIndexError for a folder that holds no revision.
    """
    edition = Edition(folder)
    target = destination or (folder / START).parent
    charts = _started()
    made: set[Path] = set()
    site = Site(edition, [module for module in map(_module, PAGES) if module is not None])
    for place, text in site.files():
        path = target / place
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(text, encoding="utf-8")
    assets = target / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "assets").iterdir()):
        (assets / path.name).write_bytes(path.read_bytes())
    (assets / "vega.js").write_bytes(chart_script(charts))
    return target / Path(START).name


def _module(name: str) -> object | None:
    """A module that writes pages, None if there is none of that name."""
    place = f"{__package__}.{name}"
    return importlib.import_module(place) if (HERE / f"{name}.py").is_file() else None


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
