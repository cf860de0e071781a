"""Every formula on vectors computed by hand, with missing and out-of-range input.

A formula is rendered as dbt renders it and evaluated by DuckDB. Statuses and agreements of a
point stand in columns of their own, as the macro `indicator` gives them.
"""

import math
import re
from itertools import pairwise
from types import SimpleNamespace

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.settings import DBT_PROJECT

MACROS = DBT_PROJECT / "macros"
FORMULAS = {path.stem for path in (MACROS / "formulas").glob("*.sql")}


def _module():
    files = [MACROS / "numbers.sql", *sorted((MACROS / "formulas").glob("*.sql"))]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return jinja2.Environment().from_string(text).module


MODULE = _module()


def evaluate(expression: str, rows: list[dict]) -> list[float | None]:
    """Rates of rows, each a region of one object group."""
    names = sorted({name for row in rows for name in row})
    kinds = {name: "varchar" if name.endswith("__status") else "double" for name in names}
    values = ", ".join(
        "("
        + ", ".join([str(number), *(literal(row.get(name), kinds[name]) for name in names)])
        + ")"
        for number, row in enumerate(rows)
    )
    query = f"""
        select cast({expression} as double) from (
            select 'all' as object_group, * from (values {values}) as t(number, {", ".join(names)})
        ) order by number
    """
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def literal(value, kind: str) -> str:
    return f"cast({'null' if value is None else repr(value)} as {kind})"


