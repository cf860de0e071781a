"""Workbooks as people fill them. The fixtures were made by hand; nothing here writes such."""

from pathlib import Path

import openpyxl
import pytest

from dagster_project.collection.readers import PLACE, answers, read_table, remarks
from dagster_project.collection.template import write_template
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework

FIXTURES = Path(__file__).parent.parent / "fixtures"
INTERNET = framework("internet_service")
MANUAL = INTERNET.tables["manual"]


def read(path: Path):
    return read_table(path, f"raw/{path.name}", MANUAL, "2019", {}, INTERNET.names("2019"))


def shown(rows, *columns):
    return [
        tuple(None if value != value or value is None else value for value in row)
        for row in rows[list(columns)].itertuples(index=False)
    ]


def test_a_long_sheet_with_ticks_in_columns_and_a_heading_of_two_rows():
    rows = read(FIXTURES / "ticked_columns.xlsx")
    assert set(rows["assessor"]) == {"何静"}
    columns = ("region_code", "point_code", "answer", "source_row", "source_column")
    assert shown(rows, *columns) == [
        ("510100", "rl_legal_basis", "yes", 5, "F"),
        ("510100", "rl_boundary", "no", 6, "G"),
        ("510100", "ss_transfer", None, 7, "F"),
        ("510700", "rl_legal_basis", "yes", 9, "F"),
        ("510700", "rl_boundary", "是[√]否[√]", 10, "F"),  # no answer; the gate says so
    ]
    assert shown(rows, "evidence", "note")[:2] == [
        ("http://cd.example/1", None),
        (None, "栏目打不开过一次"),
    ]


def test_a_sheet_of_points_down_and_one_of_a_block_a_region():
    rows = read(FIXTURES / "points_down.xlsx")
    columns = ("assessor", "region_code", "point_code", "answer", "source_row", "source_column")
    assert shown(rows, *columns) == [
        ("罗敏", "440300", "ss_link_depth", "3", 5, "C"),
        ("罗敏", "440100", "ss_link_depth", "2", 5, "D"),
        ("罗敏", "某某市", "ss_link_depth", "1", 5, "E"),
        ("罗敏", "440300", "sea_relevance", "0.85", 6, "C"),
        ("罗敏", "440100", "sea_relevance", "0.4", 6, "D"),
        ("罗敏", "440300", "rr_test_days", "6", 7, "C"),
        ("罗敏", "440100", "rr_test_days", "约20天", 7, "D"),
        ("罗敏", "440300", "rr_replied", "yes", 8, "C"),
        ("罗敏", "440100", "rr_replied", "no", 8, "D"),
        ("罗敏", "某某市", "rr_replied", "yes", 8, "E"),
        ("钱程", "440300", "br_start_days", "3（工作日）", 4, "B"),
        ("钱程", "440300", "sea_correct", "80%", 5, "B"),
        ("钱程", "440100", "br_start_days", "5", 7, "B"),
        ("钱程", "440100", "sea_asked", "10", 8, "B"),
    ]
    assert shown(rows, "evidence", "note")[:1] == [("ss.png", None)]


def test_a_sheet_with_typed_cells_and_the_assessor_in_a_column():
    rows = read(FIXTURES / "typed_cells.xlsx")
    assert shown(rows, "assessor", "region_code", "point_code", "answer") == [
        ("孙莉", "440300", "sea_correct", "7"),
        ("孙莉", "440300", "sea_asked", "10"),
        ("孙莉", "440300", "sea_relevance", "0.85"),
        ("孙莉", "440300", "rr_test_days", "6"),
        ("周浩", "440300", "rr_replied", "yes"),
        ("周浩", "440100", "rr_replied", "no"),
        ("周浩", "440100", "rr_test_days", "约20天"),  # no answer; the gate says so
    ]


