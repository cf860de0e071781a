import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.collection.readers import decode, read_table
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Column, Table


def table(**columns: Column) -> Table:
    return Table(
        description="made by hand", readers={"csv": "csv", "dta": "stata"}, columns=columns
    )


CODE = Column(type="code", width=5, in_file="cut_com")


def read(tmp_path, content: bytes, declared: Table, name="a.csv", renamed=None) -> pd.DataFrame:
    path = tmp_path / name
    path.write_bytes(content)
    return read_table(path, f"raw/{name}", declared, "2021", renamed or {})


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    rows = read(tmp_path, "\ufeffcut_com\n1101\n".encode(), table(region_code=CODE))
    assert list(rows.columns) == [
        "region_code",
        "source_row",
        "source_file",
        "source_sheet",
        "source_column",
    ]


def test_codes_are_text_of_full_width(tmp_path):
    rows = read(tmp_path, b"cut_com\n1101\n15101\n1101.0\nx1\n\n", table(region_code=CODE))
    assert rows["region_code"].tolist() == ["01101", "15101", "01101", "x1"]


def test_dates_and_times_are_read_by_the_format_of_the_file_and_others_stay_as_they_are(tmp_path):
    declared = table(
        day=Column(type="date", format="%d/%m/%Y"), time=Column(type="time", format="%I:%M %p")
    )
    rows = read(tmp_path, b"day,time\n03/11/2021,12:30 PM\n2021-11-03,25:00\n,\n", declared)
    assert rows["day"].tolist()[:2] == ["2021-11-03", "2021-11-03"]
    assert rows["time"].tolist()[:2] == ["12:30:00", "25:00"]
    assert rows[["day", "time"]].iloc[2].isna().all()


def test_blanks_and_spaces_are_missing(tmp_path):
    rows = read(
        tmp_path, b"a,b\n1, \n,2\n", table(a=Column(type="integer"), b=Column(type="integer"))
    )
    assert rows["a"].isna().tolist() == [False, True]
    assert rows["b"].isna().tolist() == [True, False]


def test_every_row_keeps_its_line_also_after_a_field_of_several_lines(tmp_path):
    rows = read(tmp_path, b'a\n1\n"two\nlines"\n3\n', table(a=Column(type="text")))
    assert rows["source_row"].tolist() == [2, 3, 5]
    assert rows["source_file"].unique().tolist() == ["raw/a.csv"]


def test_gbk_is_recognised(tmp_path):
    rows = read(tmp_path, "名称\n成都市\n亳州市\n".encode("gbk"), table(名称=Column(type="text")))
    assert rows["名称"].tolist() == ["成都市", "亳州市"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("region\nÑuñoa\nMáfil\nAysén\n", "latin-1"),
        ("地區,名稱\n臺灣,臺北市\n", "big5"),
        ("地区\n四川省\n", "utf-16"),
        ("名前\n東京都カタカナ\n", "shift_jis"),
        ("region,commune\nX,АРИКА\n", "cp1251"),
        ("지역,이름\n서울시,부산\n", "euc-kr"),
    ],
)
def test_other_encodings_are_refused_by_name_of_the_file(text, encoding):
    with pytest.raises(GovIndexError, match=r"raw/a\.csv: the text is neither UTF-8 nor GBK"):
        decode(text.encode(encoding), "raw/a.csv")


def test_a_file_cut_in_a_row_is_refused_with_the_row(tmp_path):
    with pytest.raises(GovIndexError, match=r"raw/a\.csv, row 3: 1 fields, expected 2"):
        read(tmp_path, b"cut_com,a\n1101,1\n1107\n", table(region_code=CODE, a=Column(type="text")))


def test_a_file_cut_inside_its_last_value_is_refused(tmp_path):
    with pytest.raises(GovIndexError, match=r"raw/a\.csv, row 2: the last line has no line end"):
        read(tmp_path, b"cut_com,a\n1101,8", table(region_code=CODE, a=Column(type="text")))


def test_a_file_cut_in_a_quotation_is_refused(tmp_path):
    with pytest.raises(GovIndexError, match=r"raw/a\.csv, row 3: .*cut or damaged"):
        read(tmp_path, b'a\n1\n"x\n', table(a=Column(type="text")))


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(GovIndexError, match=r"raw/a\.csv: the file is empty"):
        read(tmp_path, b"", table(region_code=CODE))