# formula, arguments, columns of the rows, (values of a row, expected rate)...
VECTORS = [
    ("presence", ["a"], "a", [(1, 1), (0, 0), (None, None), (7, 1), (-1, 0)]),
    (
        "checklist_share",
        [["a", "b", "c", "d"]],
        "a b c d",
        [
            ((1, 1, 0, 1), 0.75),
            ((0, 0, 0, 0), 0),
            ((1, None, 0, None), 0.5),
            ((None, None, None, None), None),
            ((5, -1, 1, 1), 0.75),
        ],
    ),
    ("given_rate", ["a"], "a", [(0.25, 0.25), (0, 0), (1.422, 1.422), (None, None)]),
    ("graded_presence", ["a", 4], "a", [(3, 0.75), (0, 0), (9, 1), (-2, 0), (None, None)]),
    ("capped_volume", ["a", 50], "a", [(20, 0.4), (50, 1), (80, 1), (-5, 0), (None, None)]),
    (
        "log_volume",
        ["a", 99],
        "a",
        [(9, 0.5), (99, 1), (0, 0), (1000, 1), (-3, 0), (None, None)],
    ),
    (
        "min_max_volume",
        ["a"],
        "a",
        [(10, 0), (20, 0.25), (50, 1), (None, None)],
    ),
    # A count below 0 is taken as it stands: it is the smallest.
    ("min_max_volume", ["a"], "a", [(-10, 0), (0, 0.5), (10, 1), (None, None)]),
    ("percentile_volume", ["a"], "a", [(1, 0), (5, 1 / 3), (5, 1 / 3), (9, 1), (None, None)]),
    ("percentile_volume", ["a"], "a", [(-4, 0), (0, 0.5), (3, 1), (None, None)]),
    # mean 4, population standard deviation 2
    ("z_score", ["a"], "a", [(2, 0.5 - 1 / 6), (6, 0.5 + 1 / 6), (None, None)]),
    # Of eleven regions ten have nothing: mean 1, variance 11 - 1, so the one with 11 lies the
    # square root of 10, more than three deviations, above and is cut off.
    (
        "z_score",
        ["a"],
        "a",
        [*[(0, 0.5 - 1 / math.sqrt(10) / 6)] * 10, (11, 1), (None, None)],
    ),
    # The same below: one has fewer than all others.
    (
        "z_score",
        ["a"],
        "a",
        [*[(0, 0.5 + 1 / math.sqrt(10) / 6)] * 10, (-11, 0), (None, None)],
    ),
    ("coverage", ["a", 8], "a", [(6, 0.75), (0, 0), (12, 1), (-1, 0), (None, None)]),
    # shares 1/2, 1/4, 1/4: entropy 1.5 ln 2; 1 - 1.5 ln 2 / ln 3. Of two places, 3/4 and 1/4:
    # 1 - (3/4 ln 4/3 + 1/4 ln 4) / ln 2
    (
        "aggregation",
        [["a", "b", "c"]],
        "a b c",
        [
            ((2, 1, 1), 0.0536053696428138),
            ((4, 0, 0), 1),
            ((3, 3, 3), 0),
            ((0, 0, 0), 0),
            ((3, None, 1), 0.1887218755408671),
            ((5, -2, 0), 1),
            ((-1, -2, -3), 0),
            ((5, None, None), None),
            ((None, None, None), None),
        ],
    ),
    # 1/4 + 1/16 + 1/16 = 3/8; (3/8 - 1/3) / (2/3) = 1/16. Of two places: (10/16 - 1/2) / (1/2)
    (
        "herfindahl",
        [["a", "b", "c"]],
        "a b c",
        [
            ((2, 1, 1), 0.0625),
            ((4, 0, 0), 1),
            ((3, 3, 3), 0),
            ((0, 0, 0), 0),
            ((3, None, 1), 0.25),
            ((5, -2, 0), 1),
            ((-1, -2, -3), 0),
            ((5, None, None), None),
            ((None, None, None), None),
        ],
    ),
    (
        "freshness",
        ["a", 30],
        "a a__status",
        [
            ((0, "observed"), 1),
            ((30, "observed"), 0.5),
            ((90, "observed"), 0.125),
            ((-5, "observed"), 1),
            ((None, "not_found"), 0),
            ((None, "not_collected"), None),
        ],
    ),
    (
        "promised_days",
        ["a", 5, 15],
        "a a__status",
        [
            ((3, "observed"), 1),
            ((5, "observed"), 1),
            ((10, "observed"), 0.5),
            ((15, "observed"), 0),
            ((40, "observed"), 0),
            ((-1, "observed"), 1),
            ((None, "not_found"), 0),
            ((None, "not_collected"), None),
        ],
    ),
    (
        "inverse_goalposts",
        ["a", 2, 12],
        "a a__status",
        [
            ((2, "observed"), 1),
            ((0, "not_found"), 1),
            ((7, "observed"), 0.5),
            ((12, "observed"), 0),
            ((99, "observed"), 0),
            ((None, "not_found"), 0),
            ((None, "not_collected"), None),
        ],
    ),
    (
        "steps",
        ["a", [[1, 0.25], [10, 0.5], [100, 1]]],
        "a",
        [(0, 0), (1, 0.25), (9, 0.25), (10, 0.5), (100, 1), (5000, 1), (-1, 0), (None, None)],
    ),
    (
        "piecewise_linear",
        ["a", [[0, 0], [10, 0.5], [30, 1]]],
        "a",
        [(0, 0), (5, 0.25), (10, 0.5), (20, 0.75), (30, 1), (99, 1), (-9, 0), (None, None)],
    ),
    (
        "accuracy_share",
        ["a", "b", 5],
        "a b",
        [
            ((3, 10), 0.3),
            ((5, 5), 1),
            ((4, 4), None),
            ((0, 0), 0),
            ((12, 10), 1),
            ((None, 10), None),
            ((3, None), None),
        ],
    ),
    (
        "page_depth",
        ["a"],
        "a a__status",
        [
            ((1, "observed"), 1),
            ((2, "observed"), 5 / 6),
            ((6, "observed"), 1 / 6),
            ((7, "observed"), 0),
            ((-1, "observed"), 0),
            ((None, "not_found"), 0),
            ((None, "not_collected"), None),
        ],
    ),
    (
        "channel_consistency",
        ["a", "b"],
        "a b",
        [
            ((3, 12), 0.25),
            ((0, 0), 0),
            ((None, 0), 0),
            ((5, 5), 1),
            ((9, 5), 1),
            ((-1, 5), 0),
            ((None, 5), None),
            ((5, None), None),
        ],
    ),
    (
        "round_stability",
        ["a"],
        "a a__agreement",
        [((1, 0.75), 0.75), ((1, 1), 1), ((0, 1), 0), ((-1, 0.5), 0), ((None, None), None)],
    ),
    ("deduction", ["a", 0.2], "a", [(0, 1), (2, 0.6), (9, 0), (-3, 1), (None, None)]),
    (
        "gate",
        ["a", "b"],
        "a b",
        [((1, 0.4), 0.4), ((0, 0.4), 0), ((None, 0.4), None), ((1, None), None), ((-1, 1), 0)],
    ),
    (
        "geometric_mean",
        [["a", "b"]],
        "a b",
        [((0.25, 1), 0.5), ((0, 1), 0), ((None, 0.3), 0.3), ((None, None), None), ((1, 1), 1)],
    ),
    # Parts beyond 0..1. Two below 0 would have a product above it.
    (
        "geometric_mean",
        [["a", "b"]],
        "a b",
        [((-0.5, 1), 0), ((-0.25, -1), 0), ((-1, None), 0), ((4, 1), 2)],
    ),
    (
        "goalposts",
        ["a", 20, 85],
        "a",
        [(20, 0), (85, 1), (46, 0.4), (10, 0), (99, 1), (None, None)],
    ),
    # Fewer is better, and the line goes on beyond the posts.
    (
        "goalposts",
        ["a", 10, 2, False],
        "a",
        [(10, 0), (2, 1), (4, 0.75), (12, -0.25), (0, 1.25), (None, None)],
    ),
    ("distance_to_best", ["a"], "a", [(8, 1), (2, 0.25), (0, 0), (-3, 0), (None, None)]),
    ("distance_to_best", ["a", True], "a", [(2, 1), (8, 0.25), (4, 0.5), (None, None)]),
    (
        "weighted_mean",
        [[[0.75, "a"], [0.25, "b"]]],
        "a b",
        [((1, 0), 0.75), ((None, 0.4), 0.4), ((0.2, None), 0.2), ((None, None), None), ((1, 1), 1)],
    ),
    # A part beyond 0..1, as an unclipped one may be, goes in as it is.
    ("weighted_mean", [[[0.75, "a"], [0.25, "b"]]], "a b", [((1, 1.4), 1.1), ((-0.2, 0), -0.15)]),
]


