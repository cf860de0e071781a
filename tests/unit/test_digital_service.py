"""The registers and the tree of 数字化服务能力, as the source document has them."""

import re
from collections import Counter

import pytest

from dagster_project import dbt_runner
from dagster_project.registers import (
    break_before,
    editions,
    predecessors_first,
    register,
    rows_in_effect,
)
from dagster_project.settings import DBT_PROJECT

FRAMEWORK = "digital_service"
EDITIONS = ["2023", "2024"]
PUBLISHED = register("digital_service__published_indicators")
POINTS = register("digital_service__points")
LEVEL_3 = DBT_PROJECT / "models" / "indicators" / FRAMEWORK / "level_3"


@pytest.fixture
def children(settings):
    """{code of the parent: its children as its file states them}."""
    return {
        node["name"].partition("__")[2]: node["config"]["meta"]["children"]
        for node in dbt_runner.manifest(settings)["nodes"].values()
        if node["name"].startswith("digital_service__") and "children" in node["config"]["meta"]
    }


def test_the_table_has_the_counts_of_the_document():  # facts 136, 137
    level_1 = {(row["level1_code"], row["level1_kind"]) for row in PUBLISHED}
    assert Counter(kind for _, kind in level_1) == {"评价": 3, "观察": 1}
    assert len({row["level2_code"] for row in PUBLISHED}) == 9
    assert len({row["level3_code"] for row in PUBLISHED}) == 24
    assert sum(float(row["max_score"]) for row in PUBLISHED) == pytest.approx(100)


@pytest.mark.parametrize("edition", EDITIONS)
def test_337_regions_in_both_editions(edition):  # fact 138
    rows = rows_in_effect("divisions", FRAMEWORK, edition)
    assert len(rows) == 337
    assert Counter(row["region_class"] for row in rows) == {
        "直辖市": 4,
        "副省级/省会": 32,
        "地级": 301,
    }
    assert [line.edition for line in editions(FRAMEWORK)] == EDITIONS


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_level_3_indicator_has_four_points_or_more(edition):
    rows = rows_in_effect("digital_service__points", FRAMEWORK, edition)
    counted = Counter(row["indicator_code"] for row in rows)
    assert counted.keys() == {row["level3_code"] for row in PUBLISHED}
    assert min(counted.values()) >= 4
    assert len({row["point_name"] for row in rows}) == len(rows)


def test_what_the_facts_count_are_named_points():
    named = {row["point_code"]: row["source"] for row in POINTS if row["provenance"] == "named"}
    assert named == {
        "dda_applied": "fact 147",
        "rtl_within_promise": "fact 148",
        "ssa_available": "fact 150",
        "sqa_available": "fact 150",
        "dsq_available": "fact 151",
        "pmt_function": "fact 152",
        "odp_platform": "fact 155",
        "dac_column": "fact 159",
        "dan_applications": "facts 160, 161",
    }
    rest = [row for row in POINTS if row["provenance"] != "named"]
    assert {(row["provenance"], row["source"]) for row in rest} == {("assumed", "assumed")}


def test_a_file_reads_as_the_definition_of_its_indicator():
    names = {row["level3_code"]: row["level3"] for row in PUBLISHED}
    found = {path.stem.partition("__")[2]: path.read_text("utf-8") for path in LEVEL_3.glob("*")}
    assert found.keys() == names.keys()
    for code, text in found.items():
        assert f"name='{names[code]}'" in text
        listed, formula = text.split("formula=")
        named = set(re.findall(r"'(\w+)'", listed.partition("points=")[2]))
        assert named == {row["point_code"] for row in POINTS if row["indicator_code"] == code}
        assert set(re.findall(r"'(\w+)'", formula)) == named


def test_every_name_and_weight_carries_where_it_comes_from(children):
    """As the table says: 'named in the document', 'inferred ...'."""

    def word(text):
        return "named" if text.startswith("named") else "inferred"

    # The three evaluated level-1 names and the observed one are the document's (fact 137), its
    # level-2 weights are not given.
    expected = {
        **{
            row["level1_code"]: f"name named, weight {word(row['level1_weight_provenance'])}"
            for row in PUBLISHED
        },
        **{
            row["level2_code"]: f"name {word(row['level2_provenance'])}, weight inferred"
            for row in PUBLISHED
        },
        **{
            row["level3_code"]: f"name {word(row['provenance'])}, "
            f"weight {word(row['weight_provenance'])}"
            for row in PUBLISHED
        },
    }
    found = {one["code"]: one["provenance"] for listed in children.values() for one in listed}
    assert found == expected
    assert set(found.values()) == {
        "name named, weight inferred",
        "name inferred, weight inferred",
    }


def test_the_observed_indicator_is_the_one_of_the_table(children):
    observed = {one["code"] for listed in children.values() for one in listed if "role" in one}
    assert observed == {row["level1_code"] for row in PUBLISHED if row["level1_kind"] == "观察"}


# The break between two frameworks


def test_the_break_names_the_last_edition_before_the_first_after():  # facts 135, 276
    broken = break_before(FRAMEWORK, "2023")
    assert broken is not None
    assert (broken.predecessor, broken.predecessor_edition) == ("internet_service", "2022")
    assert editions(FRAMEWORK)[0].edition == "2023"
    assert editions(broken.predecessor)[-1].edition == broken.predecessor_edition
    assert break_before(FRAMEWORK, "2024") is None
    assert break_before("internet_service", "2019") is None
    model = DBT_PROJECT / "models" / "scores" / FRAMEWORK / "digital_service__framework_break.sql"
    assert f"predecessor='{broken.predecessor}'" in model.read_text("utf-8")


def test_a_framework_comes_after_the_one_whose_place_it_took():
    assert predecessors_first(["chile_egi", "digital_service", "internet_service"]) == [
        "chile_egi",
        "internet_service",
        "digital_service",
    ]


def test_comparable_indicators_exist_on_both_sides_and_say_why():
    before = register("internet_service__published_indicators")
    rows = register("comparable_indicators")
    assert rows
    for row in rows:
        assert row["indicator_code"] in {one["level3_code"] for one in PUBLISHED}
        assert row["predecessor_code"] in {one["level3_code"] for one in before}
        assert row["why"]
        assert row["why_en"]
        assert row["provenance"] in ("named", "assumed")
    for column in ("indicator_code", "predecessor_code"):
        assert len({row[column] for row in rows}) == len(rows)