def test_a_heading_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(GovIndexError, match=r"row 1: column 'a' stands there twice"):
        read(tmp_path, b"a,a\n1,2\n", table(a=Column(type="text")))


def test_a_format_without_a_reader_is_refused(tmp_path):
    with pytest.raises(
        GovIndexError, match=r"no reader for \.xls is declared; known: \.csv, \.dta"
    ):
        read(tmp_path, b"x", table(region_code=CODE), name="a.xls")


def test_stata_numbers_become_plain_text_and_rows_are_observations(tmp_path):
    path = tmp_path / "a.dta"
    pd.DataFrame({"id": [4101.0, 12102.0], "forms": [1.0, None]}).to_stata(path, write_index=False)
    declared = table(region_code=CODE, forms=Column(type="integer"))
    rows = read_table(path, "raw/a.dta", declared, "2016", {"region_code": "id"})
    assert rows["region_code"].tolist() == ["04101", "12102"]
    assert rows["forms"].iloc[0] == "1"
    assert rows["forms"].isna().tolist() == [False, True]
    assert rows["source_row"].tolist() == [1, 2]


def test_a_damaged_stata_file_is_refused(tmp_path):
    with pytest.raises(GovIndexError, match=r"raw/a\.dta: cannot be read as a Stata file"):
        read(tmp_path, b"nonsense", table(region_code=CODE), name="a.dta")


def test_a_column_is_renamed_as_source_yml_says(tmp_path):
    rows = read(tmp_path, b"kode\n1101\n", table(region_code=CODE), renamed={"region_code": "kode"})
    assert rows["region_code"].tolist() == ["01101"]


def test_blanks_around_a_heading_are_no_part_of_it(tmp_path):
    declared = table(region_code=CODE, forms=Column(type="text"))
    rows = read(tmp_path, b" cut_com ,forms \n1101,1\n", declared)
    assert rows["region_code"].tolist() == ["01101"]
    assert rows["forms"].tolist() == ["1"]
    rows = read(tmp_path, b"kode ,forms\n1101,1\n", declared, renamed={"region_code": " kode"})
    assert rows["region_code"].tolist() == ["01101"]
    with pytest.raises(GovIndexError, match=r"row 1: column 'forms' stands there twice"):
        read(tmp_path, b"cut_com,forms,forms \n1101,1,2\n", declared)


def test_a_column_headed_as_one_that_is_called_otherwise_there_is_another(tmp_path):
    declared = table(region_code=CODE, forms=Column(type="text"))
    content, renamed = b"cut_com,forms,n_forms\n1101,rank,1\n", {"forms": "n_forms"}
    with pytest.raises(GovIndexError, match=r"row 1: column 'forms' stands there twice"):
        read(tmp_path, content, declared, renamed=renamed)
    declared = declared.model_copy(update={"other_columns": "left out"})
    rows = read(tmp_path, content, declared, renamed=renamed)
    assert rows["forms"].tolist() == ["1"]
    # By its code a column is known as well.
    assert read(tmp_path, b"cut_com,forms\n1101,2\n", declared)["forms"].tolist() == ["2"]


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl"])
def test_what_a_program_wrote_as_no_number_is_a_blank(tmp_path, name):
    declared = Table(
        description="made by hand",
        readers={"parquet": "parquet", "jsonl": "jsonl"},
        columns={"a": Column(type="number")},
    )
    if name == "a.parquet":
        pq.write_table(pa.table({"a": [1.5, float("nan"), None, float("inf")]}), tmp_path / name)
        content = (tmp_path / name).read_bytes()
    else:
        content = b'{"a": 1.5}\n{"a": NaN}\n{"a": null}\n{"a": Infinity}\n'
    rows = read(tmp_path, content, declared, name)
    assert rows["a"].isna().tolist() == [False, True, True, False]
    assert rows["a"].iloc[3].lower().startswith("inf")


def test_bytes_that_are_no_text_are_said_in_one_sentence(tmp_path):
    declared = Table(
        description="made by hand",
        readers={"parquet": "parquet"},
        columns={"a": Column(type="text")},
    )
    pq.write_table(pa.table({"a": ["成都".encode("gbk")]}), tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    with pytest.raises(GovIndexError, match="column a holds binary"):
        read(tmp_path, content, declared, "a.parquet")
