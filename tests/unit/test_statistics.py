"""The statistics' SQL on vectors computed by hand, and the laws of its decompositions.

The macros are rendered as dbt renders them and run by DuckDB.
"""

from math import e, log

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.settings import DBT_PROJECT
from tests import statistics

MACROS = DBT_PROJECT / "macros"
TABLES = {
    "f__indicator_scores": "edition, object_group, indicator_code, indicator_name, level, "
    "max_score, region_code, region_name, score, score_rate, rank",
    "f__regions": "edition, object_group, region_code, parent_region, region_class, "
    "economic_region",
    "f__comparable_figures": "edition, object_group, indicator_code, indicator_name, level, "
    "max_score, statistic, group_kind, group_name, value, detail",
}


def _sql(macro, **arguments):
    files = [MACROS / "numbers.sql", MACROS / "editions.sql"]
    files += sorted((MACROS / "statistics").glob("*.sql"))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {
        "ref": lambda name: name,
        "framework_code": lambda: "f",
        "var": {"edition": "2019", "previous_edition": "2018"}.get,
        "config": lambda **_: "",
        "has_columns": lambda *_: "",
        "return": lambda value: value,
    }
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return str(getattr(environment.from_string(text).module, macro)(**arguments))


PRINTED = "score_statistics of printed means"
SQL = {macro: _sql(macro) for macro in ("score_statistics", "change_statistics")}
SQL[PRINTED] = _sql("score_statistics", rate_of="printed_mean")


def run(macro, **tables):
    """Value and detail by (statistic, kind of group, group)."""
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            values = ", ".join(str(tuple(row)).replace("None", "null") for row in rows)
            columns = TABLES[name]
            connection.execute(f"create table {name} as from (values {values}) as t({columns})")
        found = connection.execute(
            f"select statistic, group_kind, group_name, value, detail from ({SQL[macro]})"
        ).fetchall()
    assert len({row[:3] for row in found}) == len(found)
    return {tuple(row[:3]): tuple(row[3:]) for row in found}


def scored(regions, full_marks, macro="score_statistics"):
    """Statistics of one indicator: regions are (code, province, score)."""
    ranks = {code: 1 + sum(other > score for _, _, other in regions) for code, _, score in regions}
    return run(
        macro,
        f__indicator_scores=[
            (
                "2019",
                "all",
                "total",
                "Total",
                0,
                full_marks,
                code,
                f"R{code}",
                float(score),
                score / full_marks,
                ranks[code],
            )
            for code, _, score in regions
        ],
        f__regions=[
            ("2019", "all", code, province, "x", "东部" if province < "Q" else "西部")
            for code, province, _ in regions
        ],
    )


BY_HAND = {
    "count": 4,
    "mean": 6,
    "mean_printed": 6,
    "score_rate": 0.5,
    "minimum": 2,
    "maximum": 12,
    "quantile_10": 2.6,
    "quantile_25": 3.5,
    "median": 5,
    "quantile_75": 7.5,
    "quantile_90": 10.2,
    "std": (56 / 3) ** 0.5,
    "sigma": (56 / 3) ** 0.5 / 6,
    "above_mean_count": 1,
    "above_mean_share": 0.25,
    "above_60_count": 1,
    "above_60_share": 0.25,
    "below_20_count": 1,
    "below_20_share": 0.25,
    "zero_count": 0,
    "zero_share": 0,
    "std_of_provinces": 18**0.5,
    "std_regions_over_provinces": (56 / 54) ** 0.5 - 1,
    "largest_province_mean": 9,
    "smallest_province_mean": 3,
    "province_ratio": 3,
    "largest_within_province_std_1": 18**0.5,
    "largest_within_province_std_2": 2**0.5,
    "smallest_within_province_std_1": 2**0.5,
    "smallest_within_province_std_2": 18**0.5,
    **{f"top_{place}": score for place, score in enumerate([12, 6, 4, 2], start=1)},
    **{f"bottom_{place}": score for place, score in enumerate([2, 4, 6, 12], start=1)},
    # Ratios to the mean: 1/3, 2/3, 1, 2; of the groups' means: 1/2 and 3/2.
    "theil": (log(1 / 3) / 3 + 2 * log(2 / 3) / 3 + 2 * log(2)) / 4,
    "theil_between": (log(0.5) / 2 + 1.5 * log(1.5)) / 2,
    "theil_within": (2 / 3 * log(2 / 3) + 4 / 3 * log(4 / 3)) / 2,
    # Six pairs differ by 2, 4, 10, 2, 8, 6: 64 / 16 on average, over twice the mean.
    "gini": 1 / 3,
    "gini_between": 1 / 4,
    "gini_within": 1 / 12,
    "gini_overlap": 0,
}