@pytest.mark.parametrize(("name", "arguments", "columns", "rows"), VECTORS, ids=lambda v: str(v))
def test_a_formula_gives_what_was_computed_by_hand(name, arguments, columns, rows):
    expression = getattr(MODULE, name)(*arguments)
    names = columns.split()
    inputs = [
        dict(zip(names, values if isinstance(values, tuple) else (values,), strict=True))
        for values, _ in rows
    ]
    found = evaluate(expression, inputs)
    for rate, (values, expected) in zip(found, rows, strict=True):
        assert (rate is None) == (expected is None), (values, rate)
        if expected is not None:
            assert rate == pytest.approx(expected, abs=1e-12), values


def test_every_formula_has_vectors_with_a_missing_value():
    assert {name for name, *_ in VECTORS} == FORMULAS
    for name in FORMULAS:
        rates = [rate for one, _, _, rows in VECTORS if one == name for _, rate in rows]
        assert None in rates, name


def test_every_formula_says_what_it_is():
    for path in (MACROS / "formulas").glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        for said in ("Domain", "Missing", "Source"):
            assert f"\n        {said} " in text, (path.name, said)


def test_relative_formulas_of_equal_regions():
    for name, expected in (("min_max_volume", 1), ("percentile_volume", 0), ("z_score", 0.5)):
        expression = getattr(MODULE, name)("a")
        assert evaluate(expression, [{"a": 4}, {"a": 4}]) == [expected, expected]
    for name in ("min_max_volume", "percentile_volume"):
        assert evaluate(getattr(MODULE, name)("a"), [{"a": 4}]) == [1]


# Formulas that have a direction: more of these points is never worse (1) or never better (-1).
# The two others, aggregation and herfindahl, reward that counts stand in one place.
DIRECTIONS = [
    ("given_rate", ["a"], 1),
    ("presence", ["a"], 1),
    ("graded_presence", ["a", 4], 1),
    ("capped_volume", ["a", 50], 1),
    ("log_volume", ["a", 50], 1),
    ("coverage", ["a", 8], 1),
    ("steps", ["a", [[1, 0.25], [10, 0.5]]], 1),
    ("goalposts", ["a", 5, 40], 1),
    ("goalposts", ["a", 40, 5], -1),
    ("distance_to_best", ["a"], 1),
    ("distance_to_best", ["a", True], -1),
    ("piecewise_linear", ["a", [[0, 0], [10, 0.5], [30, 1]]], 1),
    ("inverse_goalposts", ["a", 2, 12], -1),
    ("deduction", ["a", 0.2], -1),
    ("checklist_share", [["a", "b"]], 1),
    ("gate", ["b", "a"], 1),
    ("geometric_mean", [["a", "b"]], 1),
    ("weighted_mean", [[[0.75, "a"], [0.25, "b"]]], 1),
    ("accuracy_share", ["a", "b", 1], 1),
    ("channel_consistency", ["a", "b"], 1),
    ("freshness", ["a", 30], -1),
    ("promised_days", ["a", 5, 15], -1),
    ("page_depth", ["a"], -1),
    ("round_stability", ["a"], 1),
    ("min_max_volume", ["a"], 1),
    ("percentile_volume", ["a"], 1),
    ("z_score", ["a"], 1),
]


# A busy machine takes longer over one query than Hypothesis allows.
@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8), st.sampled_from(DIRECTIONS))
def test_a_better_point_never_lowers_a_rate_and_rates_stay_between_0_and_1(values, direction):
    name, arguments, sign = direction
    unit = name in ("given_rate", "gate", "geometric_mean", "weighted_mean")
    rows = [
        {
            "a": value / 60 if unit else value,
            "b": 1,
            "a__status": "observed",
            "a__agreement": value / 60,
        }
        # The levels of pages begin with 1.
        for value in sorted(max(value, 1) if name == "page_depth" else value for value in values)
    ]
    if name in ("accuracy_share", "channel_consistency"):
        rows = [{**row, "b": 60} for row in rows]
    found = evaluate(getattr(MODULE, name)(*arguments), rows)
    rising = found[::sign]
    assert all(low <= high + 1e-12 for low, high in pairwise(rising))
    assert all(0 <= rate <= 1 for rate in found)


