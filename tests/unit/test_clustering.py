"""Types of regions on made-up profiles: what is plainly there is found, always the same."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.analysis import clustering
from tests.statistics import fisher


def three_kinds(seed=3, each=20):
    draw = np.random.default_rng(seed)
    centres = np.array([[0.2, 0.2, 0.8], [0.9, 0.9, 0.9], [0.5, 0.1, 0.1]])
    profiles = np.concatenate([c + draw.normal(0, 0.03, (each, 3)) for c in centres])
    kinds = np.repeat([0, 1, 2], each)
    return profiles, kinds


def test_three_kinds_are_found_and_the_best_is_the_first():
    profiles, kinds = three_kinds()
    found = clustering.clusterings(profiles, profiles.sum(axis=1))
    for method in ("kmeans", "hierarchical"):
        assert found[method].chosen == 3
        assert found[method].silhouettes.keys() == set(range(2, 9))
        # Mean totals: 2.7 of kind 1, 1.2 of kind 0, 0.7 of kind 2.
        assert (found[method].labels == np.array([2, 1, 3])[kinds]).all()


def test_the_order_of_regions_changes_no_type():
    profiles, _ = three_kinds()
    order = np.random.default_rng(1).permutation(len(profiles))
    one = clustering.clusterings(profiles, profiles.sum(axis=1))
    other = clustering.clusterings(profiles[order], profiles[order].sum(axis=1))
    for method in one:
        assert (one[method].labels[order] == other[method].labels).all()


def test_silhouette_by_hand():
    # On a line at 0, 1 and 5: of the first (5 - 1) / 5, of the second (4 - 1) / 4, alone 0.
    places = np.array([0.0, 1.0, 5.0])
    distances = np.abs(places[:, None] - places[None, :])
    found = clustering.silhouette(distances, np.array([7, 7, 2]))
    assert found == pytest.approx((0.8 + 0.75 + 0) / 3)


def test_the_fewest_of_equally_good_clusters_are_chosen():
    assert clustering.best_number({2: 0.5, 3: 0.7, 4: 0.7}) == 3


@pytest.mark.parametrize("profiles", [np.ones((5, 3)), np.array([[0.0], [1.0], [1.0]])])
def test_profiles_without_differences_have_no_types(profiles):
    assert clustering.clusterings(profiles, profiles.sum(axis=1)) == {}


def test_natural_breaks_by_hand():
    totals = np.array([1.0, 2, 3, 20, 21, 22, 50])
    bounds, fit = clustering.natural_breaks(totals, 3)
    assert bounds.tolist() == [50, 20, 1]
    assert fit == pytest.approx(1 - 4 / ((totals - totals.mean()) ** 2).sum(), abs=1e-11)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=9), st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all_divisions(totals, classes):
    values = np.array(totals, dtype=float)
    bounds, fit = clustering.natural_breaks(values, classes)
    assert len(bounds) == min(classes, len(set(totals)))
    squares = ((values - values.mean()) ** 2).sum()
    if squares:
        assert (1 - fit) * squares == pytest.approx(fisher(totals, len(bounds)), abs=1e-6)
    place = (values[:, None] >= bounds[None, :]).argmax(axis=1)
    assert len(set(place)) == len(bounds)


def test_a_region_without_a_whole_profile_has_no_type_and_the_level_is_above_the_deepest():
    codes = [f"{place:02}" for place in range(12)]
    draw = np.random.default_rng(0)
    rows = [
        {
            "object_group": "all",
            "region_code": code,
            "indicator_code": name,
            "level": level,
            "score_rate": rate + draw.normal(0, 0.01),
        }
        for place, code in enumerate(codes)
        for name, level, rate in [
            ("total", 0, 0.5),
            ("one", 1, 0.9 if place < 6 else 0.1),
            ("other", 1, 0.5),
            ("deep", 2, draw.random()),
        ]
    ]
    scores = pd.DataFrame(rows)
    scores.loc[
        (scores["region_code"] == "03") & (scores["indicator_code"] == "one"), "score_rate"
    ] = None
    ranks = pd.DataFrame(
        {
            "object_group": "all",
            "region_code": codes,
            "region_name": codes,
            "score": [90.0 - place for place in range(11)] + [None],
            "rank": [*range(1, 12), None],
            "band": ["A"] * 5 + ["B"] * 6 + [None],
        }
    )
    types, quality = clustering.region_types(scores, ranks)
    types = types.set_index("region_code")
    assert types.loc[["03", "11"], ["kmeans_type", "hierarchical_type"]].isna().all(axis=None)
    assert types.loc["03", "natural_break"] == 1
    assert pd.isna(types.loc["11", "natural_break"])
    typed = types.drop(index=["03", "11"])
    assert (typed["kmeans_type"] == [1] * 5 + [2] * 5).all()
    assert (typed["hierarchical_type"] == typed["kmeans_type"]).all()
    chosen = quality[quality["chosen"]].set_index("method")["clusters"]
    assert chosen.to_dict() == {"kmeans": 2, "hierarchical": 2, "natural_breaks": 2}
