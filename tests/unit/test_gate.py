"""Every expectation of every suite catches a bad input that nothing else catches."""

import json
import re

import pandas as pd
import pytest

from dagster_project.collection import gate
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework, framework_codes
from dagster_project.settings import EXPECTATIONS
from dagster_project.site.edition import halves

CHILE = framework("chile_egi")
CODES = CHILE.region_codes("2021")


def good_rows(table: str) -> pd.DataFrame:
    """Rows of 2021 that pass their suite."""
    columns = CHILE.tables[table].columns_in("2021")
    values = {
        "integer": "1",
        "number": "1.5",
        "text": "x",
        "date": "2021-11-03",
        "time": "12:30:00",
    }
    rows = pd.DataFrame(
        {
            name: CODES if column.type == "code" else values[column.type]
            for name, column in columns.items()
        },
        dtype="str",
    )
    return rows.assign(
        source_file="raw/a.csv", source_sheet=None, source_row=range(2, len(rows) + 2)
    )


def audit(table: str, rows: pd.DataFrame, suite: dict | None = None) -> gate.Audit:
    declared = CHILE.tables[table]
    return gate.audit(
        rows,
        suite or gate.load_suite("chile_egi", table),
        gate.parameters(CHILE, declared, "2021"),
        declared.columns_in("2021"),
    )


def without(table: str, number: int) -> dict:
    suite = gate.load_suite("chile_egi", table)
    kept = [one for index, one in enumerate(suite["expectations"]) if index != number]
    return {**suite, "expectations": kept}


def with_cell(rows: pd.DataFrame, column: str, value: str | None) -> pd.DataFrame:
    changed = rows.copy()
    changed.loc[changed.index[3], column] = value
    return changed


# A bad input for each expectation of each suite, by its place in the suite.
SPOILED = {
    ("websites", 0): lambda rows: rows.assign(extra="x"),
    ("websites", 1): lambda rows: rows.iloc[:-1],
    ("websites", 2): lambda rows: with_cell(rows, "region_code", None),
    ("websites", 3): lambda rows: with_cell(rows, "region_code", "01501"),
    ("websites", 4): lambda rows: with_cell(rows, "region_code", rows["region_code"].iloc[9]),
    ("websites", 5): lambda rows: with_cell(rows, "forms", "2"),
    ("websites", 6): lambda rows: with_cell(rows, "pagespeed_mobile", "fast"),
    ("websites", 7): lambda rows: with_cell(rows, "pagespeed_desktop", "101"),
    ("websites", 8): lambda rows: with_cell(rows, "date_review", "2021-13-01"),
    ("websites", 9): lambda rows: with_cell(rows, "date_review", "2020-11-03"),
    ("websites", 10): lambda rows: with_cell(rows, "time_review", "noon"),
    ("published_scores", 0): lambda rows: rows.drop(columns="egi_std"),
    ("published_scores", 1): lambda rows: rows.iloc[1:],
    ("published_scores", 2): lambda rows: with_cell(rows, "region_code", None),
    ("published_scores", 3): lambda rows: with_cell(rows, "region_code", "99999"),
    ("published_scores", 4): lambda rows: with_cell(rows, "region_code", CODES[9]),
    ("published_scores", 5): lambda rows: with_cell(rows, "egi", "many"),
    ("published_scores", 6): lambda rows: with_cell(rows, "egi", "10.5"),
}
# Without these the audit could not even go on: a column or a type that others need is not there.
NEEDED = {("websites", 6), ("websites", 8), ("published_scores", 0), ("published_scores", 5)}


def test_every_expectation_has_a_bad_input():
    there = {
        (path.stem, number)
        for path in (EXPECTATIONS / "chile_egi").glob("*.json")
        for number in range(len(json.loads(path.read_text())["expectations"]))
    }
    assert there == set(SPOILED)


def test_every_table_of_every_framework_has_a_suite_and_no_suite_is_without_a_table():
    tables = {(code, table) for code in framework_codes() for table in framework(code).tables}
    suites = {(path.parent.name, path.stem) for path in EXPECTATIONS.glob("*/*.json")}
    assert suites == tables


@pytest.mark.parametrize("table", ["websites", "published_scores"])
def test_good_rows_pass(table):
    result = audit(table, good_rows(table))
    assert result.refusal is None
    assert len(result.accepted) == len(CODES)
    assert all(outcome.success for outcome in result.outcomes)