def test_what_is_gathered_in_one_place_is_rewarded_over_what_is_dispersed():
    rows = [{"a": 9 - n, "b": n} for n in range(5)]
    for name in ("aggregation", "herfindahl"):
        found = evaluate(getattr(MODULE, name)(["a", "b"]), rows)
        assert found == sorted(found, reverse=True)
        assert found[0] == 1


def test_every_formula_states_its_direction():
    directed = {name for name, *_ in DIRECTIONS}
    assert directed | {"aggregation", "herfindahl"} == FORMULAS


# By the parameter `normalisation`: the method, values of regions, expected rates.
NORMALISATIONS = [
    ("goalposts 20 85", [46, 10, None], [0.4, 0, None]),
    ("goalposts 10 2", [4, 12, 0], [0.75, 0, 1]),
    ("goalposts 10 2 unclipped", [4, 12, 0], [0.75, -0.25, 1.25]),
    ("min_max", [10, 20, 50, None], [0, 0.25, 1, None]),
    ("min_max less", [10, 20, 50, None], [1, 0.75, 0, None]),
    ("min_max less", [0, 0], [1, 1]),
    # All the same: 1 where there is something, and from 1 where fewer is better.
    ("min_max", [7, 7, None], [1, 1, None]),
    ("min_max", [0, 0], [0, 0]),
    ("min_max", [-3, -3], [0, 0]),
    ("min_max less", [7, 7], [0, 0]),
    ("rank", [3, 3, 3], [0, 0, 0]),
    ("rank less", [0], [0]),
    ("distance_to_best", [-3, -1], [1, 1]),
    ("distance_to_best less", [0, 5], [1, 0]),
    ("goalposts 0 1", [-0.5, 0.5, 1.5], [0, 0.5, 1]),
    ("goalposts -1e1 .5", [-10, -4.75, None], [0, 0.5, None]),
    ("rank", [1, 5, 5, 9, None], [0, 1 / 3, 1 / 3, 1, None]),
    # Of the three others, those that have more.
    ("rank less", [1, 5, 5, 9, None], [1, 1 / 3, 1 / 3, 0, None]),
    ("z_score", [2, 6, None], [0.5 - 1 / 6, 0.5 + 1 / 6, None]),
    # Sums of their squares would have no digits left for the difference.
    ("z_score", [1e12, 1e12 + 1], [0.5 - 1 / 6, 0.5 + 1 / 6]),
    ("z_score", [1e8, 1e8 + 1, 1e8 + 2], [0.5 - 1.5**0.5 / 6, 0.5, 0.5 + 1.5**0.5 / 6]),
    ("z_score", [-5, -5, None], [0.5, 0.5, None]),
    ("z_score less", [2, 6, None], [0.5 + 1 / 6, 0.5 - 1 / 6, None]),
    ("distance_to_best", [8, 2, 0, None], [1, 0.25, 0, None]),
    ("distance_to_best less", [2, 8, None], [1, 0.25, None]),
    # All the best: none is behind.
    ("distance_to_best", [0, 0], [1, 1]),
]


def normalised(choice):
    """The formula `normalised` with a parameter, as SQL."""

    def refuse_value(name, value, known):
        raise ValueError(f"{name} is {value}; known: {known}")

    files = [
        MACROS / "numbers.sql",
        *sorted((MACROS / "formulas").glob("*.sql")),
        MACROS / "normalisation.sql",
    ]
    environment = jinja2.Environment()
    environment.globals |= {
        "execute": True,
        "modules": SimpleNamespace(re=re),
        "parameter_here": lambda name: choice,
        "refuse_value": refuse_value,
    }
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return environment.from_string(text).module.normalised("a")


@pytest.mark.parametrize(("choice", "values", "expected"), NORMALISATIONS)
def test_a_normalisation_gives_what_was_computed_by_hand(choice, values, expected):
    found = evaluate(normalised(choice), [{"a": value} for value in values])
    assert found == [None if rate is None else pytest.approx(rate, abs=1e-12) for rate in expected]


@pytest.mark.parametrize(
    "choice",
    [
        *("goalpost 1 2", "goalposts 1", "goalposts 5 5", "min_max more", "rank less less", ""),
        # What Jinja takes for 0.
        *("goalposts 6 l", "goalposts 20 O.5", "goalposts 100% 7", "goalposts nan 1"),
        *("goalposts 6 1 clipped", "goalposts less"),
    ],
)
def test_an_unknown_normalisation_is_refused(choice):
    with pytest.raises((ValueError, IndexError)):
        normalised(choice)
