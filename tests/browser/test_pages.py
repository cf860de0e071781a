"""Every kind of page: what it says, how wide it is, whom it shuts out, what it prints."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

FRAMEWORKS = ["internet_service", "chile_egi", "un_egdi"]
SERIOUS = {"serious", "critical"}
# Style sheets beside a page cannot be read again from a file.
AXE = {"preload": False, "resultTypes": ["violations"]}
# Of a page in dark only the colours are others.
DARK = AXE | {"runOnly": ["color-contrast"]}
EVERY = (
    "index.html",
    "ranking.html",
    "indicators.html",
    "method.html",
    "record.html",
    "statistics.html",
)


def show_charts(page):
    """Draws what is drawn only when it is seen."""
    page.wait_for_load_state()
    for plot in page.locator(".plot.vega").all():
        plot.scroll_into_view_if_needed()
        plot.locator("svg").first.wait_for()


def open_everything(page):
    """Opens tables of figures, details, and the first traces down to their readings."""
    opened = """() => {
        document.querySelectorAll("main details").forEach((one) => { one.open = true; });
        document.querySelectorAll("[data-do=table][aria-expanded=false]").forEach(
            (one) => one.click());
        Array.from(document.querySelectorAll("button.open[aria-expanded=false]")).slice(0, 5)
            .forEach((one) => one.click());
    }"""
    page.evaluate(opened)
    traces = min(5, page.locator("button.open").count())
    if traces:
        page.locator("tr.trace").nth(traces - 1).wait_for()
        page.evaluate("document.querySelectorAll('main details').forEach((a) => { a.open = true })")
        page.locator("tr.trace .within").last.wait_for()
    page.wait_for_timeout(100)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_kind_of_page_is_there_and_reached_from_the_first(sites, kinds, visit, framework):
    assert set(EVERY) <= set(kinds[framework])
    page = visit(sites[framework], "index.html")
    links = page.eval_on_selector_all("header nav a", "all => all.map((one) => one.href)")
    for link in links:
        assert page.goto(link)
        assert page.locator("h1").inner_text().strip()
        assert page.locator("header nav [aria-current=page]").count() == 1


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_all_links_lead_to_files_of_the_revision(sites, framework):
    site = sites[framework] / "site"
    for path in site.rglob("*.html"):
        text = re.sub(r"<script.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.S)
        for address in set(re.findall(r"""(?:href|src)=["']?([^"'\s>]+)""", text)):
            if address.startswith(("#", "data:")):
                continue
            assert "//" not in address, (path, address)
            assert (path.parent / address.partition("#")[0]).is_file(), (path, address)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_synthetic_collections_say_so_on_every_page_and_others_do_not(sites, framework):
    pages = list((sites[framework] / "site").rglob("*.html"))
    assert len(pages) > 190
    for path in pages:
        said = 'class="synthetic" role="note"' in path.read_text(encoding="utf-8")
        assert said == (framework == "internet_service"), path


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_axe_finds_nothing_serious(sites, kinds, visit, framework, width, theme):
    found = []
    for place in kinds[framework]:
        page = visit(
            sites[framework], place, color_scheme=theme, viewport={"width": width, "height": 844}
        )
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        show_charts(page)
        open_everything(page)
        for one in Axe().run(page, options=DARK if theme == "dark" else AXE).response["violations"]:
            if one["impact"] in SERIOUS:
                nodes = [(node["target"], node["html"][:120]) for node in one["nodes"][:3]]
                found.append((place, one["id"], nodes))
        page.context.close()
    assert not found


@pytest.mark.parametrize(
    ("framework", "width"), [*((one, 390) for one in FRAMEWORKS), ("internet_service", 1920)]
)
def test_no_page_is_wider_than_the_screen(sites, kinds, visit, framework, width):
    found = {}
    for place in kinds[framework]:
        page = visit(sites[framework], place, viewport={"width": width, "height": 844})
        show_charts(page)
        for language in ("zh", "en"):
            if language == "en":
                page.locator("#language").click()
                show_charts(page)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                found[place, language] = over
        page.context.close()
    assert not found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_drawings_fit_into_a_narrow_page(sites, kinds, visit, framework):
    for place in kinds[framework]:
        page = visit(sites[framework], place, viewport={"width": 390, "height": 844})
        show_charts(page)
        for plot in page.locator("figure.figure .plot").all():
            over = plot.evaluate("(one) => one.scrollWidth - one.clientWidth")
            assert over <= 1, (place, plot.evaluate("(one) => one.closest('figure').id"), over)
        page.context.close()


# Texts of drawings that stand out of them at a side, by more than half a letter.
CUT_OFF = """() => Array.from(document.querySelectorAll("figure .plot svg")).flatMap((svg) => {
    const room = svg.getBoundingClientRect();
    return Array.from(svg.querySelectorAll("text")).filter((one) => {
        const own = one.getBoundingClientRect();
        return own.width && (own.left < room.left - 4 || own.right > room.right + 4);
    }).map((one) => svg.closest("figure").id + ": " + one.textContent);
})"""


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_text_of_a_drawing_is_cut_off(sites, kinds, visit, framework, width):
    found = {}
    for place in kinds[framework]:
        page = visit(sites[framework], place, viewport={"width": width, "height": 844})
        for language in ("zh", "en"):
            if language == "en":
                page.locator("#language").click()
            show_charts(page)
            cut = page.evaluate(CUT_OFF)
            if cut:
                found[place, language] = cut[:5]
        page.context.close()
    assert not found


def test_small_charts_side_by_side_are_of_one_size(sites, visit):
    page = visit(sites["chile_egi"], "regions/01101.html")
    widths = page.eval_on_selector_all(
        "#course .beside svg", "all => all.map((one) => one.getBoundingClientRect().width)"
    )
    assert len(widths) == 6
    assert max(widths) - min(widths) < 1


def test_no_column_of_a_region_is_lost_on_paper(sites, visit):
    # A4 without its margins.
    page = visit(
        sites["internet_service"], "regions/510100.html", viewport={"width": 672, "height": 1000}
    )
    page.locator("button.open").first.wait_for()
    page.emulate_media(media="print")
    for table in page.locator("main table:visible").all():
        assert table.evaluate("(one) => one.getBoundingClientRect().right") <= 672
    assert not page.locator("button.open").first.is_visible()


def test_pages_print_without_tools_and_with_all_rows(sites, kinds, visit):
    for place in kinds["internet_service"]:
        page = visit(sites["internet_service"], place, color_scheme="dark")
        show_charts(page)
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="print")
        for hidden in ("header nav", ".tools", ".actions", ".cite", "#cite-value"):
            for one in page.locator(hidden).all():
                assert not one.is_visible(), (place, hidden)
        assert page.locator(".synthetic").is_visible()
        page.context.close()


def test_the_whole_ranking_is_printed(sites, visit):
    page = visit(sites["internet_service"], "ranking.html")
    drawn = page.locator("table.ranking tbody tr")
    assert drawn.count() < 334
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert drawn.count() == 334


def test_paper_is_white_and_the_screen_is_dark_again_afterwards(sites, visit):
    page = visit(sites["internet_service"], "index.html", color_scheme="dark")
    theme = "document.documentElement.dataset.theme"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(theme) == "light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(theme) == "dark"
