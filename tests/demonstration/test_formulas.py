"""The formulas both ways, and what the inversion may not do."""

import copy
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.demonstration.demo import recorded_edition
from dagster_project.demonstration.facts import definitions, demonstration
from dagster_project.demonstration.formulas import RELATIVE, Evaluation, inverse, points_of
from dagster_project.errors import GovIndexError
from dagster_project.registers import rows_in_effect
from tests.demonstration.conftest import FRAMEWORK, LATEST, realised
from tests.proof import independent

POINTS = {
    row["point_code"]: row
    for code, edition in LATEST.items()
    for row in rows_in_effect(f"{code}__points", code, edition)
}
ALL = {code: definitions(code, edition) for code, edition in LATEST.items()}
DEFINITIONS = ALL[FRAMEWORK]
EDITIONS = [(code, edition) for code in LATEST for edition in demonstration(code).editions]
# How far a wanted rate may be from the nearest one that can be recorded: half a step of the
# coarsest table of that formula.
COARSE = {"checklist_share": 0.17, "coverage": 0.07, "graded_presence": 0.17, "presence": 0.5,
          "log_volume": 0.07, "page_depth": 0.09, "round_stability": 0.25, "steps": 0.2,
          "gate": 0.05, "geometric_mean": 0.15}  # fmt: skip


def parts():
    """Every part of every indicator that is inverted, (indicator, expression)."""
    for framework, listed in ALL.items():
        for code, expression in listed.items():
            inner = expression[2] if expression[0] == "gate" else expression
            for _, part in inner[1]:
                if part[0] not in RELATIVE:
                    yield pytest.param(part, id=f"{framework} {code} {part[0]}")