@pytest.mark.parametrize(
    ("written", "answer", "unit"),
    [
        ("是", "yes", "0/1"),
        ("有（仅首页）", "yes", "0/1"),
        ("√", "yes", "0/1"),
        ("无, 栏目为空", "no", "0/1"),
        ("×", "no", "0/1"),
        ("×（栏目打不开过一次）", "no", "0/1"),
        ("3个", "3", "个"),
        ("12.50", "12.5", "天"),
        ("40%", "0.4", "比例"),
        ("2018年12月5日", "2018-12-05", "日期"),
        ("2018/1/9", "2018-01-09", "日期"),
        ("2018-13-45", "2018-13-45", "日期"),
        ("未找到", "not_found", "天"),
        ("无法访问（超时）", "not_collected", "天"),
        ("有限", "有限", "0/1"),
        ("约20", "约20", "天"),
        ("1,200", "1200", "条"),
        ("1.5 万", "15000", "次"),
        ("3万份", "30000", "份"),
        ("3（实测）", "3", "级"),
        ("3 （小时）", "3 （小时）", "天"),
        ("3 小时", "3 小时", "天"),
        ("3（工作日）", "3（工作日）", "天"),
        ("20 - 30", "20 - 30", "天"),
        ("2 / 3", "2 / 3", "级"),
        ("1,20", "1,20", "条"),
        # Chinese input methods write digits and signs in full width.
        ("１２", "12", "条"),
        ("３级", "3", "级"),
        ("８５％", "0.85", "比例"),
        ("０．５ 天", "0.5", "天"),
        ("Ｙ", "yes", "0/1"),
        ("２０１８／１２／５", "2018-12-05", "日期"),
        ("1，200", "1，200", "条"),
        ("2018年12月5号", "2018-12-05", "日期"),
        ("2018-12-05 14:30", "2018-12-05", "日期"),
        ("2018-12-05T14:30:05.000", "2018-12-05", "日期"),
        ("18年12月", "18年12月", "日期"),
        ("有（部分\n栏目）", "yes", "0/1"),
        ("是 □ 否 √", "是 □ 否 √", "0/1"),
        ("有,无", "有,无", "0/1"),
        ("√ 否", "√ 否", "0/1"),
        ("是，有两处", "yes", "0/1"),
        ("2018-12-05 2019-01-05", "2018-12-05 2019-01-05", "日期"),
        ("2018-12-05 - 2018-12-09", "2018-12-05 - 2018-12-09", "日期"),
        ("是否", "是否", "0/1"),
        # Only in the unit of the point: 个 and 万 of whatever is counted.
        ("3个", "3", "项"),
        ("3项", "3", "项"),
        ("8题", "8", "题"),
        ("6日", "6", "天"),
        ("80%", "80%", "题"),
        ("100%", "100%", "级"),
        ("3层", "3层", "天"),
        ("25天", "25天", "条"),
        ("1万", "1万", "天"),
        ("3条", "3条", "项"),
        ("1个", "1个", "0/1"),
        ("85%", "85%", None),
        # A remark that doubts the answer, takes it back or gives another.
        ("2（或3）", "2（或3）", "级"),
        ("2，后来3", "2，后来3", "级"),
        ("10（含重复2）", "10（含重复2）", "题"),
        ("20（左右）", "20（左右）", "天"),
        ("2018-12-05（或6日）", "2018-12-05（或6日）", "日期"),
        ("有（打不开，无法确认）", "有（打不开，无法确认）", "0/1"),
        ("有（打不开）", "有（打不开）", "0/1"),
        ("有；但无法点击，等于没有", "有；但无法点击，等于没有", "0/1"),
        ("有，链接失效", "有，链接失效", "0/1"),
        ("否（后改为有）", "否（后改为有）", "0/1"),
        ("y（?）", "y（?）", "0/1"),
        ("是 不确定", "是 不确定", "0/1"),
        ("是（登录或扫码均可）", "yes", "0/1"),
        ("是（https://a.example/?id=3）", "yes", "0/1"),
        ("未找到（找不到栏目）", "not_found", "0/1"),
    ],
)
def test_answers_in_words(written, answer, unit):
    import pandas as pd

    cells = pd.Series([written, None], dtype="str")
    assert answers(cells, pd.Series([unit, unit], dtype="str")).tolist()[0] == answer


