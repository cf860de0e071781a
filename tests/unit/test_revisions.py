import json
import os
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from dagster_project import provenance
from dagster_project.collection.manifest import sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.publication import assets, content, revisions, writing
from dagster_project.publication.conformance import conformance_of
from dagster_project.publication.revisions import Edition, publish


def edition(score: float = 1.5) -> Edition:
    rankings = pd.DataFrame(
        {"region_code": ["01101", "01107"], "region_name": ["=1+1", "Ñ"], "score": [score, None]}
    )
    return Edition(
        tables={"rankings": rankings, "indicator_tree": rankings[["region_code"]]},
        sql={"total": "select 1\n"},
        description={"framework": "f", "conformance": {}},
        marks={"synthetic": True, "conforms": True},
    )


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def link(settings):
    return revisions.current_link(settings, "f", "2019")


def test_the_same_content_is_published_once(settings, link):
    assert publish(settings, "f", "2019", edition()) == 1
    before = files_of(link)
    assert publish(settings, "f", "2019", edition()) == 1
    assert files_of(link) == before
    assert os.readlink(link) == "../../revisions/f/2019/1"


def test_other_content_is_a_new_revision_and_the_old_one_stays(settings, link):
    publish(settings, "f", "2019", edition())
    old = files_of(link)
    assert publish(settings, "f", "2019", edition(2.5)) == 2
    folder = revisions.revisions_folder(settings, "f", "2019")
    assert files_of(folder / "1") == old
    assert link.resolve() == (folder / "2").resolve()
    assert pd.read_parquet(link / "rankings.parquet")["revision"].unique().tolist() == [2]


def test_other_code_that_writes_the_files_makes_a_new_revision(settings, link, monkeypatch):
    publish(settings, "f", "2019", replace(edition(), pages=content.shape()))
    real = provenance.python_code
    for module in ("workbook", "headings", "sheets", "writing"):
        monkeypatch.setattr(
            provenance, "python_code", lambda name, m=module: real(name) + m * name.endswith(m)
        )
        number = int(link.resolve().name)
        new = replace(edition(), pages=content.shape())
        assert publish(settings, "f", "2019", new) == number + 1
        assert publish(settings, "f", "2019", new) == number + 1


def test_the_same_content_gives_the_same_bytes_elsewhere(settings, link, tmp_path):
    publish(settings, "f", "2019", edition())
    other = replace(settings, data=tmp_path / "elsewhere")
    publish(other, "f", "2019", edition())
    assert files_of(revisions.current_link(other, "f", "2019")) == files_of(link)


def test_the_manifest_has_the_checksum_of_every_file_beside_it(settings, link):
    publish(settings, "f", "2019", edition())
    content = json.loads((link / "manifest.json").read_text())
    found = {name for name in files_of(link) if name != "manifest.json"}
    assert content["files"] == {name: sha256_of(link / name) for name in found}
    assert (content["revision"], content["synthetic"]) == (1, True)


def test_comments_and_white_space_of_sql_make_no_revision(settings, link):
    publish(settings, "f", "2019", edition())
    revisions.release(settings, "f", "2019")
    before = files_of(link)
    commented = replace(edition(), sql={"total": "-- one\nselect  1 /* it's */\n"})
    assert publish(settings, "f", "2019", commented) == 1
    assert files_of(link) == before
    with pytest.raises(GovIndexError, match="only with a reason"):
        publish(settings, "f", "2019", replace(edition(), sql={"total": "select '1'\n"}))


def test_what_a_killed_run_left_is_not_a_revision(settings, link):
    publish(settings, "f", "2019", edition())
    folder = revisions.revisions_folder(settings, "f", "2019")
    (folder / ".2.part").mkdir()
    (folder / ".2.part" / "half").write_text("x")
    assert publish(settings, "f", "2019", edition(2.5)) == 2
    assert not (folder / ".2.part").exists()
    assert "half" not in files_of(link)


def test_a_run_killed_before_the_link_was_swapped_is_finished_by_the_next(settings, link):
    publish(settings, "f", "2019", edition())
    publish(settings, "f", "2019", edition(2.5))
    link.unlink()
    link.symlink_to("../../revisions/f/2019/1")
    assert publish(settings, "f", "2019", edition(2.5)) == 2
    assert link.resolve().name == "2"


