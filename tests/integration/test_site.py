"""Every figure on the pages of an edition equals the tables of its revision."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from dagster_project.explanation import Revision
from dagster_project.publication.revisions import current_link, problems_of
from tests.pages import Page, data_of, value

# Every so many regions are compared to the last reading.
STEP = 40


def table(folder: Path, name: str) -> pd.DataFrame:
    text = dict.fromkeys(("region_code", "edition", "group_name"), "str")
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig", dtype=text)


def same(shown: float | None, published: float) -> bool:
    if shown is None or math.isnan(published):
        return (shown is None or math.isnan(shown)) and math.isnan(published)
    return math.isclose(shown, published, rel_tol=1e-11, abs_tol=1e-12)


def big_figures(page: Page) -> list[float]:
    """The key figures at the top of a page, unrounded."""
    found = [one["data-v"] for _, one in page.tags if one.get("class") == "big" and "data-v" in one]
    return [float(one) if one else math.nan for one in found]


def statistics(folder: Path) -> dict[tuple[str, str, str, str], float]:
    rows = table(folder, "statistics").fillna({"group_name": ""})
    keys = ("indicator_code", "group_kind", "group_name", "statistic")
    return dict(zip(zip(*(rows[key] for key in keys), strict=True), rows["value"], strict=True))


def check_overview(folder: Path) -> int:
    """Compares the first page with the tables; returns how many figures were compared."""
    page = Page(folder / "site" / "index.html")
    known = statistics(folder)
    total = ("total", "nation", "")
    words = {
        "有得分的地区": "count",
        "平均分": "mean",
        "中位数": "median",
        "最高分": "maximum",
        "最低分": "minimum",
        "得分率超过 60% 的地区": "above_60_share",
    }
    big = big_figures(page)
    assert big == [known[(*total, name)] for name in words.values()]
    compared = len(big)
    scores = table(folder, "rankings").set_index("region_code")["score"]
    rows = page.packed()
    assert len(rows) == scores.notna().sum()
    for code, _, score, *_ in rows:
        assert same(score, scores[code])
    compared += len(rows)
    for row in page.tables["by-province"][1:]:
        name = row[1][2].strip()
        assert same(value(row[2]), known["total", "province", name, "mean"]), name
        compared += 1
    return compared


def check_ranking(folder: Path) -> int:
    """Compares what the ranking shows with the tables."""
    data = Page(folder / "site" / "ranking.html").json("data")
    ranks = table(folder, "rankings")
    assert [one["code"] for one in data["regions"]] == ranks["region_code"].tolist()
    known = statistics(folder)
    for one, row in zip(data["regions"], ranks.to_dict("records"), strict=True):
        assert same(one["score"], row["score"])
        assert same(one["rank"], row["rank"])
        for change in ("rank_change", "score_change"):
            published = known.get(("total", "region", one["code"], change), math.nan)
            assert same(one[change], published)
    scores = table(folder, "indicator_scores").set_index(["indicator_code", "region_code"])
    order = ranks["region_code"]
    for shown, column in (("scores", "score"), ("rates", "score_rate"), ("ranks", "rank")):
        for code, values in data[shown].items():
            published = scores.loc[code][column].reindex(order)
            assert all(map(same, values, published)), (shown, code)
    return 2 * len(ranks) + 3 * sum(map(len, data["scores"].values()))


def check_regions(folder: Path) -> int:
    """Compares the table of every region's page, and every so many traces with `explain`."""
    scores = table(folder, "indicator_scores").set_index(["region_code", "indicator_code"])
    ranks = table(folder, "rankings").set_index("region_code")
    known = statistics(folder)
    pages = sorted((folder / "site" / "regions").glob("*.html"))
    assert len(pages) == len(ranks)
    compared = 0
    for path in pages:
        page, code = Page(path), path.stem
        heads, *rows = page.tables["indicators"]
        keys = [cell[1]["data-k"] for cell in heads[1:]]
        place = ranks.loc[code]
        groups = {
            "nation": ("nation", ""),
            "parent": ("province", place["parent_region"]),
            "class": ("region_class", place["region_class"]),
        }
        for row in rows:
            indicator = row[0]["data-i"]
            published = scores.loc[(code, indicator)]
            cells = dict(zip(keys, row[1:], strict=True))
            columns = {"score": "score", "max": "max_score", "rate": "score_rate", "rank": "rank"}
            for key, column in columns.items():
                assert same(value(cells[key]), published[column]), (code, indicator, key)
            for key, group in groups.items():
                if key in cells:
                    mean = known.get((indicator, *group, "score_rate"), math.nan)
                    assert same(value(cells[key]), mean), (code, indicator, key)
            compared += len(cells)
        expected = [place["score"], place["rank"]]
        assert big_figures(page) == pytest.approx(expected, nan_ok=True)
    return compared


