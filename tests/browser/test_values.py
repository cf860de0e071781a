"""Every value of the site is cited from where it stands, and what is missing says why."""

import json
import re

import pandas as pd
import pytest

FRAMEWORKS = ["internet_service", "chile_egi", "un_egdi"]
# What the script takes for a value, and where it says that the value comes from.
OPEN = """() => {
    document.querySelectorAll("main details").forEach((one) => { one.open = true; });
    document.querySelectorAll("[data-do=table]").forEach((one) => one.click());
    Array.from(document.querySelectorAll("button.open")).slice(0, 5).forEach((one) => one.click());
}"""
SOURCES = """() => Array.from(document.querySelectorAll("main td:not([colspan]), main dl dd"))
    .filter((one) => /[0-9]/.test(one.textContent) && !one.closest(".formulas, .rules"))
    .map((one) => (one.closest("[data-source]") || document.body).dataset.source
        || "manifest.json")"""


def files_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]


def point_at(page, cell):
    """Brings a value into view and the pointer onto it. Scrolling hides the button beside a
    value, and is told a moment after it happened."""
    cell.scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    cell.hover()


def copied(page):
    page.wait_for_function("document.querySelector('#toast').textContent")
    return page.locator("#toast").inner_text()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_value_says_which_file_of_the_revision_it_is_from(sites, kinds, visit, framework):
    files = files_of(sites[framework])
    checked = 0
    for place in kinds[framework]:
        page = visit(sites[framework], place)
        page.evaluate(OPEN)
        page.wait_for_timeout(300)
        found = page.evaluate(SOURCES)
        assert found, place
        for source in set(found):
            assert source == "manifest.json" or source in files, (place, source)
        checked += len(found)
        page.context.close()
    assert checked > 1000


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_one_click_beside_any_value_copies_its_reference(sites, kinds, visit, framework):
    folder = sites[framework]
    edition = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for place in kinds[framework]:
        page = visit(folder, place)
        for table in page.locator("main table:visible").all():
            cells = table.locator("tbody td:not([colspan]):visible")
            numbers = [
                one for one in cells.all()[:12] if any(c.isdigit() for c in one.inner_text())
            ]
            if not numbers:
                continue
            value = numbers[0].inner_text().strip()
            point_at(page, numbers[0])
            page.locator("#cite-value").click()
            said = copied(page)
            for part in (edition["names"]["zh"], edition["edition"], "修订版", value, "sha256:"):
                assert part in said, (place, said)
            page.evaluate("document.querySelector('#toast').textContent = ''")
        page.context.close()


def test_a_cell_of_a_region_is_cited_with_indicator_region_and_checksum(sites, visit):
    folder = sites["internet_service"]
    page = visit(folder, "regions/510100.html")
    row = page.locator("table.tree tr[data-i=power_list]")
    point_at(page, row.locator("td").nth(2))
    page.locator("#cite-value").click()
    said = copied(page)
    scores = pd.read_parquet(folder / "indicator_scores.parquet")
    own = scores[(scores["region_code"] == "510100") & (scores["indicator_code"] == "power_list")]
    checksum = files_of(folder)["indicator_scores.csv"][:16]
    for part in (
        "成都市 510100",
        "权力清单（power_list）",
        f"得分率：{100 * own['score_rate'].iloc[0]:.2f}%",
        f"indicator_scores.csv sha256:{checksum}",
    ):
        assert part in said
    page.locator("#find").click()
    page.keyboard.press("Control+V")
    assert page.locator("#find").input_value() in said


def test_values_are_reached_and_cited_by_keyboard_alone(sites, visit):
    page = visit(sites["internet_service"], "ranking.html")
    cell = page.locator("table.ranking tbody td[tabindex='0']")
    assert cell.count() == 1
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = "document.activeElement.parentNode.dataset.r + ' ' + document.activeElement.cellIndex"
    rankings = pd.read_csv(
        sites["internet_service"] / "rankings.csv", encoding="utf-8-sig", dtype={"region_code": str}
    )
    second = rankings.iloc[1]
    assert page.evaluate(focused) == f"{second['region_code']} 2"
    page.keyboard.press("Enter")
    said = copied(page)
    assert f"{second['region_name']} {second['region_code']}" in said
    assert f"{second['score']:.2f}" in said


def test_figures_are_cited_by_name(sites, visit):
    page = visit(sites["internet_service"], "index.html")
    page.locator("#tiles .cite").click()
    said = copied(page)
    assert "各省平均分" in said
    assert "statistics.csv sha256:" in said


@pytest.mark.parametrize("english", [False, True])
def test_a_change_that_is_missing_says_why(sites, visit, english):
    page = visit(sites["chile_egi"], "ranking.html")
    if english:
        page.locator("#language").click()
    cells = page.locator("table.ranking tbody td", has_text=re.compile("^—$")).all()
    assert len(cells) > 10
    for cell in cells[:20]:
        assert cell.get_attribute("title")
    page = visit(sites["chile_egi"], "regions/01101.html")
    if english:
        page.locator("#language").click()
    said = page.locator("table.tree td", has_text=re.compile("^—$")).first.get_attribute("title")
    assert said == ("no score of it in 2016" if english else "2016 年没有它的得分")


@pytest.mark.parametrize("english", [False, True])
def test_the_ranking_says_why_a_score_is_missing(sites, visit, english):
    folder = sites["chile_egi"]
    rankings = pd.read_csv(
        folder / "rankings.csv", encoding="utf-8-sig", dtype={"region_code": str}
    )
    lost = rankings[rankings["score"].isna()].iloc[0]
    page = visit(folder, "ranking.html")
    if english:
        page.locator("#language").click()
    page.locator("#search").fill(lost["region_code"])
    row = page.locator("table.ranking tbody tr").first
    said = row.locator(".why").inner_text()
    reason = "children has a score" if english else "所有下级均无得分"
    assert reason in said
    assert any(cause in said for cause in (("points: ",) if english else ("点位：",)))
    cell = row.locator("td", has_text="—").last
    assert cell.get_attribute("title")
    point_at(page, cell)
    page.locator("#cite-value").click()
    assert ("missing (" if english else "缺失（") in copied(page)


