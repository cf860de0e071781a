"""How the long table of statistics stands in the workbook."""

import pandas as pd

from dagster_project.publication.headings import COLUMNS, SHEETS, STATISTICS
from dagster_project.publication.sheets import sheets
from dagster_project.settings import DBT_PROJECT

ROWS = [
    ("total", "mean", "nation", "", 60.5, None),
    ("total", "gini", "nation", "", 0.1, None),
    ("total", "top_1", "nation", "", 84.8, "深圳市"),
    ("total", "bottom_10", "nation", "", 20.0, "阿里地区"),
    ("total", "largest_within_province_std_2", "nation", "", 4.0, "海南省"),
    ("total", "mean", "province", "四川省", 61.0, None),
    ("total", "std", "province", "四川省", None, None),
    ("total", "lower_cut", "band", "A", 79.91, None),
    ("total", "rank_change", "region", "510100", 2.0, "成都市"),
    ("total", "score_change", "region", "510100", 1.5, "成都市"),
    ("", "points", "collection", "", 257.0, None),
    ("smart_qa", "found_share", "point", "qa_available", 0.5, "智能问答开通"),
]


def statistics():
    columns = ["indicator_code", "statistic", "group_kind", "group_name", "value", "detail"]
    rows = pd.DataFrame(ROWS, columns=columns)
    return rows.assign(
        object_group="all",
        indicator_name=rows["indicator_code"],
        level=0,
        edition="2019",
        synthetic=True,
        conforms=True,
    )


def test_statistics_are_spread_over_sheets_and_no_figure_is_lost():
    found = sheets({"statistics": statistics()})
    nation = found["national_statistics"]
    assert nation[["mean", "gini"]].to_numpy().tolist() == [[60.5, 0.1]]
    groups = found["group_statistics"].set_index("group_name")
    assert groups.loc["四川省", "mean"] == 61
    assert groups.loc["A", "lower_cut"] == 79.91
    listed = found["extremes"].set_index("statistic_name")
    assert listed.loc["第1名", "detail"] == "深圳市"
    assert listed.loc["倒数第10名", "value"] == 20
    assert listed.loc["省内标准差第2大", "detail"] == "海南省"
    changes = found["region_changes"]
    assert changes.iloc[0].drop("synthetic").tolist() == ["510100", "成都市", 2.0, 1.5]
    collection = found["collection_statistics"]
    assert collection["statistic_name"].tolist() == ["点位数", "有此项的地区占比"]


def test_columns_that_say_the_same_in_every_row_are_left_out():
    found = sheets({"statistics": statistics()})
    for rows in found.values():
        assert "synthetic" in rows
        assert not {"edition", "object_group", "conforms"} & set(rows.columns)
    found = sheets({"rankings": statistics().assign(conforms=False, synthetic=False)})
    assert "conforms" in found["rankings"]
    assert "synthetic" not in found["rankings"]


def test_every_statistic_and_column_has_a_chinese_name():
    import re

    from dagster_project.publication.tables import COLUMNS as PUBLISHED

    text = "".join(path.read_text() for path in (DBT_PROJECT / "macros/statistics").glob("*.sql"))
    named = set(re.findall(r"^ +'([a-z_0-9]+)': ", text, re.MULTILINE)) - {
        "group_kind",
        "statistic",
        "value",
        "detail",
    }
    assert len(named) > 45
    known = set(COLUMNS) | {name.removesuffix("#") for name in STATISTICS}
    assert named - known - {f"{name}_economic" for name in known} == set()
    shown = {
        column for table, columns in PUBLISHED.items() if table != "points" for column in columns
    }
    assert shown - set(COLUMNS) == set()
    assert set(PUBLISHED) - {"points", "statistics"} <= set(SHEETS)