def check_traces(folder: Path) -> int:
    """Compares traces with `explain`, to the last reading."""
    loaded = Revision(folder)
    shared = data_of(folder / "site" / "assets" / "trace.js", "GOVINDEX_TRACE")
    codes = [one["code"] for one in shared["points"]]
    tree = table(folder, "indicator_tree").set_index("indicator_code")["weight_share"]

    def nodes(node):
        yield node
        for child in node.children:
            yield from nodes(child)

    compared = 0
    for code in list(loaded.regions)[::STEP]:
        trace = Page(folder / "site" / "regions" / f"{code}.html").trace
        points = dict(zip(codes, trace["points"], strict=True))
        read = trace["readings"]
        for node in nodes(loaded.explain(code).node):
            if node.effective_share is not None:
                told = trace["shares"].get(node.code, tree[node.code])
                assert told == pytest.approx(node.effective_share, abs=1e-12)
            for point in node.points:
                value_, status, chosen_by, why = points[point.code]
                assert (value_, status, chosen_by) == (point.value, point.status, point.chosen_by)
                assert why == (point.why.code if point.why else None)
                at = [i for i, one in enumerate(read["point"]) if codes[one] == point.code]
                assert len(at) == len(point.readings)
                told = {
                    (
                        shared["files"][read["file"][i]][0],
                        read["sheet"][i],
                        read["row"][i],
                        read["value"][i],
                        read["status"][i],
                        read["counts"][i],
                    )
                    for i in at
                }
                assert told == {
                    (
                        one.place.file,
                        one.place.sheet,
                        one.place.row,
                        one.value,
                        one.status,
                        one.counts,
                    )
                    for one in point.readings
                }
                compared += len(at)
    return compared


def check_site(folder: Path) -> int:
    return (
        check_overview(folder)
        + check_ranking(folder)
        + check_regions(folder)
        + check_traces(folder)
    )


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_every_figure_of_the_site_of_chile_equals_the_tables(computed, edition):
    assert check_site(current_link(computed, "chile_egi", edition)) > 60_000


def test_every_figure_of_the_site_of_2019_equals_the_tables(demonstrated):
    assert check_site(demonstrated["2019"]) > 150_000


def test_history_is_what_the_earlier_editions_published(computed):
    folder = current_link(computed, "chile_egi", "2021")
    told = pd.read_parquet(folder / "history.parquet")
    assert sorted(set(told["edition"])) == ["2016", "2019"]
    for edition, rows in told.groupby("edition"):
        published = table(current_link(computed, "chile_egi", edition), "indicator_scores")
        keys = ["region_code", "indicator_code"]
        both = rows.merge(published, on=keys, suffixes=("_told", ""))
        assert len(both) == len(rows) == len(published)
        assert all(map(same, both["score_told"].astype(float), both["score"]))


def test_the_site_belongs_to_the_revision(computed):
    folder = current_link(computed, "chile_egi", "2021")
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    pages = [path for path in (folder / "site").rglob("*") if path.is_file()]
    assert len(pages) > 345
    assert {path.relative_to(folder).as_posix() for path in pages} <= set(files)
    assert problems_of(computed, "chile_egi", "2021") == []
