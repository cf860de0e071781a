"""A browser without network, and the sites that the platform published."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dagster_project.publication.revisions import current_link
from dagster_project.settings import Settings

# What a page may ask for: itself, what lies beside it, and what it made.
OWN = ("file://", "data:", "blob:")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Where CI runs it has to be there."""
    path = shutil.which("chromium")
    if path is None:
        message = "no browser is here: install the packages chromium and fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def sites(demonstrated: dict[str, Path], computed: Settings, surveys: Settings) -> dict[str, Path]:
    """Folders of revisions with their sites, by framework."""
    return {
        "internet_service": demonstrated["2019"],
        "chile_egi": current_link(computed, "chile_egi", "2019"),
        "un_egdi": current_link(surveys, "un_egdi", "2022"),
    }


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site of a revision from disk. No page may ask the network for
    anything, fail in its script, or open a dialog."""
    contexts = []
    wrong: list[str] = []

    def open_page(folder: Path, place: str, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        contexts.append(context)
        context.set_offline(True)
        context.on(
            "request",
            lambda request: None if request.url.startswith(OWN) else wrong.append(request.url),
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(f"{place}: {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"{place}: dialog"), dialog.dismiss()))
        page.on(
            "console",
            lambda message: (
                wrong.append(f"{place}: {message.text}") if message.type == "error" else None
            ),
        )
        page.goto((folder / "site" / place).absolute().as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture(scope="session")
def kinds(sites: dict[str, Path]) -> dict[str, list[str]]:
    """One page of every kind that a site has, by framework."""
    named = ("index", "ranking", "indicators", "method", "checks", "statistics", "record")
    found = {}
    for framework, folder in sites.items():
        site = folder / "site"
        leaves = sorted((site / "indicators").glob("*.html"), key=lambda path: path.stat().st_size)
        found[framework] = [
            *(f"{name}.html" for name in named if (site / f"{name}.html").is_file()),
            f"regions/{sorted(path.name for path in (site / 'regions').glob('*.html'))[0]}",
            "indicators/total.html",
            f"indicators/{leaves[-1].name}",
        ]
    return found
