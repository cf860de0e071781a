"""How the long table of statistics stands in the workbook."""

import openpyxl
import pandas as pd

from dagster_project.publication.headings import COLUMNS, SHEETS, STATISTICS, heading
from dagster_project.publication.sheets import sheets
from dagster_project.publication.workbook import write_workbook
from dagster_project.settings import DBT_PROJECT

ROWS = [
    ("total", "mean", "nation", "", 60.5, None),
    ("total", "gini", "nation", "", 0.1, None),
    ("total", "gini_change", "nation", "", -0.02, None),
    ("total", "zero_share_change_relative", "nation", "", 0.5, None),
    ("total", "top_1", "nation", "", 84.8, "深圳市"),
    ("total", "bottom_10", "nation", "", 20.0, "阿里地区"),
    ("total", "largest_within_province_std_2", "nation", "", 4.0, "海南省"),
    ("total", "mean", "province", "四川省", 61.0, None),
    ("total", "std", "province", "四川省", None, None),
    ("total", "lower_cut", "band", "A", 79.91, None),
    ("total", "lower_cut_change", "band", "A", 0.35, None),
    ("total", "rank_change", "region", "510100", 2.0, "成都市"),
    ("total", "score_change", "region", "510100", 1.5, "成都市"),
    ("", "points", "collection", "", 257.0, None),
    ("", "points_change", "collection", "", -2.0, None),
    ("", "first_month", "collection", "", None, "2018-12"),
    ("", "quarantined_count", "cleaning", "samples: expected each sample once", 100.0, None),
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
        revision=3,
        synthetic=True,
        conforms=True,
    )


def test_statistics_are_spread_over_sheets_and_no_figure_is_lost():
    found = sheets({"statistics": statistics()})
    nation = found["national_statistics"]
    assert nation.columns.tolist()[-3:] == ["gini", "revision", "synthetic"]
    assert all((one["revision"] == 3).all() for one in found.values())
    assert nation[["mean", "gini"]].to_numpy().tolist() == [[60.5, 0.1]]
    changed = found["national_changes"]
    assert changed[["zero_share_change_relative", "gini_change"]].to_numpy().tolist() == [
        [0.5, -0.02]
    ]
    assert found["group_changes"]["lower_cut_change"].tolist() == [0.35]
    groups = found["group_statistics"].set_index("group_name")
    assert groups.loc["四川省", "mean"] == 61
    assert groups.loc["A", "lower_cut"] == 79.91
    listed = found["extremes"].set_index("statistic_name")
    assert listed.loc["第1名", "detail"] == "深圳市"
    assert listed.loc["倒数第10名", "value"] == 20
    assert listed.loc["省内标准差第2大", "detail"] == "海南省"
    changes = found["region_changes"]
    assert changes.iloc[0].drop(["revision", "synthetic"]).tolist() == [
        "510100",
        "成都市",
        1.5,
        2.0,
    ]
    collection = found["collection_statistics"]
    assert collection["statistic_name"].tolist() == [
        "点位数",
        "首次采集月份",
        "因此隔离的行数",
        "有此项的地区占比",
    ]
    assert collection["change"].tolist()[0] == -2
    assert collection["detail"].tolist()[1] == "2018-12"


def test_groups_stand_in_the_order_of_reports():
    names = {
        "economic_region": ["东北", "东部", "中部", "西部"],
        "grade": ["A", "A+", "A-", "B", "B+", "D"],
        "province": ["云南省", "安徽省"],
    }
    rows = pd.concat(
        [
            statistics().iloc[[0]].assign(indicator_code=code, group_kind=kind, group_name=name)
            for code in ("total", "supply")
            for kind in names
            for name in names[kind]
        ]
    )
    shown = sheets({"statistics": rows})["group_statistics"]
    expected = ["东部", "中部", "西部", "东北", "A+", "A", "A-", "B+", "B", "D", "云南省", "安徽省"]
    assert shown["group_name"].tolist() == expected * 2
    assert shown["indicator_code"].tolist() == ["supply"] * 12 + ["total"] * 12
    # The indicators as the tree has them.
    tree = pd.DataFrame({"indicator_code": ["total", "supply"]})
    shown = sheets({"indicator_tree": tree, "statistics": rows})["group_statistics"]
    assert shown["indicator_code"].tolist() == ["total"] * 12 + ["supply"] * 12