@pytest.mark.parametrize(("table", "number"), sorted(SPOILED))
def test_an_expectation_catches_what_it_is_there_for_and_nothing_else_does(table, number):
    rows = SPOILED[table, number](good_rows(table))
    expectation = gate.load_suite("chile_egi", table)["expectations"][number]

    caught = audit(table, rows)
    if expectation["severity"] == "critical":
        assert expectation["meta"]["expected"] in caught.refusal
        assert len(caught.accepted) == 0
    else:
        meta = expectation["meta"]
        assert set(caught.quarantine["reason"]) == {
            f"{meta['expected_zh']} / expected {meta['expected']}"
        }
        assert len(caught.accepted) < len(rows)

    if (table, number) in NEEDED:
        with pytest.raises((ValueError, TypeError, RuntimeError)):
            audit(table, rows, without(table, number))
    else:
        missed = audit(table, rows, without(table, number))
        assert missed.refusal is None
        assert len(missed.accepted) == len(rows)


@pytest.mark.parametrize(
    "path", sorted(EXPECTATIONS.rglob("*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_what_is_expected_of_single_rows_is_said_in_both_languages(path):
    for item in json.loads(path.read_text(encoding="utf-8"))["expectations"]:
        if item["severity"] != "critical" and item.get("on") != "profile":
            meta = item["meta"]
            zh, en = meta["expected_zh"], f"expected {meta['expected']}"
            assert halves(f"{zh} / {en}") == (zh, en)
            assert re.findall(r"{\w+}", zh) == re.findall(r"{\w+}", en)


def test_a_suite_without_chinese_says_its_reason_in_english():
    suite = gate.load_suite("chile_egi", "websites")
    del suite["expectations"][5]["meta"]["expected_zh"]
    rows = with_cell(good_rows("websites"), "phone", "2")
    assert list(audit("websites", rows, suite).quarantine["reason"]) == ["expected 0, 1 or blank"]


def test_a_bad_row_is_listed_with_place_value_and_reason():
    result = audit("websites", with_cell(good_rows("websites"), "phone", "2"))
    assert result.quarantine.to_dict("records") == [
        {
            "file": "raw/a.csv",
            "sheet": None,
            "row": 5,
            "column": "phone",
            "value": "2",
            "reason": "应为 0、1 或空 / expected 0, 1 or blank",
            "region_code": CODES[3],
            "point_code": None,
        }
    ]
    assert CODES[3] not in set(result.accepted["region_code"])


def test_both_rows_of_a_doubled_region_are_kept_out():
    rows = with_cell(good_rows("websites"), "region_code", CODES[9])
    result = audit("websites", rows)
    assert sorted(result.quarantine["row"]) == [5, 11]


def test_more_bad_rows_than_the_tolerance_stop_the_table():
    rows = good_rows("websites")
    rows.loc[rows.index[:3], "forms"] = "2"
    assert audit("websites", rows).refusal is None  # 3 of 345 are under 1 %
    rows.loc[rows.index[:4], "forms"] = "2"
    refusal = audit("websites", rows).refusal
    assert "4 of 345 rows are in quarantine, more than the tolerance of 1.0%" in refusal
    assert "raw/a.csv row 2, column forms: 2, expected 0, 1 or blank" in refusal


def test_a_column_that_is_missing_or_not_declared_is_named():
    rows = good_rows("websites").rename(columns={"forms": "formularios"})
    assert (
        "columns missing forms and not declared formularios, expected the columns that the "
        "framework declares for this edition; name renamed columns"
        in audit("websites", rows).refusal
    )


def test_a_parameter_without_a_value_is_named():
    declared = CHILE.tables["websites"]
    known = {**gate.parameters(CHILE, declared, "2021"), "collection_from": None}
    with pytest.raises(GovIndexError, match="'collection_from' has no value for this edition"):
        gate.audit(
            good_rows("websites"),
            gate.load_suite("chile_egi", "websites"),
            known,
            declared.columns_in("2021"),
        )


def test_an_expectation_that_cannot_be_evaluated_is_an_error_not_a_failure():
    suite = gate.load_suite("chile_egi", "websites")
    bad = {**suite["expectations"][5], "kwargs": {"column": "forms", "regex": "["}}
    with pytest.raises(RuntimeError, match="expect_column_values_to_match_regex"):
        audit("websites", good_rows("websites"), {**suite, "expectations": [bad]})