def test_statistics_of_four_regions_are_those_computed_by_hand():
    found = scored([("1", "P", 2), ("2", "P", 4), ("3", "Q", 6), ("4", "Q", 12)], 12.0)
    nation = {name: value for (name, kind, _), (value, _) in found.items() if kind == "nation"}
    for name in ("theil_between", "theil_within", "gini_between", "gini_within", "gini_overlap"):
        assert nation.pop(f"{name}_economic") == nation[name]  # the same two groups
    assert nation == {name: pytest.approx(value, abs=1e-11) for name, value in BY_HAND.items()}
    assert found["largest_province_mean", "nation", ""][1] == "Q"
    assert found["smallest_within_province_std_1", "nation", ""][1] == "P"
    assert found["top_1", "nation", ""][1] == "R4"
    assert found["share_of_east", "economic_region", "西部"] == (3, None)
    # Of a group: above the national mean, not its own.
    assert found["above_mean_count", "province", "Q"][0] == 1
    assert found["median", "province", "P"][0] == 3


def test_one_region_in_a_province_has_no_deviation_there_and_equal_scores_no_inequality():
    found = scored([("1", "P", 0.3), ("2", "P", 0.3), ("3", "Q", 0.3)], 1.0)
    assert found["std", "province", "Q"] == (None, None)
    assert found["std", "nation", ""][0] == 0
    assert found["above_mean_count", "nation", ""][0] == 0
    assert found["theil", "nation", ""][0] == 0
    assert found["gini", "nation", ""][0] == pytest.approx(0, abs=1e-15)
    assert ("largest_within_province_std_1", "nation", "") in found
    assert ("largest_within_province_std_2", "nation", "") not in found


def test_where_all_are_at_zero_ratios_are_not_defined():
    found = scored([("1", "P", 0), ("2", "Q", 0)], 5.0)
    for name in ("theil", "gini", "theil_between", "gini_overlap", "sigma", "province_ratio"):
        assert found[name, "nation", ""][0] is None
    assert found["zero_share", "nation", ""][0] == 1


@pytest.mark.parametrize(
    ("scores", "printed", "rate"),
    [
        ([25.3, 25.31], 25.31, 0.6328),  # 25.305: half away from zero, and 25.31 / 40 = 0.63275
        ([1.0, 1.01], 1.01, 0.0253),  # 1.005 lies below it as float64
        ([2.48], 2.48, 0.062),
    ],
)
def test_the_printed_mean_is_rounded_first_and_then_the_rate(scores, printed, rate):  # fact 225
    regions = [(str(place), "P", score) for place, score in enumerate(scores)]
    found = scored(regions, 40.0, PRINTED)
    assert found["mean_printed", "nation", ""][0] == printed
    assert found["score_rate", "nation", ""][0] == rate


def test_the_rate_of_a_mean_on_a_small_scale_is_not_that_of_two_decimals():
    found = scored([("1", "P", 0.1851), ("2", "P", 0.1853)], 1 / 3)
    assert found["mean_printed", "nation", ""][0] == 0.19
    assert found["score_rate", "nation", ""][0] == 0.5556


