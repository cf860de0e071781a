import pandas as pd
import pytest

from dagster_project.collection.corrections import apply, load
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Column, Table, framework

TABLE = Table(
    description="made by hand",
    readers={"csv": "csv"},
    columns={
        "region_code": Column(type="code", width=5),
        "commune": Column(type="text"),
        "forms": Column(type="integer"),
    },
)
HEADING = "table,match_column,match_value,column,from,to,reason,source\n"


@pytest.fixture
def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region_code": pd.Series(["15201", "15201", None], dtype="str"),
            "commune": pd.Series(["GENERAL LAGOS", "PUTRE", "MAFIL"], dtype="str"),
            "forms": pd.Series(["1", "0", "1"], dtype="str"),
            "source_file": "raw/a.csv",
            "source_sheet": None,
            "source_row": [4, 5, 6],
            "source_column": None,
        }
    )


def corrected(tmp_path, rows, *lines: str):
    path = tmp_path / "corrections.csv"
    path.write_text(HEADING + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return apply(rows, load(path, "corrections.csv"), "websites", TABLE, "2019")


def test_a_cell_is_corrected_and_listed_with_its_place(tmp_path, rows):
    line = "websites,commune,GENERAL LAGOS,region_code,15201,15202,doubled,register"
    result, applied = corrected(tmp_path, rows, line)
    assert result["region_code"].tolist()[:2] == ["15202", "15201"]
    [one] = applied
    assert (one.file, one.row, one.before, one.after) == ("raw/a.csv", 4, "15201", "15202")
    assert rows["region_code"].tolist()[:2] == ["15201", "15201"]


def test_a_blank_from_means_a_blank_cell_and_codes_are_padded(tmp_path, rows):
    result, [one] = corrected(tmp_path, rows, "websites,commune,MAFIL,region_code,,1105,no code,us")
    assert result["region_code"].iloc[2] == "01105"
    assert one.before is None


def test_a_row_is_left_out(tmp_path, rows):
    result, [one] = corrected(tmp_path, rows, "websites,commune,PUTRE,,,exclude,why,who")
    assert result["commune"].tolist() == ["GENERAL LAGOS", "MAFIL"]
    assert (one.row, one.after) == (5, "exclude")


def test_the_order_of_lines_does_not_matter(tmp_path, rows):
    lines = [
        "websites,commune,GENERAL LAGOS,region_code,15201,15202,doubled,register",
        "websites,commune,GENERAL LAGOS,forms,1,0,misread,second reading",
        "websites,commune,PUTRE,region_code,15201,15201,stays,register",
    ]
    one, _ = corrected(tmp_path, rows, *lines)
    other, _ = corrected(tmp_path, rows, *reversed(lines))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("websites,commune,NOBODY,forms,1,0,r,s", "row 2: commune = 'NOBODY' matches 0 rows"),
        ("websites,region_code,15201,forms,1,0,r,s", "matches 2 rows of websites, expected one"),
        ("websites,commune,PUTRE,forms,1,0,r,s", "forms is 0 in raw/a.csv row 5, expected 1"),
        ("websites,commune,PUTRE,nothing,1,0,r,s", "has no column 'nothing'"),
        ("websites,commune,PUTRE,,,,r,s", "does not say 'exclude'"),
        ("websites,row,a.csv:7,forms,1,0,r,s", "row = 'a.csv:7' matches 0 rows"),
        ("websites,row,b.csv:5,forms,1,0,r,s", "matches 0 rows"),
        ("websites,row,a.csv:甲:5,forms,1,0,r,s", "matches 0 rows"),
        ("websites,row,5,forms,1,0,r,s", "'5' is no place; write file:row"),
        ("websites,region_code+forms,15201,forms,1,0,r,s", "1 values for 2 columns"),
        ("websites,region_code+nothing,15201+1,forms,1,0,r,s", "has no column 'nothing'"),
        ("websites,commune,PUTRE,forms,0,1,,s", "needs a reason and a source"),
        ("websites,commune,PUTRE,forms,0", "row 2: expected 8 fields"),
    ],
)
def test_a_correction_that_does_not_fit_stops_the_edition(tmp_path, rows, line, sentence):
    with pytest.raises(GovIndexError, match=sentence):
        corrected(tmp_path, rows, line)


def test_a_row_is_named_by_its_place(tmp_path, rows):
    result, [one, other] = corrected(
        tmp_path,
        rows,
        "websites,row,a.csv:5,forms,0,1,misread,second reading",
        "websites,row,a.csv:6,,,exclude,why,who",
    )
    assert result["forms"].tolist() == ["1", "1"]
    assert (one.row, one.column, one.before, one.after) == (5, "forms", "0", "1")
    assert (other.row, other.column, other.before) == (6, "region_code", None)


def test_a_row_is_named_by_several_columns(tmp_path, rows):
    result, [one] = corrected(
        tmp_path, rows, "websites,region_code+forms,15201+0,,,exclude,why,who"
    )
    assert result["commune"].tolist() == ["GENERAL LAGOS", "MAFIL"]
    assert (one.row, one.column, one.before) == (5, "forms", "0")


READINGS = "table,match_column,match_value,column,from,to,reason,source\n" + "".join(
    f"manual,{line},r,s\n"
    for line in (
        "row,manual.xlsx:甲:C2,answer,80%,8",
        "row,manual.xlsx:甲:D2,answer,40%,80%",
        "row,manual.xlsx:甲:E3,,,exclude",
        "region_code+point_code+assessor,成都+搜索抽样题数+乙,answer,3层,3题",
    )
)


def readings() -> pd.DataFrame:
    cells = [
        ("sea_correct", "甲", "80%", 2, "C"),
        ("sea_relevance", "甲", "0.4", 2, "D"),
        ("sea_asked", "甲", "10", 2, "E"),
        ("sea_asked", "甲", "10", 3, "E"),
        ("sea_asked", "乙", "3层", 2, "E"),
    ]
    found = pd.DataFrame(
        cells, columns=["point_code", "assessor", "answer", "source_row", "source_column"]
    )
    return found.assign(
        region_code="510100", source_file="raw/manual.xlsx", source_sheet=found["assessor"]
    )


def test_one_cell_of_a_wide_sheet_is_ruled_on_in_the_unit_of_its_point(tmp_path):
    internet = framework("internet_service")
    path = tmp_path / "corrections.csv"
    path.write_text(READINGS, encoding="utf-8")
    rulings = load(path, "corrections.csv")
    result, applied = apply(
        readings(), rulings, "manual", internet.tables["manual"], "2019", internet.names("2019")
    )
    assert result["answer"].tolist() == ["8", "0.8", "10", "3"]
    assert [(one.row, one.cell, one.column) for one in applied] == [
        (2, "C", "answer"),
        (2, "D", "answer"),
        (3, "E", "point_code"),
        (2, "E", "answer"),
    ]
    with pytest.raises(GovIndexError, match="matches 3 rows of manual"):
        apply(
            readings(),
            [{**rulings[0], "match_value": "manual.xlsx:甲:2"}],
            "manual",
            internet.tables["manual"],
            "2019",
            internet.names("2019"),
        )


def test_other_columns_than_the_eight_are_refused(tmp_path):
    path = tmp_path / "corrections.csv"
    path.write_text("table,row\n", encoding="utf-8")
    with pytest.raises(GovIndexError, match="expected the columns table, match_column"):
        load(path, "corrections.csv")


def test_without_a_file_nothing_is_corrected(tmp_path, rows):
    assert load(tmp_path / "corrections.csv", "corrections.csv") == []