def test_a_number_is_held_against_the_unit_of_its_own_point(tmp_path):
    points = ["ss_link_depth", "rr_test_days", "sea_asked", "sea_relevance", "nobody_knows"]
    rows = workbook(tmp_path / "a.xlsx", ("甲", [LONG, *(["成都", p, "40%"] for p in points)]))
    assert rows["answer"].tolist() == ["40%", "40%", "40%", "0.4", "40%"]


def test_what_stands_behind_an_answer_is_a_remark():
    import pandas as pd

    written = ["是（需登录）", "3个", "有，仅首页", "有\n（部分）", "有（部分\n栏目）"]
    found = remarks(pd.Series(written, dtype="str"))
    assert [None if one != one else one for one in found] == [
        *("需登录", None, "仅首页", "部分", "部分\n栏目")
    ]


def test_a_sheet_whose_name_only_contains_a_word_of_explanations_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "目录组-孙八"
    book.active.append(["地区", "点位", "答案"])
    book.active.append(["成都", "rl_legal_basis", "是"])
    book.create_sheet("填写说明").append(["地区", "点位", "答案"])
    book.save(tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    assert shown(rows, "assessor", "answer") == [("目录组-孙八", "yes")]


def test_how_to_answer_below_a_heading_and_sums_below_a_table_are_no_answers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "甲"
    sheet.append(["序号", "城市", "1、rl_legal_basis*", "rl_boundary", "rr_test_days"])
    sheet.append([None, None, "（是/否）", "（是/否）", "（天）"])
    sheet.merge_cells("B1:B2")
    sheet.append([1, "成都", "有（部分）", "无", "３"])
    sheet.append(["小计", None, 1, 0, 3])
    other = book.create_sheet("乙")
    other.append(["城市", "rl_legal_basis", "rl_boundary", "rr_test_days"])
    other.append([None, "（是/否）", None, "（天）"])
    other.append(["绵阳", "是", "否", "４"])
    other.append(["合计", 1, 0, 4])
    long = book.create_sheet("丙")
    long.append(["序号", *LONG])
    long.append([1, "自贡", "rr_replied", "是"])
    long.append(["小计", None, None, 1])
    book.save(tmp_path / "a.xlsx")
    assert shown(read(tmp_path / "a.xlsx"), "assessor", "region_code", "point_code", "answer") == [
        ("甲", "510100", "rl_legal_basis", "yes"),
        ("甲", "510100", "rl_boundary", "no"),
        ("甲", "510100", "rr_test_days", "3"),
        ("乙", "510700", "rl_legal_basis", "yes"),
        ("乙", "510700", "rl_boundary", "no"),
        ("乙", "510700", "rr_test_days", "4"),
        ("丙", "510300", "rr_replied", "yes"),
    ]


def test_a_column_of_a_wide_sheet_that_is_no_point_is_not_lost(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    points = ["rl_legal_basis", "rl_boundary", "ss_transfer"]
    sheet.append(["序号", "城市", *points, "社保深度", "备注", "合计"])
    sheet.append([1, "成都", "是", "否", "是", "3", "补", 2])
    sheet.append([2, "绵阳", "是", "否", "是", None, None, 2])
    book.save(tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    found = rows[rows["point_code"] == "社保深度"]
    assert shown(found, "region_code", "answer", "source_row", "source_column") == [
        ("510100", "3", 2, "F")
    ]
    assert len(rows) == 2 * 3 + 1


def workbook(path, *sheets):
    """Sheets as (name, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return read(path)


LONG = ["地区", "点位", "答案"]
WIDE = ["城市", "rl_legal_basis", "rl_boundary", "ss_transfer"]


def test_an_answer_without_a_region_or_a_point_is_not_lost(tmp_path):
    rows = workbook(
        tmp_path / "a.xlsx",
        ("甲", [LONG, ["成都", None, "是"], [None, "rl_boundary", "否"], ["成都", None, None]]),
        ("乙", [[*WIDE, None], [None, "是", None, None, None], ["绵阳", "是", "否", "是", "补"]]),
    )
    assert shown(rows, "assessor", "region_code", "point_code", "answer") == [
        ("甲", "510100", None, "yes"),
        ("甲", None, "rl_boundary", "no"),
        ("乙", None, "rl_legal_basis", "yes"),
        ("乙", "510700", "rl_legal_basis", "yes"),
        ("乙", "510700", "rl_boundary", "no"),
        ("乙", "510700", "ss_transfer", "yes"),
        ("乙", "510700", None, "补"),
    ]


def test_tables_below_each_other_with_people_and_points_of_their_own(tmp_path):
    rows = workbook(
        tmp_path / "a.xlsx",
        (
            "汇总",
            [
                ["评价员：张三"],
                WIDE,
                ["成都", "是", "否", "是"],
                ["评价员：", "日期：2018-12-20"],
                ["城市", "hc_remote_record", "rr_replied", "ss_transfer"],
                ["成都", "否", "是", "否"],
            ],
        ),
        (
            "周",
            [
                ["评价员：李四"],
                LONG,
                ["成都", "rr_replied", "是"],
                ["评价员：王五"],
                LONG,
                ["绵阳", "rr_replied", "否"],
            ],
        ),
    )
    assert shown(rows, "assessor", "region_code", "point_code", "answer") == [
        ("张三", "510100", "rl_legal_basis", "yes"),
        ("张三", "510100", "rl_boundary", "no"),
        ("张三", "510100", "ss_transfer", "yes"),
        (None, "510100", "hc_remote_record", "no"),
        (None, "510100", "rr_replied", "yes"),
        (None, "510100", "ss_transfer", "no"),
        ("李四", "510100", "rr_replied", "yes"),
        ("王五", "510700", "rr_replied", "no"),
    ]


def test_a_wide_row_names_its_person_and_evidence(tmp_path):
    rows = workbook(
        tmp_path / "a.xlsx",
        ("核验表", [[*WIDE, "核验人", "证据"], ["成都", "是", "否", "是", "张三", "1.png"]]),
    )
    assert set(rows["assessor"]) == {"张三"}
    assert set(rows["evidence"]) == {"1.png"}
    assert len(rows) == 3


def test_evidence_and_note_between_points_belong_to_the_point_on_their_left(tmp_path):
    heading = ["城市"]
    for point in WIDE[1:]:
        heading += [point, "证据", "备注"]
    told = ["成都", "是", "a.png", None, "否", None, "没有栏目", "是", "c.png", "需登录"]
    rows = workbook(tmp_path / "a.xlsx", ("甲", [heading, told]))
    assert shown(rows, "answer", "evidence", "note") == [
        ("yes", "a.png", None),
        ("no", None, "没有栏目"),
        ("yes", "c.png", "需登录"),
    ]
    # Behind a column that is no point, it is that column's; the last of all is the row's.
    heading = ["城市", *WIDE[1:3], "社保深度", "证据", "ss_transfer", "备注"]
    rows = workbook(
        tmp_path / "b.xlsx", ("甲", [heading, ["成都", "是", "否", "3", "d.png", "是", "补"]])
    )
    assert shown(rows, "point_code", "evidence", "note") == [
        ("rl_legal_basis", None, "补"),
        ("rl_boundary", None, "补"),
        ("ss_transfer", None, "补"),
        ("社保深度", "d.png", "补"),
    ]


def test_of_several_columns_the_first_evidence_counts_and_all_notes(tmp_path):
    heading = [*LONG, "网址", "证据", "备注", "说明"]
    rows = workbook(
        tmp_path / "a.xlsx",
        (
            "甲",
            [
                heading,
                ["成都", "rr_replied", "是", None, "a.png", None, "重要说明"],
                ["绵阳", "rr_replied", "否", "http://my.example", "b.png", "一", "二"],
            ],
        ),
    )
    assert shown(rows, "evidence", "note") == [
        ("a.png", "重要说明"),
        ("http://my.example", "一；二"),
    ]


ROW = ["成都", "rr_replied", "是"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Sheet1",
            "Sheet1 (2)",
            "张三 (2)",
            "张三（2）",
            "备份",
            "张三备份",
            "汇总表",
            "第一批核验表",
            "旧稿",
            "填写示例",
            "第二组核验",
            "成都采集",
        ),
        *("第2组", "技术组", "2019年1月", "人工采集表", "成都", "510100", "采集员", "核验人"),
        *("四川", "四川省", "内蒙古", "西部地区", "手机端", "微信"),
    ],
)
def test_a_sheet_that_nobody_named_names_nobody(tmp_path, name):
    rows = workbook(tmp_path / "a.xlsx", (name, [LONG, ROW]))
    assert shown(rows, "assessor") == [(None,)]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "张三",
            "张三核验",
            "张三核验表",
            "人工采集-张三",
            "张三（复核）",
            "张 三_数据",
            "表_张三",
            "核验人张三",
        ),
        *("四川-张三", "广东省 张三", "张三_成都"),
    ],
)
def test_work_around_a_name_makes_no_other_person(tmp_path, name):
    rows = workbook(tmp_path / "a.xlsx", (name, [LONG, ROW]))
    assert shown(rows, "assessor") == [("张三",)]


@pytest.mark.parametrize("name", ["采集员甲", "评价员1"])
def test_who_goes_by_what_he_does_is_the_same_person_on_a_sheet_and_in_a_column(tmp_path, name):
    rows = workbook(
        tmp_path / "a.xlsx",
        (name, [LONG, ROW]),
        ("Sheet1", [[*LONG, "评价员"], [*ROW, name]]),
    )
    assert shown(rows, "assessor") == [(name,), (name,)]


@pytest.mark.parametrize(
    ("line", "person"),
    [
        (["评价员：张三    日期：2018-12-20"], "张三"),
        (["评价员：张三 2018-12-20"], "张三"),
        (["评价员：张三　审核人：李四"], "张三"),
        (["评价员：张三 审 核 人：李四"], "张三"),
        (["评价员：张 三　审核人：李四"], "张三"),
        (["评价员：张三 组长：李四"], "张三"),
        (["日期：2018-12-20  评价员：张三"], "张三"),
        (["日期：2018-12-20", "评价员：张三"], "张三"),
        (["填表人：", "张　三"], "张三"),
        (["填表人", "张　三"], "张三"),
        (["评价员", "张三", "日期", "2018-12-20"], "张三"),
        (["填表人：张三  填表日期：2018年12月20日  联系电话：138"], "张三"),
        (["评价员姓名：张三"], "张三"),
        (["评价员（签字）：张三"], "张三"),
        (["填表人：张三（签字）"], "张三"),
        (["姓名：Li  Si"], "Li Si"),
        # For the gate to refuse, not one person of that name.
        (["评价员：张三、李四"], "张三、李四"),
        (["评价员：张三  李四"], "张三 李四"),
        (["评价员：欧阳  娜娜"], "欧阳娜娜"),
        (["签字：____"], "甲"),
        (["评价员：  日期：2018-12-20"], "甲"),
        (["审核人：李四"], "甲"),
        (["评价员：张三日期：2018-12-20"], None),
        (["评价员：张三 核验人：李四"], None),
        (["评价员：张三", "核验人：李四"], None),
    ],
)
def test_the_person_named_in_a_line_above_or_below_the_table(tmp_path, line, person):
    above = workbook(tmp_path / "a.xlsx", ("甲", [line, LONG, ROW]))
    below = workbook(tmp_path / "b.xlsx", ("甲", [LONG, ROW, line]))
    wide = workbook(tmp_path / "c.xlsx", ("甲", [WIDE, ["成都", "是", "否", "是"], line]))
    assert shown(above, "assessor") == [(person,)]
    assert shown(below, "assessor") == [(person,)]
    assert shown(wide, "assessor")[:3] == [(person,)] * 3


def test_what_stands_above_the_first_of_several_names_is_nobodys(tmp_path):
    other = ["绵阳", "rr_replied", "是"]
    rows = workbook(tmp_path / "a.xlsx", ("甲", [LONG, ROW, ["评价员：张三"], LONG, other]))
    assert shown(rows, "assessor") == [(None,), ("张三",)]


def test_a_blank_in_a_column_of_assessors_is_nobody_unless_merged(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "第一组"
    sheet.append(["评价员：王五"])
    sheet.append([*LONG, "评价员"])
    for person in ("张 三", None, "李四", None):
        sheet.append([*ROW, person])
    sheet.merge_cells("D5:D6")
    book.save(tmp_path / "a.xlsx")
    assert shown(read(tmp_path / "a.xlsx"), "assessor") == [
        ("张三",),
        (None,),
        ("李四",),
        ("李四",),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        ["地区", "点位", "有无", "取值"],
        ["地区", "点位", "答案", "地区", "点位", "答案"],
        ["地区", "点位", "答案", "评价员", "核验人"],
        [*WIDE, *WIDE],
    ],
)
def test_tables_side_by_side_are_refused(tmp_path, heading):
    with pytest.raises(GovIndexError, match=r"a\.xlsx, sheet 甲, row 1: 2 columns are headed as"):
        workbook(tmp_path / "a.xlsx", ("甲", [heading, ["成都"] * len(heading)]))


@pytest.mark.parametrize(
    "other",
    [[WIDE, ["成都", "是", "否", "是"]], [["点位", "成都", "绵阳"], ["rl_boundary", "是", "否"]]],
)
def test_tables_of_two_layouts_on_one_sheet_are_refused_and_none_is_lost(tmp_path, other):
    for place, rows in ((1, [*other, [], LONG, ROW]), (4, [LONG, ROW, [], *other])):
        with pytest.raises(GovIndexError, match=rf"a\.xlsx, sheet 甲, row {place}: heads a table"):
            workbook(tmp_path / "a.xlsx", ("甲", rows))


def test_a_hidden_sheet_with_answers_is_refused_and_one_without_is_not(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "甲"
    for row in (LONG, ROW):
        book.active.append(row)
    choices = book.create_sheet("选项")
    choices.append(["是"])
    choices.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    assert len(read(tmp_path / "a.xlsx")) == 1
    old = book.create_sheet("乙")
    for row in (LONG, ROW):
        old.append(row)
    old.sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(GovIndexError, match=r"b\.xlsx, sheet 乙: the sheet is hidden and holds"):
        read(tmp_path / "b.xlsx")


def test_an_error_of_the_spreadsheet_program_is_no_blank(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "甲"
    for row in (["地区", "点位", "答案"], ["成都", "rl_legal_basis", "#N/A"]):
        book.active.append(row)
    book.active["C2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    assert shown(rows, "point_code", "answer", "source_row") == [("rl_legal_basis", "#N/A", 2)]


def test_a_sheet_without_a_heading_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "数据"
    book.active.append(["成都", "是"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(GovIndexError, match=r"raw/a\.xlsx, sheet 数据: no heading was found"):
        read(tmp_path / "a.xlsx")


def test_a_file_that_is_no_workbook_is_named(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK nonsense")
    with pytest.raises(GovIndexError, match=r"raw/a\.xlsx: cannot be read as a workbook"):
        read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    "heading",
    [
        ["地 区", "评价点位", "答 案"],
        ["所属地区", "评价点位名称", "评价结果（是/否）"],
        ["城市*", "点位：", "结果（必填）"],
        ["地区 Region", "点位/Point", "答案\nAnswer"],
    ],
)
def test_headings_as_people_set_them(tmp_path, heading):
    rows = workbook(tmp_path / "a.xlsx", ("甲", [heading, ["成都", "rr_replied（是/否）", "是"]]))
    assert shown(rows, "region_code", "point_code", "answer") == [("510100", "rr_replied", "yes")]


def test_a_remark_behind_a_point_that_is_no_scale_is_no_guess(tmp_path):
    rows = workbook(tmp_path / "a.xlsx", ("甲", [LONG, ["成都", "rr_replied（来信）", "是"]]))
    assert shown(rows, "point_code") == [("rr_replied（来信）",)]


def test_ticks_below_one_merged_heading_of_answers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "张三"
    for row in (
        ["地区", "评价点位", "评价结果", None, "备注"],
        [None, None, "是", "否", None],
        ["成都", "rr_replied", "√", None, None],
        ["成都", "rl_boundary", None, "√", "空"],
    ):
        sheet.append(row)
    for place in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        sheet.merge_cells(place)
    book.save(tmp_path / "a.xlsx")
    assert shown(read(tmp_path / "a.xlsx"), "point_code", "answer", "note", "source_row") == [
        ("rr_replied", "yes", None, 3),
        ("rl_boundary", "no", "空", 4),
    ]


def test_blanks_and_line_breaks_inside_names_are_no_part_of_them(tmp_path):
    long = [LONG, ["阿坝藏族羌族\n自治州", "责任事项\n法定依据", "是"]]
    wide = [["城市", *(f"{point[:4]}\n{point[4:]}" for point in WIDE[1:])], ["成 都", *"是否是"]]
    turned = [["点位", "成 都", "德\n阳"], ["责任事项 法定依据", "是", "否"]]
    title = [["成 都 市"], ["点位", "答案"], ["rr_replied", "是"]]
    assert shown(workbook(tmp_path / "a.xlsx", ("甲", long)), "region_code", "point_code") == [
        ("513200", "rl_legal_basis")
    ]
    found = workbook(tmp_path / "b.xlsx", ("甲", wide))
    assert shown(found, "region_code", "point_code") == [("510100", one) for one in WIDE[1:]]
    found = workbook(tmp_path / "c.xlsx", ("甲", turned))
    assert shown(found, "region_code", "point_code") == [
        ("510100", "rl_legal_basis"),
        ("510600", "rl_legal_basis"),
    ]
    found = workbook(tmp_path / "d.xlsx", ("甲", title))
    assert shown(found, "region_code", "point_code") == [("510100", "rr_replied")]


@pytest.mark.parametrize("number", ["1.", "12、", "3．", "（4）", "5) "])
def test_a_number_before_a_point_is_no_part_of_its_name(tmp_path, number):
    long = [LONG, ["成都", f"{number}rr_replied", "是"]]
    wide = [["城市", *(f"{number}{point}" for point in WIDE[1:])], ["成都", "是", "否", "是"]]
    assert shown(workbook(tmp_path / "a.xlsx", ("甲", long)), "point_code") == [("rr_replied",)]
    found = workbook(tmp_path / "b.xlsx", ("甲", wide))
    assert shown(found, "point_code") == [(point,) for point in WIDE[1:]]


def test_the_better_of_two_headings_counts(tmp_path):
    points = ["责任事项法定依据（是/否）", "部门职责边界说明", "社保办事贯通度（0-4级）"]
    rows = workbook(
        tmp_path / "a.xlsx",
        ("甲", [["地区", "指标", *LONG[1:]], ["成都", "责任清单", "rl_boundary", "是"]]),
        ("乙", [["地区", "城市", *points], ["西部", "成都", "是", "否", "3"]]),
    )
    assert shown(rows, "region_code", "point_code", "answer") == [
        ("510100", "rl_boundary", "yes"),
        ("510100", "rl_legal_basis", "yes"),
        ("510100", "rl_boundary", "no"),
        ("510100", "ss_link_depth", "3"),
    ]


@pytest.mark.parametrize(
    ("yes", "no", "answer"),
    [
        ("√", None, "yes"),
        ("√", "×", "yes"),
        (None, "✓", "no"),
        (None, None, None),
        (None, "×", "是[]否[×]"),
        ("√", "√", "是[√]否[√]"),
        ("3", None, "是[3]否[]"),
    ],
)
def test_a_tick_under_yes_or_no(tmp_path, yes, no, answer):
    heading = ["地区", "点位", "是", "否"]
    rows = workbook(tmp_path / "a.xlsx", ("甲", [heading, ["成都", "rr_replied", yes, no]]))
    assert shown(rows, "answer") == [(answer,)]


def test_a_title_that_is_no_region_ends_the_one_before_it(tmp_path):
    heading, row = ["点位", "答案"], ["rr_replied", "是"]
    rows = workbook(
        tmp_path / "a.xlsx",
        ("甲", [["成都市"], heading, row, ["某某市"], heading, row, heading, row]),
    )
    assert shown(rows, "region_code") == [("510100",), ("某某市",), (None,)]


def test_lines_inside_and_below_a_table_are_no_answers(tmp_path):
    book = openpyxl.Workbook()
    long = book.active
    long.title = "甲"
    for row in (LONG, ROW, ["以上为第一批"], ["评价员：李四"], ["绵阳", "rr_replied", "否"]):
        long.append(row)
    for place in ("A3:C3", "A4:C4"):
        long.merge_cells(place)
    wide = book.create_sheet("乙")
    told = ["成都", "是", "否", "是"]
    for row in (WIDE, told, ["审核人：周主任", "日期：2019-01-12"], ["共一个城市"]):
        wide.append(row)
    wide.merge_cells("A4:D4")
    book.save(tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    # Who read what stands above 李四 is not said.
    assert shown(rows, "assessor", "region_code") == [
        (None, "510100"),
        ("李四", "510700"),
        *[("乙", "510100")] * 3,
    ]


def test_a_sheet_of_sums_is_passed_over_if_it_has_no_heading(tmp_path):
    rows = workbook(tmp_path / "a.xlsx", ("甲", [LONG, ROW]), ("统计", [["合计", 3]]))
    assert len(rows) == 1
    rows = workbook(tmp_path / "b.xlsx", ("统计", [["评价员：甲"], LONG, ROW]))
    assert shown(rows, "assessor") == [("甲",)]


def test_the_reader_takes_a_template_back(tmp_path):
    path = tmp_path / "张三.xlsx"
    assert write_template(INTERNET, "2019", "张三", ["成都", "440300"], path) == 2 * 71
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["张三", "填写说明"]
    sheet = book["张三"]
    assert len(sheet.data_validations.dataValidation) > 0
    for row in range(3, 3 + 2 * 71):
        sheet.cell(row, 3).value = "是" if "0/1" in str(sheet.cell(row, 8).value) else 1
    book.save(path)
    rows = read(path)
    assert len(rows) == 2 * 71
    assert set(rows["region_code"]) == {"510100", "440300"}
    assert set(rows["assessor"]) == {"张三"}
    assert set(rows["answer"]) == {"yes", "1"}
    manual = {p["point_code"] for p in INTERNET.point_rows("2019") if p["method"] == "manual"}
    assert set(rows["point_code"]) == manual
    assert set(PLACE) <= set(rows.columns)


def test_a_name_that_no_sheet_may_have(tmp_path):
    write_template(INTERNET, "2019", "张三*", ["成都"], tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "张三_"
    assert set(rows["assessor"]) == {"张三*"}


def test_names_that_the_reader_would_take_for_something_else(tmp_path):
    for number, name in enumerate(["填写说明", "Sheet1"]):
        path = tmp_path / f"{number}.xlsx"
        write_template(INTERNET, "2019", name, ["成都"], path)
        assert set(read(path)["assessor"]) == {name}
    with pytest.raises(GovIndexError, match="name the person"):
        write_template(INTERNET, "2019", " ", [], tmp_path / "x.xlsx")
    for name in ("张三 日期：今天", "张三、李四", "张三 李四"):
        with pytest.raises(GovIndexError, match="would not be read back as one name"):
            write_template(INTERNET, "2019", name, [], tmp_path / "x.xlsx")


def test_a_template_refuses_unknown_regions_and_files_that_are_there(tmp_path):
    with pytest.raises(GovIndexError, match="'吉林': no region of internet_service 2019"):
        write_template(INTERNET, "2019", "张三", ["吉林"], tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"mine")
    with pytest.raises(GovIndexError, match="is there already"):
        write_template(INTERNET, "2019", "张三", [], tmp_path / "b.xlsx")
    with pytest.raises(GovIndexError, match="nowhere is no folder that can be written"):
        write_template(INTERNET, "2019", "张三", ["成都"], tmp_path / "nowhere" / "a.xlsx")
    with pytest.raises(GovIndexError, match=r"a\.csv: the name of a workbook ends in \.xlsx"):
        write_template(INTERNET, "2019", "张三", ["成都"], tmp_path / "a.csv")
    with pytest.raises(GovIndexError, match="has no register of manual points"):
        write_template(framework("chile_egi"), "2019", "x", [], tmp_path / "c.xlsx")
