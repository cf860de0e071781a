"""What landing counts of a table that it cleaned."""

import pandas as pd

from dagster_project.collection.corrections import EXCLUDE, Applied
from dagster_project.collection.gate import Audit, Outcome
from dagster_project.collection.landing import _cleaning


def outcome(
    expected: str, rows: list[int], duplicates: bool = False, severity: str = "warning"
) -> Outcome:
    failing = pd.DataFrame({"region_code": "510100"}, index=rows)
    return Outcome(
        "expect", "region_code", severity, expected, "", not rows, "", failing, duplicates
    )


def applied(after: str) -> Applied:
    return Applied("samples", "a.csv", None, 2, "value", "1", after, "wrong", "a letter")


def test_a_row_counts_once_in_all_and_once_for_each_of_its_reasons():
    audit = Audit(
        [
            outcome("each sample once", [3, 4], duplicates=True),
            outcome("a region", [4, 7]),
            outcome("a region", [7]),  # of another column
            outcome("a round", []),
            outcome("an address", [5], severity="info"),  # said, and kept
        ],
        rows=20,
        accepted=pd.DataFrame({"value": range(17)}),
        quarantine=pd.DataFrame(),
        refusal=None,
    )
    found = _cleaning(audit, [applied("0"), applied(EXCLUDE), applied("2")], "samples", "2019")
    assert set(found["edition"].to_pylist()) == {"2019"}
    assert set(found["collected_table"].to_pylist()) == {"samples"}
    counts = zip(*(found[name].to_pylist() for name in ("kind", "reason", "rows")), strict=True)
    assert {(kind, reason): rows for kind, reason, rows in counts} == {
        ("read", ""): 21,
        ("corrected", ""): 2,
        ("excluded", ""): 1,
        ("quarantined", ""): 3,
        ("quarantined", "expected each sample once"): 2,
        ("quarantined", "expected a region"): 2,
        ("duplicate", ""): 2,
        ("landed", ""): 17,
    }
