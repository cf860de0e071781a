"""The frame that all pages share: templates, languages, numbers, addresses of pages, citations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dagster_project.publication.headings import bases
from dagster_project.site import figures, names
from dagster_project.site.edition import (
    TOTAL,
    Edition,
    Group,
    Indicator,
    halves,
    records,
    text,
)
from dagster_project.site.reasons import Reasons

SHORT_CHECKSUM = 16
UNSAFE_IN_NAMES = re.compile(r"[^0-9A-Za-z_]")


@dataclass(frozen=True)
class Page:
    """A page to write: its place in the site, its template, what the template is given.

    place: path under the site, with /. title: a pair. section: the entry of the navigation
    that it belongs to. group: what is ranked on it. region, indicator: whose page it is, for
    citations.
    """

    place: str
    template: str
    title: tuple[str, str]
    section: str
    group: Group
    context: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""
    indicator: str = TOTAL

    @property
    def root(self) -> str:
        """The way from the page to the top of the site."""
        return "../" * self.place.count("/")


class Site:
    """An edition with everything that pages are made with.

    builders: modules with `pages(site) -> Iterator[Page]`, `SECTION`, an entry of the
    navigation as (place of its first page, Chinese, English), or None, and, if their pages
    share data, `scripts(site)`, places and texts of scripts.
    """

    def __init__(self, edition: Edition, builders: Iterable[Any]) -> None:
        self.edition = edition
        self.builders = list(builders)
        self.numbers = figures.Numbers(edition.decimals)
        self.reasons = Reasons(edition)
        self.environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {
            "n": self.numbers,
            "raw": figures.raw,
            "pair": lambda pair: figures.said(*pair) if isinstance(pair, tuple) else pair,
        }
        self.environment.globals |= {
            "t": figures.said,
            "cell": self.numbers.cell,
            "site": self,
            "edition": edition,
            "manifest": edition.manifest,
            "inline_json": figures.inline_json,
            "place": self.address,
            "region_name": self.region_name,
            "named": self.named,
            "indicator_name": self.indicator_name,
            "english": names.romanised,
            "halves": halves,
        }

    def files(self, without: Any = None) -> Iterator[tuple[str, str]]:
        """Every page and data script: its place in the site and its text. without: a builder
        that is left out."""
        for builder in self.builders:
            if builder is not without:
                yield from self.files_of(builder)
        yield "assets/names.js", self._names_script()

    def files_of(self, builder: Any) -> Iterator[tuple[str, str]]:
        """The pages and data scripts of a builder."""
        for page in builder.pages(self):
            yield page.place, self.render(page)
        if hasattr(builder, "scripts"):
            yield from builder.scripts(self)

    def render(self, page: Page) -> str:
        """The HTML of a page."""
        template = self.environment.get_template(page.template)
        return template.render(
            page=page, root=page.root, group=page.group, meta=self._meta(page), **page.context
        )

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What readers of any page have to know of names, weights and bands."""
        tree = self.edition.tree.values()
        named = bases(text(one.row.get("provenance")) for one in tree)
        bands = self.edition.manifest.get("bands_note")
        return [*([named] if named else []), *([halves(bands)] if bands else [])]

    @property
    def navigation(self) -> list[tuple[str, str, str, str]]:
        """Section, place, Chinese and English of every entry."""
        return [
            (builder.__name__.rpartition(".")[2], *builder.SECTION)
            for builder in self.builders
            if builder.SECTION
        ]

    # Addresses, from the top of the site.

    @staticmethod
    def address(page: Page, place: str) -> str:
        """The relative address of a place of the site, seen from a page."""
        return page.root + place

    def region_place(self, group: Group, code: str) -> str:
        """Where the page of a region stands."""
        return f"regions/{_file_name(code)}{group.suffix}.html"

    def indicator_place(self, group: Group, code: str) -> str:
        """Where the page of an indicator stands."""
        return f"indicators/{_file_name(code)}{group.suffix}.html"

    # Names.

    def region_name(self, row: Mapping[str, Any]) -> Markup:
        """A region's name; in English with its romanisation."""
        return self.named(row["region_name"])

    @staticmethod
    def named(name: Any) -> Markup:
        """A name in both languages; nothing as a dash."""
        said = text(name) or "—"
        return figures.said(said, names.romanised(said))

    def indicator_name(self, indicator: Indicator) -> Markup:
        """An indicator's name in both languages."""
        return figures.said(indicator.name, indicator.name_en)

    def _meta(self, page: Page) -> dict[str, Any]:
        """What the script needs to cite a value of the page."""
        return {
            "root": page.root,
            "group": page.group.name,
            "region": page.region,
            "indicator": page.indicator,
        }

    def _names_script(self) -> str:
        """What is cited of the edition, all regions with what they are found by, and all
        indicators with their names, parents and shares of those."""
        found = [
            [
                row["region_code"],
                row["region_name"],
                self.region_place(group, row["region_code"]),
                names.search_text(row["region_code"], row["region_name"]),
                row["rank"],
                names.romanised(row["region_name"]),
            ]
            for group in self.edition.groups
            for row in records(group.rankings)
        ]
        indicators = {
            one.code: [one.name, one.name_en, one.parent, one.weight_share]
            for one in self.edition.tree.values()
        }
        edition = self.edition
        cited = {
            "code": edition.code,
            "name": [edition.name, edition.name_en],
            "edition": edition.edition,
            "revision": edition.revision,
            "synthetic": edition.synthetic,
            "decimals": edition.decimals,
            "content": edition.manifest["content"][:SHORT_CHECKSUM],
            "files": {
                name: checksum[:SHORT_CHECKSUM]
                for name, checksum in edition.manifest["files"].items()
            },
        }
        return (
            f"window.GOVINDEX_EDITION={figures.inline_json(cited)};\n"
            f"window.GOVINDEX_REGIONS={figures.inline_json(found)};\n"
            f"window.GOVINDEX_INDICATORS={figures.inline_json(indicators)};\n"
        )


def _file_name(code: str) -> str:
    return UNSAFE_IN_NAMES.sub(lambda found: f"-{ord(found[0]):x}", code)
