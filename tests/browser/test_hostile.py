"""What collected files bring in is shown as text: no script of theirs runs, no link is live."""

import json
import re
import shutil
from zlib import crc32

import pandas as pd
import pytest

from dagster_project.site import build

HOSTILE = (
    "<script>window.hacked=1</script>",
    "</script><img src=x onerror=\"window.hacked=1;alert('in')\">",
    "</title></textarea></style><svg onload=window.hacked=1>",
    "javascript:window.hacked=1",
    "'\"><a href='javascript:window.hacked=1' onmouseover=window.hacked=1>here</a>",
    "\u2028window.hacked=1\u2029//`${window.hacked=1}`",
    "{{ 7 * 7 }}{% raw %}<!--<script>",
    '" autofocus onfocus=window.hacked=1 x="',
)
# Columns of published tables that hold texts of collectors and authors.
TEXTS = {
    "region_name",
    "parent_region",
    "region_class",
    "group_name",
    "detail",
    "indicator_name",
    "indicator_name_en",
    "definition",
    "kind",
    "point_name",
    "point_name_en",
    "looked_for",
    "looked_for_en",
    "unit",
    "words",
    "words_en",
    "assessor",
    "value",
    "evidence",
    "note",
    "sheet",
    "file",
    "reason",
    "claim",
    "claim_en",
    "explanation",
    "name",
    "name_en",
    "published_text",
    "computed_text",
    "last_region_name",
    "condition",
    "source",
    "rule_technical",
    "rule_technical_en",
}
KEPT = {
    ("formulas", "kind"),
    ("readings", "kind"),
    ("readings", "raw_file"),
    ("statistics", "value"),
    ("history_statistics", "value"),
    ("points", "value"),
}
PAGES = (
    "index.html",
    "ranking.html",
    "indicators.html",
    "indicators/power_list.html",
    "indicators/total.html",
    "method.html",
    "checks.html",
    "statistics.html",
    "record.html",
    "regions/440300.html",
)


def hostile(value):
    """A text with something hostile at its end, the same for the same text."""
    return value + HOSTILE[crc32(value.encode()) % len(HOSTILE)]


@pytest.fixture(scope="module")
def attacked(published, tmp_path_factory):
    """The revision of twelve regions, as if everything in it came from an attacker, and its
    site."""
    folder = tmp_path_factory.mktemp("hostile") / "revision"
    shutil.copytree(published, folder, copy_function=shutil.copyfile)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder / "site", ignore_errors=True)
    for path in sorted(folder.glob("*.csv")) + sorted(folder.glob("*.parquet")):
        table = (
            pd.read_parquet(path)
            if path.suffix == ".parquet"
            else pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        )
        for column in TEXTS & set(table.columns):
            if (path.stem, column) not in KEPT:
                table[column] = [
                    hostile(one) if isinstance(one, str) and one else one for one in table[column]
                ]
        if path.suffix == ".parquet":
            table.to_parquet(path, index=False)
        else:
            table.to_csv(path, index=False, encoding="utf-8-sig")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for place, name in enumerate(("title", "producer", "address", "licence", "reason")):
        manifest[name] = HOSTILE[place] + HOSTILE[place + 1]
    manifest["names"] = {"zh": HOSTILE[1], "en": HOSTILE[2], "own": HOSTILE[0]}
    manifest["corrections"] = [
        {
            "table": HOSTILE[0],
            "file": HOSTILE[1],
            "sheet": HOSTILE[2],
            "row": 3,
            "column": HOSTILE[3],
            "before": HOSTILE[4],
            "after": HOSTILE[5],
            "reason": HOSTILE[6],
            "source": HOSTILE[7],
            "cell": None,
        }
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for path in (folder / "sql").iterdir():
        path.write_text("".join(f"-- {one}\n" for one in HOSTILE), encoding="utf-8")
    build(folder)
    return folder


def quiet(page):
    """Nothing of the attacker's ran, and nothing of it is a link or an element."""
    assert page.evaluate("window.hacked") is None
    assert page.locator("[onerror], [onload], [onfocus], [onmouseover], img").count() == 0
    addresses = page.eval_on_selector_all(
        "[href]",
        "all => all.map((one) => one.href.baseVal === undefined ? one.href : one.href.baseVal)",
    )
    for address in addresses:
        assert re.match(r"(file|blob|data):|\.\.|#|[\w./-]+$", address), address


@pytest.mark.parametrize("place", PAGES)
def test_no_text_of_a_collection_becomes_code(attacked, visit, place):
    page = visit(attacked, place)
    page.wait_for_load_state()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for figure in page.locator(".plot.vega").all():
        figure.locator("svg").first.wait_for()
    quiet(page)
    assert "window.hacked" in page.content()
    page.locator("#language").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    quiet(page)
    for button in page.locator(".cite:visible").all()[:3]:
        button.click()
        page.wait_for_function("document.querySelector('#toast').textContent")
    page.mouse.move(500, 400)
    quiet(page)


def test_the_search_shows_hostile_names_as_text(attacked, visit):
    page = visit(attacked, "index.html")
    page.locator("#find").fill("440300")
    assert page.locator("#found [role=option]").count() == 1
    assert hostile("深圳市") in page.locator("#found").text_content()
    quiet(page)


def test_a_trace_shows_hostile_readings_as_text(attacked, visit):
    page = visit(attacked, "regions/440300.html")
    page.locator("tr[data-i=power_list] button.open").click()
    page.locator("tr.trace").wait_for()
    for summary in page.locator("tr.trace summary").all():
        summary.click()
    assert "hacked" in page.locator("tr.trace .within").first.inner_text()
    quiet(page)
    # An address that a click may open leads to a page, and to no script.
    for button in page.locator("button.address").all()[:5]:
        assert button.inner_text().lower().startswith(("http://", "https://"))


def test_tooltips_of_charts_show_hostile_names_as_text(attacked, visit):
    page = visit(attacked, "index.html")
    page.wait_for_load_state()
    marks = page.locator("#by-province .plot path[aria-roledescription=bar]")
    page.locator("#by-province").scroll_into_view_if_needed()
    marks.first.wait_for()
    marks.first.hover()
    page.locator("#vg-tooltip-element").wait_for()
    quiet(page)


def test_downloads_do_not_start_formulas(attacked, visit):
    page = visit(attacked, "ranking.html")
    with page.expect_download() as found:
        page.locator("#save").click()
    text = found.value.path().read_text(encoding="utf-8-sig")
    for cell in re.split(r"[,\r\n]", text):
        assert not re.match(r"""["']?[=+@\t]""", cell) or cell.startswith("'")
