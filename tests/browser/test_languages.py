"""Both languages are whole: no Chinese in the English pages but names and what sources say in
their own words, and no codes for words in either."""

import json
import re

import pandas as pd
import pytest

from tests.browser.test_pages import show_charts

FRAMEWORKS = ["internet_service", "chile_egi", "un_egdi"]
CHINESE = re.compile("[\u3400-\u9fff]+")
CODE = re.compile(r"\b[a-z]+_[a-z_0-9]+\b")
# Visible texts with their element, and texts that a reader of screens hears.
TEXTS = """() => {
    document.querySelectorAll("main details").forEach((one) => { one.open = true; });
    document.querySelectorAll(".data").forEach((one) => { one.hidden = false; });
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) {
        const one = walk.currentNode.parentElement;
        const text = walk.currentNode.textContent.trim();
        if (!text || one.closest("script, noscript, #language, code, pre, [lang=zh], .of-source"))
            continue;
        if (one.tagName !== "OPTION" && !one.getClientRects().length) continue;
        found.push(text);
    }
    document.querySelectorAll("[aria-label], [placeholder], [title]").forEach((one) => {
        if (one.id === "language" || one.closest(".vega")) return;
        for (const name of ["aria-label", "placeholder", "title"])
            if (one.hasAttribute(name)) found.push(one.getAttribute(name));
    });
    return found;
}"""


def texts(visit, folder, place, english):
    page = visit(folder, place)
    if english:
        page.locator("#language").click()
        page.reload()
    show_charts(page)
    found = page.evaluate(TEXTS)
    page.context.close()
    return found


def names_of(folder):
    """Names of regions, of provinces, and of the producer and the collection."""
    rankings = pd.read_parquet(folder / "rankings.parquet")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = {*rankings["region_name"], *rankings["parent_region"].dropna()}
    return found | set(CHINESE.findall(f"{manifest['producer']} {manifest['title']}"))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_english_pages_have_no_chinese_but_names(sites, kinds, visit, framework):
    folder = sites[framework]
    names = names_of(folder)
    # What a report misprinted is quoted.
    quoted = set(pd.read_parquet(folder / "indicator_scores.parquet")["indicator_name"])
    for place in kinds[framework]:
        known = names | quoted if place == "checks.html" else names
        for text in texts(visit, folder, place, english=True):
            for found in CHINESE.findall(text):
                assert any(found in name for name in known), (place, text)


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_page_shows_codes_for_words(sites, kinds, visit, framework, english):
    for place in kinds[framework]:
        for text in texts(visit, sites[framework], place, english):
            assert not CODE.search(text), (place, text)
