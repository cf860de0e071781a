"""The suite of tables of a row a region: each expectation catches what no other does."""

import pandas as pd
import pytest

from dagster_project.collection import gate
from dagster_project.frameworks import framework

EGDI = framework("un_egdi")
TABLE = EGDI.tables["components"]


def rows() -> pd.DataFrame:
    codes = EGDI.region_codes("2022")
    found = pd.DataFrame({"region_code": codes}, dtype="str")
    for name in ("osi", "hci", "tii", "published_index"):
        found[name] = "0.5"
    found["published_rank"] = "7"
    return found.assign(
        source_file="raw/a.csv", source_sheet=None, source_row=range(2, len(codes) + 2)
    )


def audit(collected: pd.DataFrame, suite: dict | None = None) -> gate.Audit:
    return gate.audit(
        collected,
        suite or gate.load_suite("un_egdi", "components"),
        gate.parameters(EGDI, TABLE, "2022"),
        TABLE.columns_in("2022"),
    )


def with_cell(column: str, value: str | None) -> pd.DataFrame:
    changed = rows()
    changed.loc[3, column] = value
    return changed


# number of the expectation, what breaks it, what is said
BROKEN = [
    (0, rows().assign(epi="0.5"), "columns not declared epi"),
    (1, rows().iloc[:-1], "192 rows instead of 193"),
    (2, with_cell("region_code", None), "expected a region"),
    (3, with_cell("region_code", "Atlantis"), "expected a code, name or alias"),
    (4, with_cell("region_code", "AFG"), "expected each region once"),
    (5, with_cell("osi", "0,5"), "expected a number"),
    (6, with_cell("osi", "1.6"), "应为 0 至 1.5 之间的数字 / expected a number from 0 to 1.5"),
    (6, with_cell("published_rank", "0"), "expected a number from 1 to 193"),
]


def test_good_rows_pass():
    found = audit(rows())
    assert found.refusal is None
    assert len(found.accepted) == 193


@pytest.mark.parametrize(("number", "collected", "said"), BROKEN)
def test_each_expectation_catches_what_no_other_does(number, collected, said):
    found = audit(collected)
    assert said in f"{found.refusal} {' '.join(found.quarantine['reason'])}"
    suite = gate.load_suite("un_egdi", "components")
    kept = [one for place, one in enumerate(suite["expectations"]) if place != number]
    if number == 5:
        with pytest.raises(ValueError, match="0,5"):
            audit(collected, {**suite, "expectations": kept})
        return
    blind = audit(collected, {**suite, "expectations": kept})
    assert blind.refusal is None
    assert blind.quarantine.empty


def test_every_expectation_of_the_shared_suite_is_tried():
    tried = {number for number, *_ in BROKEN}
    assert tried == set(range(len(gate.load_suite("un_egdi", "components")["expectations"])))