def test_tables_are_csv_with_a_byte_order_mark_and_plain_numbers(settings, link):
    publish(settings, "f", "2019", edition())
    assert (link / "rankings.csv").read_bytes().decode("utf-8") == (
        "\ufeffregion_code,region_name,score,revision,synthetic,conforms\n"
        "01101,=1+1,1.5,1,true,true\n"
        "01107,Ñ,,1,true,true\n"
    )


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame({"a": ["x", "two\nlines"], "b": [1.5, None]}),
        pd.DataFrame({"a": ['say "x"', "a,b"], "b": [True, False]}),
        pd.DataFrame({"a": [None, "x"]}),
        pd.DataFrame({"a": [], "b": []}),
        pd.DataFrame({"a": [None, None], "b": [None, "\n"]}),
    ],
)
@pytest.mark.parametrize("marks", [{"synthetic": True}, {"synthetic": "a,b"}])
def test_a_table_with_marks_is_printed_as_if_at_once(rows, marks):
    marked = rows.assign(revision=2, **marks)
    shown = writing._marked(writing.csv_text(rows), marked, {"revision": 2, **marks})
    assert shown == writing.csv_text(marked)


def test_the_workbook_holds_text_as_text(settings, link):
    publish(settings, "f", "2019", edition())
    book = openpyxl.load_workbook(link / "scores.xlsx")
    assert book.sheetnames == ["说明", "排名", "指标体系"]
    assert [cell.value for cell in book["排名"][1]] == [
        *("地区代码", "地区", "得分", "修订号", "合成数据")
    ]
    cell = book["排名"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert book["排名"]["A2"].value == "01101"
    assert book["排名"].freeze_panes == "C2"
    assert book["排名"]["C2"].number_format == "0.00"
    assert book["排名"].auto_filter.ref == "A1:E3"


def test_every_sheet_of_the_workbook_says_the_revision(settings, link):
    publish(settings, "f", "2019", edition())
    publish(settings, "f", "2019", edition(2.5))
    book = openpyxl.load_workbook(link / "scores.xlsx")
    assert [cell.value for cell in book["说明"][1]][:2] == ["修订号 revision", "2"]
    for name in book.sheetnames[1:]:
        heading, *rows = book[name].iter_rows(values_only=True)
        assert {row[heading.index("修订号")] for row in rows} == {2}, name


def test_conformance_counts_what_differs_by_kind():
    rows = pd.DataFrame(
        {
            "figure": ["egi", "egi", "egi_std"],
            "verdict": ["agrees", "differs", "agrees"],
            "fact": ["a", "b", "c"],
        }
    )
    found = conformance_of(rows)
    assert not found.conforms
    assert found.summary == "1 of 2 egi, 1 of 1 egi_std"
    assert found.differing["fact"].tolist() == ["b"]
    assert found.counted == {
        "egi": {"agree": 1, "figures": 2, "differs": 1},
        "egi_std": {"agree": 1, "figures": 1},
    }
    assert conformance_of(None).conforms
    assert conformance_of(None).summary == "nothing published to compare with"


def test_conformance_says_every_verdict_of_a_report():
    verdicts = ["agrees"] * 3 + ["rounding", "within_tolerance", "within_tolerance"]
    rows = pd.DataFrame({"verdict": [*verdicts, "contradicts", "unknown_input"]})
    found = conformance_of(rows, binding=False)
    assert found.conforms
    assert found.summary == ("3 agree, 1 by rounding, 2 within tolerance, 1 contradict, 1 unknown")
    assert found.counted["figures"]["figures"] == 8
    rows.loc[0, "verdict"] = "differs"
    found = conformance_of(rows, binding=False)
    assert not found.conforms
    assert found.summary.endswith("1 unknown, 1 differ")


def test_figures_of_the_same_data_alone_bind_a_first_revision():
    rows = pd.DataFrame(
        {"name": ["A"], "fact": ["1"], "published": [1], "computed": [2], "verdict": ["differs"]}
    )
    refuse = assets._refuse_disagreement
    refuse(conformance_of(rows, binding=False), "f", "2019", 0, "")
    refuse(conformance_of(rows, binding=True), "f", "2019", 1, "looked again")
    for last in (0, 1):
        with pytest.raises(GovIndexError, match="not published, because it disagrees"):
            refuse(conformance_of(rows, binding=True), "f", "2019", last, "")
