import pandas as pd
import pytest

from dagster_project.collection.corrections import apply, load
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Column, Table

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
        ("websites,commune,PUTRE,forms,0,1,,s", "needs a reason and a source"),
        ("websites,commune,PUTRE,forms,0", "row 2: expected 8 fields"),
    ],
)
def test_a_correction_that_does_not_fit_stops_the_edition(tmp_path, rows, line, sentence):
    with pytest.raises(GovIndexError, match=sentence):
        corrected(tmp_path, rows, line)


def test_other_columns_than_the_eight_are_refused(tmp_path):
    path = tmp_path / "corrections.csv"
    path.write_text("table,row\n", encoding="utf-8")
    with pytest.raises(GovIndexError, match="expected the columns table, match_column"):
        load(path, "corrections.csv")


def test_without_a_file_nothing_is_corrected(tmp_path, rows):
    assert load(tmp_path / "corrections.csv", "corrections.csv") == []