def test_headings_and_formats_fit_what_a_column_holds(tmp_path):
    figures = pd.DataFrame(
        {
            "fact": [57, 60, 43],
            "published": [14.0, 70.06, None],
            "computed": [14.0, 70.0598802395, None],
            "unit": ["个", "%", ""],
            "published_text": ["14个", "70.06%", "宜宾市"],
        }
    )
    write_workbook(
        tmp_path / "b.xlsx",
        {"revision": "3", "synthetic": "True", "edition": "2019", "title": "A & B"},
        {"statistics": statistics(), "reconciliation": figures.assign(revision=3)},
    )
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames[0] == "说明"
    assert book["说明"].auto_filter.ref.startswith("A6:D")
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        # The revision stands on every sheet, and above every page that is printed.
        assert "修订号" in [cell.value for cell in sheet[1]]
        assert sheet.oddHeader.left.text == "A && B · 修订版 revision 3 · 合成数据 synthetic"
    shown = {}
    for name in ("全国变化", "采集统计", "数据核对"):
        heading, *rows = book[name].iter_rows()
        shown[name] = [
            {
                title.value: (cell.value, cell.number_format)
                for title, cell in zip(heading, row, strict=True)
            }
            for row in rows
        ]
    assert shown["全国变化"][0]["零分占比增幅"] == (0.5, "0.00%")
    assert shown["全国变化"][0]["基尼系数变化"] == (-0.02, "0.0000")
    points, month, kept_out, found = shown["采集统计"]
    assert points["数值"] == (257, "#,##0")
    assert points["较上一版变化"] == (-2, "#,##0")
    assert month["说明"][0] == "2018-12"
    assert kept_out["数值"] == (100, "#,##0")
    assert found["数值"] == (0.5, "0.00%")
    whole, share, name = shown["数据核对"]
    assert list(whole)[:2] == ["事实编号", "公布原文"]
    assert whole["计算值"] == (14, "#,##0")
    assert share["计算值"] == (70.0598802395, "0.00##")
    assert name["公布原文"][0] == "宜宾市"


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
        *("group_kind", "statistic", "value", "detail", "_change", "_change_relative")
    }
    assert len(named) > 45
    known = set(COLUMNS) | {name.removesuffix("#") for name in STATISTICS}
    assert named - known - {f"{name}_economic" for name in known} == set()
    for name in ("gini_change", "zero_count_change", "quantile_10_change_relative"):
        assert heading("national_changes", name)[0] != name
    shown = {
        column for table, columns in PUBLISHED.items() if table != "points" for column in columns
    }
    assert shown - set(COLUMNS) == set()
    assert set(PUBLISHED) - {"points", "statistics"} <= set(SHEETS)


def test_an_analyst_can_read_every_cell(tmp_path):
    sentence = "原始抓取记录不进入平台 / crawled records do not enter the platform, readings do"
    rows = pd.DataFrame(
        {
            "fact": [25, 26],
            "name": ["每轮平均原始数据量", "其中网页数"],
            "verdict": ["unknown_input", "agrees"],
            "explanation": [sentence, ""],
            "published": [1_000_000_000.0, 6.0],
            "unit": ["条", "层"],
            # As long as its column is made for it: one line.
            "source": ["raw/internet_service/2019/samples_1_gbk.csv"] * 2,
        }
    )
    regions = pd.DataFrame(
        {"region_name": ["深圳市"], "score": [84.4], "provisional": [False], "synthetic": [True]}
    )
    write_workbook(tmp_path / "b.xlsx", {}, {"reconciliation": rows, "rankings": regions})
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    sheet = book["数据核对"]
    column = {cell.value: cell.column_letter for cell in sheet[1]}
    # What a code means stands before it; the cell holds what the table holds.
    verdict = sheet[f"{column['核对结论']}2"]
    assert (verdict.value, verdict.number_format) == (
        "unknown_input",
        '"原始数据不可得 "@',
    )
    # A number that does not fit is shown as ###.
    wide = {title: sheet.column_dimensions[letter].width for title, letter in column.items()}
    assert wide["公布值"] > len("1,000,000,000")
    # A sentence is wrapped, in a row high enough for it.
    told = sheet[f"{column['说明']}2"]
    assert told.alignment.wrap_text
    assert sheet.row_dimensions[2].height >= 30
    assert sheet.row_dimensions[3].height in (None, 15)
    # Who the row is about stays in sight, on paper too.
    assert sheet.freeze_panes == f"{chr(ord(column['名称']) + 1)}2"
    assert sheet.print_title_cols == f"$A:${column['名称']}"
    headings = {cell.value: cell.alignment.horizontal for cell in book["排名"][1]}
    assert headings == {"地区": "left", "得分": "right", "暂定": "right", "合成数据": "right"}
    assert book["排名"]["C2"].value is False
    assert book["排名"]["C2"].number_format == '"是";"是";"否"'


def test_codes_of_the_registers_have_words():
    from dagster_project.publication.headings import words_of

    for path in sorted((DBT_PROJECT / "seeds").glob("*__published_results.csv")):
        figures = pd.read_csv(path, dtype=str)
        for column in ("rounding", "tolerance_kind", "implied_comparison", "group_kind"):
            words = words_of(heading("reconciliation", column)[2])
            assert set(figures[column].dropna()) - set(words) == set(), (path.name, column)
    for path in sorted((DBT_PROJECT / "seeds").glob("*_service__points.csv")):
        points = pd.read_csv(path, dtype=str)
        for column in ("point_type", "method", "better", "provenance"):
            words = words_of(heading("point_list", column)[2])
            assert set(points[column].dropna()) - set(words) == set(), (path.name, column)