def test_changes_of_three_regions_are_those_computed_by_hand():
    def figures(edition, marks, scores, mean):
        rows = [("mean", "nation", "", mean), ("count", "band", "A", float(len(scores)))]
        rows += [("score", "region", code, score) for code, score in scores.items()]
        rows += [
            ("rank", "region", code, float(place))
            for place, code in enumerate(sorted(scores, key=scores.get, reverse=True), start=1)
        ]
        return [
            (edition, "all", "total", "Total", 0, marks, name, kind, group, value, f"R{group}")
            for name, kind, group, value in rows
        ]

    before = {"a": 1.0, "b": e, "c": e**2, "d": 0.0}
    # ln of the growth: 1, 1/2, 0 at starts 0, 1, 2.
    now = {"a": e, "b": e**1.5, "c": e**2, "d": 3.0, "new": 4.0}
    old = figures("2018", 100.0, before, 4.0)
    found = run("change_statistics", f__comparable_figures=old + figures("2019", 100.0, now, 5.0))
    values = {key: value for key, (value, _) in found.items()}
    assert values == {
        ("mean_change", "nation", ""): 1,
        ("mean_change_relative", "nation", ""): 0.25,
        ("count_change", "band", "A"): 1,
        ("count_change_relative", "band", "A"): 0.25,
        ("gain_over_1_count", "nation", ""): 3,
        ("from_zero_count", "nation", ""): 1,
        ("beta", "nation", ""): pytest.approx(-0.5, abs=1e-11),
        ("beta_r2", "nation", ""): pytest.approx(1, abs=1e-11),
        ("rank_change", "region", "a"): -2,
        ("rank_change", "region", "b"): 0,
        ("rank_change", "region", "c"): 0,
        ("rank_change", "region", "d"): 0,
        ("score_change", "region", "a"): pytest.approx(e - 1),
        ("score_change", "region", "b"): pytest.approx(e**1.5 - e),
        ("score_change", "region", "c"): 0,
        ("score_change", "region", "d"): 3,
        ("score_change_relative", "region", "a"): pytest.approx(e - 1),
        ("score_change_relative", "region", "b"): pytest.approx(e**0.5 - 1),
        ("score_change_relative", "region", "c"): 0,
    }
    assert found["rank_change", "region", "a"][1] == "Ra"
    found = run("change_statistics", f__comparable_figures=old + figures("2019", 110.0, now, 5.0))
    assert found["mean_change", "nation", ""] == (None, "full marks 100.0, now 110.0")
    assert found["mean_change_relative", "nation", ""][0] is None
    assert found["count_change", "band", "A"][0] == 1
    assert found["gain_over_1_count", "nation", ""][0] is None
    assert found["from_zero_count", "nation", ""][0] == 1


regions = st.lists(
    st.tuples(st.sampled_from("PQST"), st.integers(0, 100)), min_size=2, max_size=12
).filter(lambda rows: any(score for _, score in rows))


@settings(max_examples=25)
@given(regions, st.randoms())
def test_parts_of_inequality_add_up_and_the_order_of_rows_is_nothing(drawn, chance):
    rows = [(f"{place:02}", province, score) for place, (province, score) in enumerate(drawn)]
    found = scored(rows, 100.0)
    values = {name: value for (name, kind, _), (value, _) in found.items() if kind == "nation"}
    assert values["theil_between"] + values["theil_within"] == pytest.approx(values["theil"])
    assert values["gini_overlap"] >= -1e-12
    assert -1e-12 <= values["gini_between"] <= values["gini"] + 1e-12 < 1
    assert values["theil_between"] >= -1e-12
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    assert scored(shuffled, 100.0) == found


def test_the_second_computation_knows_the_hand_computed_inequality():
    import numpy as np

    values = np.array([2.0, 4, 6, 12])
    assert statistics.theil(values) == pytest.approx(BY_HAND["theil"])
    assert statistics.gini(values) == pytest.approx(1 / 3)