def test_the_profile_has_a_table_of_what_it_draws(sites, visit):
    folder = sites["internet_service"]
    page = visit(folder, "regions/510100.html")
    drawn = page.eval_on_selector_all("#profile text[data-i]", "all => all.map((a) => a.dataset.i)")
    page.locator("#profile [data-do=table]").click()
    rows = page.eval_on_selector_all(
        "#profile tbody tr:not([hidden])",
        "rows => rows.map((row) => [row.dataset.i, row.cells[0].innerText, row.cells.length])",
    )
    names = pd.read_csv(folder / "indicator_tree.csv", encoding="utf-8-sig").set_index(
        "indicator_code"
    )["indicator_name"]
    assert rows == [[code, names[code], 5] for code in drawn]
    with page.expect_download() as found:
        page.locator("#profile [data-do=download]").click()
    saved = pd.read_csv(found.value.path(), encoding="utf-8-sig")
    scores = pd.read_parquet(folder / "indicator_scores.parquet")
    own = scores[scores["region_code"] == "510100"].set_index("indicator_code")["score_rate"]
    assert saved["得分率"].tolist() == pytest.approx([own[code] for code in drawn], abs=1e-11)


def test_the_sorted_totals_have_a_table_of_all_they_draw(sites, visit):
    for framework in ("internet_service", "un_egdi"):
        rankings = pd.read_csv(
            sites[framework] / "rankings.csv", encoding="utf-8-sig", dtype={"region_code": str}
        ).dropna(subset="score")
        page = visit(sites[framework], "method.html")
        rows = page.eval_on_selector_all(
            "#gaps tbody tr",
            "rows => rows.map((row) => [row.dataset.r, Number(row.cells[2].dataset.v)])",
        )
        expected = rankings.sort_values("score", ascending=False, kind="stable")
        assert rows == expected[["region_code", "score"]].values.tolist()


# Unrounded values with the column and the file that a citation of them names.
CITED = """() => Array.from(document.querySelectorAll("main td[data-v]")).filter((one) =>
    one.dataset.v).map((one) => {
        const head = one.closest("table").querySelectorAll("thead th")[one.cellIndex];
        return [head.dataset.k, one.dataset.v,
            head.dataset.source || one.closest("[data-source]").dataset.source];
    })"""
# What pages compute themselves: differences to the mean, ratios, what was lost.
COMPUTED = {"ahead", "share", "lost"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_value_is_in_the_file_that_its_citation_names(sites, kinds, visit, framework):
    folder = sites[framework]
    held = {}

    def numbers(source):
        if source not in held:
            read = pd.read_parquet if source.endswith(".parquet") else pd.read_csv
            rows = read(folder / source).select_dtypes("number")
            held[source] = {float(one) for name in rows for one in rows[name].dropna()}
        return held[source]

    checked = 0
    for place in kinds[framework]:
        page = visit(folder, place)
        for key, value, source in page.evaluate(CITED):
            if key not in COMPUTED:
                assert float(value) in numbers(source), (place, key, value, source)
                checked += 1
        page.context.close()
    assert checked > 500


def test_means_and_the_edition_before_are_cited_from_their_own_files(sites, visit):
    page = visit(sites["internet_service"], "regions/510100.html")
    row = page.locator("table.tree tr[data-i=power_list]")
    for place, source in ((3, "statistics.csv"), (7, "history.parquet")):
        cell = row.locator("td").nth(place)
        point_at(page, cell)
        page.locator("#cite-value").click()
        assert f"{source} sha256:" in copied(page)
        page.evaluate("document.querySelector('#toast').textContent = ''")


def test_strengths_and_weaknesses_have_a_table_of_their_own(sites, visit):
    folder = sites["internet_service"]
    page = visit(folder, "regions/510100.html")
    page.locator("#strengths [data-do=table]").click()
    rows = page.eval_on_selector_all(
        "#strengths tbody tr",
        """rows => rows.map((row) => [row.dataset.i,
            ...Array.from(row.cells).slice(1).map((cell) => Number(cell.dataset.v))])""",
    )
    scores = pd.read_parquet(folder / "indicator_scores.parquet")
    own = scores[scores["region_code"] == "510100"].set_index("indicator_code")["score_rate"]
    statistics = pd.read_parquet(folder / "statistics.parquet")
    nation = statistics[
        (statistics["group_kind"] == "nation") & (statistics["statistic"] == "score_rate")
    ].set_index("indicator_code")["value"]
    leaves = scores[(scores["level"] == 3)]["indicator_code"].unique()
    ahead = (own[leaves] - nation[leaves]).sort_values(ascending=False, kind="stable")
    assert [row[0] for row in rows[:5]] == list(ahead.index[:5])
    for code, rate, mean, difference in rows:
        assert (rate, mean) == (own[code], nation[code])
        assert difference == pytest.approx(rate - mean, abs=1e-11)


def test_the_overview_has_a_radar_of_each_upper_level(sites, visit):
    page = visit(sites["internet_service"], "index.html")
    radars = page.locator("#radar svg")
    assert radars.count() == 2
    # A dot an axis and edition.
    assert radars.nth(0).locator("circle.now").count() == 3
    assert radars.nth(1).locator("circle.now").count() == 9
    assert radars.nth(0).locator("circle.before").count() == 3