@pytest.mark.parametrize("expression", parts())
@given(wanted=st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_a_wanted_rate_becomes_values_that_give_it(expression, wanted):
    wanted = np.array(wanted)
    settings = inverse(expression, POINTS, np.linspace(0, 1, 5))
    rate, values = settings.nearest(wanted, np.zeros(5), np.ones(5))
    tolerance = COARSE.get(expression[0], 0.06)
    assert np.abs(rate - wanted).max() <= tolerance + 1e-9
    if "" in values:
        count = values.pop("")
        points = expression[1]
        values = {point: (number < count) * 1.0 for number, point in enumerate(points)}
    agreement = {
        point.removesuffix(" agreement"): values.pop(point)
        for point in list(values)
        if point.endswith(" agreement")
    }
    assert Evaluation(values, agreement).rate(expression) == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize("expression", parts())
def test_bounds_are_kept_where_any_setting_lies_between_them(expression):
    settings = inverse(expression, POINTS, np.full(3, 0.5))
    rate, _ = settings.nearest(np.array([1.0, 0.0, 0.5]), np.zeros(3), np.zeros(3))
    assert rate == pytest.approx([0, 0, 0], abs=0.01)
    rate, _ = settings.nearest(np.array([1.0, 0.0, 0.5]), np.ones(3), np.ones(3))
    assert rate == pytest.approx([1, 1, 1], abs=0.01)


def of_how_many(row):
    """m of a value that is n of m, as the register says what is looked for; of a count 1."""
    found = re.search(r"n/(\d+)$|除以(\d+)$", row["looked_for"])
    return int(found[1] or found[2]) if found else 1


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_values_lie_in_the_domain_of_their_points(framework, edition):
    rows = rows_in_effect(f"{framework}__points", framework, edition)
    values = realised(framework, edition).values
    assert {row["point_code"] for row in rows} == values.keys()
    for row in rows:
        found = values[row["point_code"]]
        known = found if row["not_found"] else found[found != -1]
        assert not np.isnan(found).any()
        assert known.min() >= float(row["lowest"] or 0), row["point_code"]
        assert known.max() <= float(row["highest"] or "inf"), row["point_code"]
        # A yes or no, a count, a day, or n of the m that the register names.
        many = known * of_how_many(row)
        assert np.abs(many - np.rint(many)).max() < 1e-9, row["point_code"]


def test_what_was_written_down_is_a_yes_or_no_a_count_a_date_or_n_of_m():
    records = recorded_edition(FRAMEWORK, "2019", realised(FRAMEWORK, "2019"))
    read = [
        (point, value)
        for one in records.samples
        for point, value in zip(one.point, one.value, strict=True)
        if value
    ]
    for reading in (*records.first, *records.second, *records.verified):
        # Before what people add in words.
        said = re.match(r"\d{4}[-年]\d+[-月]\d+|[\d.]+%?", reading.answer)
        if said:
            read.append((reading.point, said[0]))
    kinds = set()
    for point, text in set(read):
        if re.fullmatch(r"\d{4}[-年]\d+[-月]\d+", text):
            assert POINTS[point]["point_type"] == "date"
            continue
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        m = of_how_many(POINTS[point])
        kinds.add(m)
        assert number * m == pytest.approx(round(number * m), abs=1e-9), (point, text)
        if POINTS[point]["highest"] == "1":
            assert POINTS[point]["point_type"] == "presence" or m > 1, point
    assert kinds == {1, 10, 200, 1000}


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_no_point_carries_more_than_half_of_its_indicator(framework, edition):
    # A gate excepted: without it there is nothing.
    found = realised(framework, edition)
    register = {
        row["point_code"]: row for row in rows_in_effect(f"{framework}__points", framework, edition)
    }
    for code, expression in definitions(framework, edition).items():
        gate = expression[1] if expression[0] == "gate" else None
        for point in points_of(expression):
            if point == gate:
                continue
            rates = []
            for value in (-1.0 if register[point]["not_found"] == "" else 0.0, 1e9):
                values = {**found.values, point: np.full_like(found.values[point], value)}
                rates.append(Evaluation(values, found.agreement).rate(expression))
            now = Evaluation(found.values, found.agreement).rate(expression)
            moved = np.nanmax(np.abs(np.stack(rates) - now))
            assert moved <= 0.5 + 1e-9, (code, point)


def independent_rates(values, agreement, place, expression):
    """The rate of one region by the script of the proof."""
    count = len(next(iter(values.values())))
    regions = [str(number) for number in range(count)]
    read = {}
    for point in points_of(expression):
        absent = not POINTS[point]["not_found"]
        for region, value in zip(regions, values[point].tolist(), strict=True):
            read[region, point] = "not_found" if absent and value == -1 else value
    agreed = {(str(place), point): float(one[place]) for point, one in agreement.items()}
    return independent.Context(read, agreed, str(place), regions).rate(expression)


@pytest.mark.parametrize(
    ("framework", "code"), [(framework, code) for framework in ALL for code in ALL[framework]]
)
def test_rates_are_those_of_the_independent_script(framework, code):
    found = realised(framework, LATEST[framework])
    expression = ALL[framework][code]
    rates = Evaluation(found.values, found.agreement).rate(expression)
    for place in (0, 50, 138, 333):
        expected = independent_rates(found.values, found.agreement, place, expression)
        assert rates[place] == pytest.approx(expected, abs=1e-12)


def test_a_changed_value_moves_the_score_by_what_the_formula_says():
    found = realised(FRAMEWORK, "2019")
    values = copy.deepcopy(found.values)
    place = int(
        np.flatnonzero((values["pl_item_count"] > 100) & (values["pl_item_count"] < 1900))[0]
    )
    before = Evaluation(values, found.agreement).rate(DEFINITIONS["power_list"])[place]
    values["pl_item_count"][place] += 50
    after = Evaluation(values, found.agreement).rate(DEFINITIONS["power_list"])[place]
    assert after - before == pytest.approx(0.2 * 50 / 2000, abs=1e-12)


def test_the_points_of_an_expression_are_found_however_deep_they_lie():
    assert points_of(DEFINITIONS["smart_qa"])[:2] == ["qa_available", "qa_wechat_qa"]
    assert points_of(DEFINITIONS["open_data"])[-1] == "od_department_count"
    named = [
        point for listed in ALL.values() for one in listed.values() for point in points_of(one)
    ]
    assert sorted(named) == sorted(POINTS)


def test_what_cannot_be_turned_into_values_is_said_in_a_sentence():
    gated = ["gate", "odp_platform", ["capped_volume", "odp_datasets", 10]]
    places = ["geometric_mean", [["herfindahl", ["a", "b", "c"]], ["presence", "d"]]]
    for expression, sentence in (
        (gated, "only before deduction; odp_platform stands before capped_volume"),
        (places, r"a geometric mean of counts over places \(a, b, c\)"),
    ):
        with pytest.raises(GovIndexError, match=sentence):
            inverse(expression, POINTS, np.full(3, 0.5))
