"""Every expectation on samples, manual readings and verification catches its bad input."""

import pandas as pd
import pytest

from dagster_project.collection import gate
from dagster_project.frameworks import framework

INTERNET = framework("internet_service")
REGIONS = ["510100", "440300"]
POINTS = INTERNET.point_rows("2019")
PAIRS = [p for p in POINTS if p["point_code"] in ("qa_correct", "qa_asked")]
VALUES = {"date": "2018-12-05", "accuracy": "1", "aggregation": "0.5"}


def rows_of(records: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(records, dtype="str").assign(
        source_file="raw/a",
        source_sheet=None,
        source_row=range(2, len(records) + 2),
        source_column=None,
    )


def samples() -> pd.DataFrame:
    return rows_of(
        [
            {
                "region_code": region,
                "point_code": point["point_code"],
                "round": str(number),
                "value": VALUES.get(point["point_type"], "1"),
                "status": "observed",
                "address": "http://www.example.gov.cn/",
                "depth": "3",
                "time": "2018-12-20 10:00:00",
                "collector": "c1",
            }
            for region in REGIONS
            for point in POINTS
            if point["method"] == "technical"
            for number in (1, 2, 3, 4)
        ]
    )


def readings(points: list[dict[str, str]], assessors: tuple[str, ...]) -> pd.DataFrame:
    return rows_of(
        [
            {
                "region_code": region,
                "point_code": point["point_code"],
                "assessor": assessor,
                "answer": VALUES.get(point["point_type"], "1"),
                "evidence": "1.png",
                "note": None,
            }
            for region in REGIONS
            for point in points
            for assessor in assessors
        ]
    )


GOOD = {
    "samples": samples,
    "manual": lambda: readings([p for p in POINTS if p["method"] == "manual"], ("甲", "乙")),
    "verification": lambda: readings([*POINTS[:60], *PAIRS], ("丙",)),
}


def cell(column, value, row=3):
    def spoil(rows):
        changed = rows.copy()
        changed.loc[changed.index[row], column] = value
        return changed

    return spoil


def answered(kind, answer, column="answer"):
    """The first point of a type with another answer."""
    codes = {point["point_code"] for point in POINTS if point["point_type"] == kind}

    def spoil(rows):
        changed = rows.copy()
        changed.loc[changed.index[changed["point_code"].isin(codes)][0], column] = answer
        return changed

    return spoil


def of_point(code, answer, column="answer"):
    def spoil(rows):
        changed = rows.copy()
        changed.loc[changed.index[changed["point_code"] == code][0], column] = answer
        return changed

    return spoil


def again(**changes):
    """The fourth row once more, with other values."""

    def spoil(rows):
        copied = rows.iloc[[3]].assign(**changes)
        return pd.concat([rows, copied], ignore_index=True)

    return spoil


def only(condition):
    return lambda rows: rows[condition(rows)].reset_index(drop=True)


def not_collected(share):
    def spoil(rows):
        changed = rows.copy()
        lost = changed.index[: int(len(changed) * share)]
        changed.loc[lost, ["value", "status"]] = [None, "not_collected"]
        return changed

    return spoil


def refused(count):
    def spoil(rows):
        changed = rows.copy()
        changed.loc[changed.index[:count], ["value", "status"]] = [None, "refused"]
        return changed

    return spoil


FIRST = "rl_published"
# What is expected, and a bad input for it: by table, in the words of the suite.
SPOILED = {
    "samples": [
        ("the columns of the contract", lambda rows: rows.assign(extra="x")),
        ("a region", cell("region_code", None)),
        ("a name, alias or code of one region", cell("region_code", "吉林")),
        ("a technical point of the register", cell("point_code", "nothing")),
        ("a technical point of the register", cell("point_code", "rl_legal_basis")),
        ("a round", cell("round", None)),
        ("a round from 1 to 4", cell("round", "5")),
        ("a status", cell("status", None)),
        ("observed, not_found, not_collected or refused", cell("status", "seen")),
        ("a depth of at most 6 levels", cell("depth", "7")),
        ("address and depth of what was observed", cell("address", None)),
        ("address and depth of what was observed", cell("depth", None)),
        ("who or what collected it", cell("collector", None)),
        ("a value in the domain of the point's type", cell("value", "2")),
        ("a value in the domain of the point's type", cell("value", "many")),
        *(
            ("a value in the domain of the point's type", answered(kind, value, "value"))
            for kind, value in [
                ("volume", "nan"),
                ("volume", "inf"),
                ("volume", "1e400"),
                ("volume", "1_000"),
                ("volume", "12.5"),
                ("volume", "-1"),
                ("aggregation", "1.01"),
                ("date", "infinity"),
                ("date", "epoch"),
                ("date", "2091-01-15"),
                ("date", "1000-01-01"),
            ]
        ),
        ("a value where the status is observed", cell("value", None)),
        ("a value where the status is observed", cell("value", "not_collected")),
        ("a value where the status is observed", cell("value", "not_found")),
        ("a value where the status is observed", cell("status", "not_found")),
        ("a time inside the collection window", cell("time", "2019-02-01 00:00:01")),
        ("a time inside the collection window", cell("time", "soon")),
        ("each sample once", again()),
        ("one value a region, point and round", again(value="0")),
        ("every technical point", only(lambda rows: rows["point_code"] != FIRST)),
        ("72 % technical points", only(lambda rows: rows["point_code"].str[:2] != "rl")),
        ("every round of the register", only(lambda rows: rows["round"] != "4")),
        ("at least 90 % of region x point x round", not_collected(0.11)),
        (
            "every technical point of every region in every round",
            lambda rows: rows.drop(index=rows.index[5]).reset_index(drop=True),
        ),
        ("no row in quarantine under an unknown name", cell("region_code", "某某市", row=7)),
        ("no refusal", refused(1)),
    ],
    "manual": [
        ("the columns of the contract", lambda rows: rows.assign(extra="x")),
        ("a region", cell("region_code", None)),
        ("a name, alias or code of one region", cell("region_code", "某某市")),
        ("a manual point of the register", cell("point_code", "rl_published")),
        ("a person", cell("assessor", None)),
        ("one person", cell("assessor", "张三、李四")),
        ("an answer in the domain", cell("answer", "有限")),
        ("an answer in the domain", answered("duration", "no")),
        ("an answer in the domain", answered("graded", "no")),
        ("an answer in the domain", answered("graded", "1.5")),
        ("an answer in the domain", of_point("sea_asked", "3.7")),
        ("an answer in the domain", cell("answer", "#N/A")),
        ("at most as many as were asked", of_point("sea_correct", "12")),
        ("each answer once", again()),
        ("one answer a region, point and person", again(answer="0")),
        ("every manual point", only(lambda rows: rows["point_code"] != "rl_legal_basis")),
        (
            "a row for every manual point of every region",
            lambda rows: rows.drop(index=rows.index[4:6]).reset_index(drop=True),
        ),
        (
            "no row in quarantine under an unknown name",
            lambda rows: rows.assign(
                region_code=rows["region_code"].where(~rows.index.isin([4, 5]), "某某市")
            ),
        ),
        (
            "at least 90 % of region x point read",
            lambda rows: rows.assign(answer=rows["answer"].where(rows.index % 142 < 120)),
        ),
    ],
    "verification": [
        ("the columns of the contract", lambda rows: rows.drop(columns="note")),
        ("a region", cell("region_code", None)),
        ("a name, alias or code of one region", cell("region_code", "某某市")),
        ("a point of the register", cell("point_code", "nothing")),
        ("a person", cell("assessor", None)),
        ("one person", cell("assessor", "张三、李四")),
        ("an answer in the domain", cell("answer", "x")),
        ("an answer in the domain", answered("volume", "yes")),
        ("at most as many as were asked", of_point("qa_correct", "12")),
        ("each answer once", again()),
        ("one answer a region, point and person", again(answer="0")),
        ("a verification sample", lambda rows: rows.assign(answer=None).astype({"answer": "str"})),
        ("a verification sample", lambda rows: rows.assign(answer="not_collected")),
    ],
}


def audit(table, rows, suite=None, excluded=None) -> gate.Audit:
    declared = INTERNET.tables[table]
    known = gate.parameters(INTERNET, declared, "2019") | {"collected_regions": 2}
    return gate.audit(
        rows,
        suite or gate.load_suite("internet_service", table),
        known,
        declared.columns_in("2019"),
        gate.registers(INTERNET, "2019"),
        excluded,
    )


@pytest.mark.parametrize("table", sorted(GOOD))
def test_good_rows_pass(table):
    result = audit(table, GOOD[table]())
    assert result.refusal is None
    assert all(outcome.success for outcome in result.outcomes)
    assert len(result.accepted) == len(GOOD[table]())


def test_a_gap_is_named_and_counted_once():
    rows = GOOD["samples"]()
    gone = (rows["region_code"] == REGIONS[1]) & (rows["round"] == "2")
    result = audit("samples", rows[~gone].reset_index(drop=True))
    assert f"gaps is 186 (nothing of {REGIONS[1]} " in result.refusal
    assert "in round 2), expected every technical point of every region" in result.refusal


def test_a_row_in_quarantine_leaves_no_gap():
    rows = GOOD["samples"]()
    rows.loc[3, "value"] = "many"
    rows.loc[7, "region_code"] = "某某市"
    result = audit("samples", rows)
    assert result.refusal is None
    assert len(result.accepted) == len(rows) - 2


def test_a_copy_in_quarantine_fills_no_gap():
    rows = again()(GOOD["samples"]()).drop(index=9).reset_index(drop=True)
    assert "gaps is 1 (" in audit("samples", rows).refusal


def test_a_row_that_a_correction_left_out_is_no_gap_and_fills_none_elsewhere():
    rows = GOOD["manual"]()
    # Both readings of a point, and of another one only the second assessor's.
    both, second = rows.loc[[4, 5]], rows.loc[[9]]
    kept = rows.drop(index=both.index)
    assert "gaps is 1 (" in audit("manual", kept).refusal
    assert audit("manual", kept, excluded=both).refusal is None
    assert "gaps is 1 (" in audit("manual", kept.drop(index=9), excluded=second).refusal
    # Of samples: a copy that was left out.
    samples = GOOD["samples"]()
    copy = samples.loc[[3]]
    assert "gaps is 1 (" in audit("samples", samples.drop(index=9), excluded=copy).refusal
    assert audit("samples", samples.drop(index=3), excluded=copy).refusal is None


def unknown(result: gate.Audit) -> str:
    [said] = [one.observed for one in result.outcomes if one.column == "excused_gaps"]
    return said


@pytest.mark.parametrize(
    ("column", "value"), [("region_code", "某某市"), ("point_code", "nothing"), ("round", "5")]
)
def test_a_mistyped_name_leaves_its_own_gap_and_that_is_said(column, value):
    rows = GOOD["samples"]()
    first = rows.loc[7, ["region_code", "point_code", "round"]]
    rows.loc[7, column] = value
    result = audit("samples", rows)
    assert result.refusal is None
    place = f"nothing of {first['region_code']} {first['point_code']} in round {first['round']}"
    # Of a region or round that may be any, one of those missing is named.
    assert unknown(result) == f"excused_gaps is 1 ({place})"


def test_an_unknown_name_excuses_no_gap_of_another_point_or_round():
    rows = GOOD["samples"]()
    rows.loc[7, "region_code"] = "某某市"
    gone = rows.drop(index=12)
    result = audit("samples", gone)
    assert "gaps is 1 (nothing of" in result.refusal
    # As many strangers as gaps, all of them elsewhere.
    strangers = GOOD["samples"]().iloc[100:114].assign(region_code="某某市")
    fewer = GOOD["samples"]().drop(index=range(200, 214))
    both = pd.concat([fewer, strangers], ignore_index=True)
    assert "gaps is 14 (nothing of" in audit("samples", both).refusal
    # One stranger excuses one of two gaps of its point and round.
    first = GOOD["samples"]().loc[0]
    missing = GOOD["samples"]()
    same = (missing["point_code"] == first["point_code"]) & (missing["round"] == first["round"])
    stranger = missing[same].iloc[[0]].assign(region_code="某某市")
    result = audit("samples", pd.concat([missing[~same], stranger], ignore_index=True))
    assert "gaps is 1 (nothing of" in result.refusal
    assert unknown(result).startswith("excused_gaps is 1 (nothing of")


def test_one_refusal_stops_the_table_and_is_named():  # facts 27, 271
    result = audit("samples", refused(2)(GOOD["samples"]()))
    assert result.refusal == (
        f"refused is 2 (raw/a row 2: {REGIONS[0]} rl_published in round 1), expected no refusal "
        "(facts 27, 271); collect again what was refused and take the refused row out, or rule in "
        "corrections.csv that it was not_collected"
    )


def test_a_refusal_is_one_in_quarantine_too_unless_a_sound_sample_stands_beside_it():
    rows = GOOD["samples"]()
    rows.loc[3, ["value", "status"]] = ["1", "refused"]
    result = audit("samples", rows)
    assert result.refusal.startswith("refused is 1 (raw/a row 5:")
    # Collected again, and the refused row left standing: which of the two counts?
    rows = GOOD["samples"]()
    again = rows.iloc[[3]].assign(value=None, status="refused").astype({"value": "str"})
    result = audit("samples", pd.concat([rows, again], ignore_index=True))
    assert result.refusal.startswith("refused is 1 (")
    # As if it had not been read.
    late = again.assign(time="2017-01-01 10:00:00", source_row=9999)
    result = audit("samples", pd.concat([rows, late], ignore_index=True))
    assert result.refusal is None
    assert list(result.quarantine["row"]) == [9999]


@pytest.mark.parametrize(
    ("code", "kept_out"), [("rr_reply_days", []), ("rl_department_count", ["2.5"])]
)
def test_only_what_is_no_count_may_have_decimals(code, kept_out):
    result = audit("samples", of_point(code, "2.5", "value")(GOOD["samples"]()))
    assert list(result.quarantine["value"]) == kept_out


@pytest.mark.parametrize(
    "names",
    [
        "张三、李四",
        "张三/李四",
        "张三，李四",
        "张三和李四",
        "张三 李四",
        "张三等",
        "张三等三人",
        "Li Si and Zhang San",
    ],
)
def test_two_people_named_as_one_are_refused(names):
    rows = cell("assessor", names)(GOOD["verification"]())
    [bad] = audit("verification", rows).quarantine.itertuples()
    assert (bad.column, bad.value) == ("assessor", names)
    assert bad.reason == (
        "应只写一人，写了几人就无从知道是谁评判的 / "
        "expected one person, because nobody can tell which of several read it"
    )


@pytest.mark.parametrize(
    "name", ["李和平", "欧阳和平", "买买提·艾力", "Li Si", "Alexander Anderson"]
)
def test_one_person_is_one(name):
    rows = cell("assessor", name)(GOOD["verification"]())
    assert len(audit("verification", rows).quarantine) == 0


def test_words_and_blanks_that_are_no_fault():
    # None of a thing that is counted is 0.
    rows = answered("volume", "no")(GOOD["verification"]())
    # Somebody left a second line for the same point blank.
    blank = rows.iloc[[3]].assign(answer=None).astype({"answer": "str"})
    result = audit("verification", pd.concat([rows, blank], ignore_index=True))
    assert result.refusal is None
    assert len(result.quarantine) == 0


def test_of_an_answer_given_twice_the_one_with_evidence_counts_wherever_it_stands():
    rows = GOOD["manual"]()
    bare = rows.iloc[[3]].assign(evidence=None).astype({"evidence": "str"})
    for both in ([bare, rows], [rows, bare]):
        result = audit("manual", pd.concat(both, ignore_index=True))
        assert len(result.quarantine) == 1
        assert result.accepted["evidence"].notna().all()


def test_a_few_bad_rows_of_a_small_verification_do_not_stop_it_and_more_do():
    rows = GOOD["verification"]().iloc[:60].reset_index(drop=True)
    rows.loc[[3, 4, 5], "region_code"] = "某某市"
    result = audit("verification", rows)
    assert (result.refusal, len(result.accepted)) == (None, 57)
    rows.loc[6, "region_code"] = "某某市"
    assert "4 of 60 rows are in quarantine, more than the tolerance of 1.0% or 3 rows" in (
        audit("verification", rows).refusal
    )


def test_a_table_with_too_many_bad_rows_says_in_which_sheet_the_first_is():
    rows = GOOD["manual"]().assign(assessor="张三、李四", source_sheet="一组")
    assert (
        "the first: raw/a, sheet 一组, row 2, column assessor: 张三、李四, expected one person"
        in (audit("manual", rows).refusal)
    )


@pytest.mark.parametrize(
    ("table", "fault", "reason"),
    [
        ("samples", {"value": "0", "time": "2017-01-01 10:00:00"}, "a time inside"),
        ("samples", {"time": "2017-01-01 10:00:00"}, "a time inside"),
        ("samples", {"time": "soon"}, "a time inside"),
        ("samples", {"value": "0", "depth": "9"}, "a depth of at most 6 levels"),
        ("manual", {"answer": "x"}, "an answer in the domain"),
        ("verification", {"answer": "x"}, "an answer in the domain"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_row_that_is_bad_by_itself_keeps_no_other_out(table, fault, reason, first):
    rows = GOOD[table]()
    bad = rows.iloc[[3]].assign(**fault, source_row=9999)
    result = audit(table, pd.concat([bad, rows] if first else [rows, bad], ignore_index=True))
    assert result.refusal is None
    assert list(result.quarantine["row"]) == [9999]
    assert result.quarantine["reason"].iloc[0].partition(" / ")[2].startswith(f"expected {reason}")
    assert len(result.accepted) == len(rows)


@pytest.mark.parametrize("table", ["samples", "manual", "verification"])
def test_yes_and_1_contradict_each_other_no_more_than_yes_and_yes(table):
    rows = GOOD[table]()
    column = "value" if table == "samples" else "answer"
    place = int(rows.index[rows[column].isin(["1", "yes"])][0])
    rows.loc[place, column] = "1"
    copy = rows.loc[[place]].assign(**{column: "yes"}, source_row=9999)
    result = audit(table, pd.concat([rows, copy], ignore_index=True))
    assert list(result.quarantine["row"]) == [9999]
    assert result.quarantine["reason"].iloc[0].endswith("once")
    contrary = rows.loc[[place]].assign(**{column: "no"}, source_row=9999)
    result = audit(table, pd.concat([rows, contrary], ignore_index=True))
    assert len(result.quarantine) == 2


def test_what_was_not_found_needs_no_depth():
    rows = GOOD["samples"]()
    rows.loc[3, ["value", "status", "depth", "address"]] = [None, "not_found", None, None]
    assert len(audit("samples", rows).quarantine) == 0


def test_two_people_may_verify_the_same():
    rows = GOOD["verification"]()
    other = rows.iloc[[3]].assign(assessor="丁")
    assert len(audit("verification", pd.concat([rows, other], ignore_index=True)).quarantine) == 0


def test_a_few_bad_rows_do_not_stop_a_short_verification():
    rows = GOOD["verification"]()

    def spoiled(count):
        changed = rows.copy()
        changed.loc[changed.index[:count], "region_code"] = "某某市"
        return audit("verification", changed)

    assert spoiled(3).refusal is None
    assert len(spoiled(3).quarantine) == 3
    assert "more than the tolerance of 1.0% or 3 rows" in spoiled(4).refusal


def test_every_expectation_has_a_bad_input():
    for table, spoiled in SPOILED.items():
        suite = gate.load_suite("internet_service", table)
        expected = {one["meta"]["expected"] for one in suite["expectations"]}
        missed = {e for e in expected if not any(e.startswith(words) for words, _ in spoiled)}
        assert missed == set()


@pytest.mark.parametrize(
    ("table", "words", "spoil"),
    [(table, words, spoil) for table, all_ in SPOILED.items() for words, spoil in all_],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_input_is_caught_by_its_expectation_and_missed_without_it(table, words, spoil):
    rows = spoil(GOOD[table]())
    suite = gate.load_suite("internet_service", table)
    guards = [one for one in suite["expectations"] if one["meta"]["expected"].startswith(words)]
    exact = [one for one in guards if one["meta"]["expected"] == words] or guards

    def seen(result: gate.Audit) -> bool:
        met = {one.expected for one in result.outcomes if not one.success}
        return any(one["meta"]["expected"] in met for one in exact)

    caught = audit(table, rows, suite)
    assert seen(caught)
    if exact[0]["severity"] == "critical":
        assert words in caught.refusal
    kept = [one for one in suite["expectations"] if one not in exact]
    missed = audit(table, rows, {**suite, "expectations": kept})
    assert not seen(missed)
    if exact[0]["severity"] == "critical" and "columns" not in words:
        others = {one.expected for one in caught.outcomes if not one.success}
        if len(others) == 1:
            assert missed.refusal is None
