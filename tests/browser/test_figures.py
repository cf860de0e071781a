"""Every figure on the pages equals the published tables."""

import json
import re

import pandas as pd
import pytest

FRAMEWORKS = ["internet_service", "chile_egi", "un_egdi"]
TABLES = (
    "indicator_scores",
    "rankings",
    "indicator_tree",
    "statistics",
    "history",
    "history_statistics",
    "band_candidates",
    "grade_cuts",
    "clusters",
    "region_types",
    "assessor_agreement",
    "reconciliation",
)
# What of a page is an exact value: in an attribute, unrounded.
EXACT = re.compile(r'data-v="([^"]*)"')
CELLS = """rows => rows.map(row => [row.dataset.i, Array.from(row.cells).map(cell =>
    "v" in cell.dataset ? cell.dataset.v : cell.textContent.trim())])"""


def tables_of(folder):
    found = {}
    for name in TABLES:
        for suffix, read in ((".parquet", pd.read_parquet), (".csv", read_csv)):
            path = folder / f"{name}{suffix}"
            if path.is_file():
                found[name] = read(path)
                break
    return found


def read_csv(path):
    return pd.read_csv(
        path, encoding="utf-8-sig", dtype={"edition": str, "region_code": str}, low_memory=False
    )


def close(shown, value, decimals):
    """Whether a printed or exact number is a published value."""
    if shown in ("—", ""):
        return pd.isna(value)
    number = float(shown.replace("\u2212", "-").removesuffix("%"))
    if shown.endswith("%"):
        return abs(number - 100 * value) <= 0.005 + 1e-9
    return number == value or abs(number - value) <= 0.5 * 10**-decimals + 1e-9


@pytest.fixture(scope="module")
def tables(sites):
    return {framework: tables_of(folder) for framework, folder in sites.items()}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_exact_figure_of_every_page_is_a_published_value(sites, tables, framework):
    known = set()
    for table in tables[framework].values():
        for column in table.select_dtypes("number"):
            known |= {float(value) for value in table[column].dropna()}
    checked = 0
    for path in (sites[framework] / "site").rglob("*.html"):
        text = re.sub(r"<script.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.S)
        for shown in EXACT.findall(text):
            assert not shown or float(shown) in known, (path, shown)
            checked += bool(shown)
    assert checked > 2000


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_ranking_holds_all_published_scores_rates_and_ranks(sites, tables, framework):
    text = (sites[framework] / "site" / "ranking.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script[^>]*id="data">(.*?)</script>', text, re.S)[1])
    scores = tables[framework]["indicator_scores"].set_index(["region_code", "indicator_code"])
    checked = 0
    for name, column in (("scores", "score"), ("rates", "score_rate"), ("ranks", "rank")):
        wide = scores[column].astype("float64")
        for code, values in data[name].items():
            for region, value in zip(data["regions"], values, strict=True):
                expected = wide[region["code"], code]
                assert (value is None and pd.isna(expected)) or value == expected
                checked += 1
    assert checked == 3 * (len(scores) - len(data["regions"]))
    rankings = tables[framework]["rankings"].set_index("region_code")
    assert [one["code"] for one in data["regions"]] == rankings.index.tolist()
    for one in data["regions"]:
        row = rankings.loc[one["code"]]
        assert one["name"] == row["region_name"]
        assert (one["score"] is None and pd.isna(row["score"])) or one["score"] == row["score"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_table_of_a_region_is_its_published_scores(sites, tables, visit, framework):
    scores = tables[framework]["indicator_scores"].set_index(["region_code", "indicator_code"])
    codes = tables[framework]["rankings"]["region_code"].tolist()
    incomplete = scores[scores["status"] != "scored"].reset_index()["region_code"].tolist()
    decimals = 4 if framework == "un_egdi" else 2
    for code in dict.fromkeys([codes[0], codes[len(codes) // 2], codes[-1], *incomplete[:2]]):
        page = visit(sites[framework], f"regions/{code}.html")
        rows = page.eval_on_selector_all("table.tree tbody tr[data-i]", CELLS)
        assert len(rows) == len(scores.loc[code])
        heads = page.eval_on_selector_all(
            "table.tree thead th", "all => all.map((one) => one.dataset.k)"
        )
        for indicator, cells in rows:
            own = scores.loc[(code, indicator)]
            for key, column in (
                ("score", "score"),
                ("max", "max_score"),
                ("rate", "score_rate"),
                ("rank", "rank"),
            ):
                shown = cells[heads.index(key)]
                assert close(shown, own[column], decimals), (code, indicator, key, shown)
        page.context.close()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_list_of_indicators_has_the_published_means(sites, tables, visit, framework):
    page = visit(sites[framework], "indicators.html")
    statistics = tables[framework]["statistics"]
    nation = statistics[statistics["group_kind"] == "nation"]
    means = nation[nation["statistic"] == "mean"].set_index("indicator_code")["value"]
    rates = nation[nation["statistic"] == "score_rate"].set_index("indicator_code")["value"]
    tree = tables[framework]["indicator_tree"].set_index("indicator_code")
    rows = page.eval_on_selector_all(
        "#indicators tbody tr",
        """rows => rows.map(row => [row.querySelector("code").textContent,
            Array.from(row.cells).map(cell => cell.dataset.v)])""",
    )
    assert {code for code, _ in rows} == set(tree.index)
    for code, cells in rows:
        assert float(cells[2]) == tree.loc[code, "max_score"]
        assert float(cells[3]) == means[code]
        assert float(cells[4]) == rates[code]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_regions_of_an_indicator_are_all_there_with_their_scores(
    sites, tables, visit, framework
):
    scores = tables[framework]["indicator_scores"]
    level = scores["level"].max()
    code = scores[scores["level"] == level]["indicator_code"].iloc[0]
    own = scores[scores["indicator_code"] == code]
    page = visit(sites[framework], f"indicators/{code}.html")
    rows = page.eval_on_selector_all(
        "#distribution table tbody tr",
        """rows => rows.map(row => Array.from(row.cells).slice(1).map(cell =>
            "v" in cell.dataset ? cell.dataset.v : cell.textContent.trim()))""",
    )
    assert len(rows) == len(own)
    decimals = 4 if framework == "un_egdi" else 2
    expected = own.sort_values(["rank", "region_code"], na_position="last")
    for cells, row in zip(rows, expected.itertuples(), strict=True):
        assert close(cells[0], row.rank, 0)
        assert close(cells[1], row.score, decimals)
        assert close(cells[2], row.score_rate, decimals)
