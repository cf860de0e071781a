"""Published tables, read from a warehouse made by hand."""

import duckdb
import pandas as pd
import pytest

from dagster_project.publication import tables

# From the top; by their names high is before low and that before very high.
CUTS = pd.DataFrame(
    {
        "edition": "2022",
        "object_group": "all",
        "grade": ["low", "very high", "high"],
        "band": ["low", "very high", "high"],
        "lower": [0, 0.75, 0.5],
        "lower_printed": [0, 0.75, 0.5],
        "band_lower": [0, 0.75, 0.5],
        "band_highest": [0.4, 0.9, 0.6],
        "band_regions": [1, 2, 1],
        "chosen_by": [None, "fixed", "fixed"],
        "automatic_lower": None,
        "last_region_code": None,
        "last_region_name": None,
        "place": [3, 1, 2],
    }
)
TYPES = pd.DataFrame(
    {
        "object_group": "all",
        "rank": [1, 2, 3, 4],
        "region_code": ["A", "B", "C", "D"],
        "region_name": ["A", "B", "C", "D"],
        "score": [0.9, 0.8, 0.6, 0.4],
        "band": ["very high", "very high", "high", "low"],
        "kmeans_type": 1,
        "hierarchical_type": 1,
        "natural_break": [1, 1, 2, 3],
        "natural_break_lower": [0.8, 0.8, 0.6, 0.4],
        "edition": "2022",
    }
)


def published_cuts(analysed):
    with duckdb.connect() as warehouse:
        warehouse.register("given", CUTS)
        warehouse.execute("create table un_egdi__grade_cuts as select * from given")
        found = tables.published_tables(
            warehouse, "un_egdi", "2022", {"un_egdi__grade_cuts"}, {}, analysed
        )
    return found["grade_cuts"]


def test_bands_stand_from_the_top_each_beside_its_natural_class():
    cuts = published_cuts({"region_types": TYPES})
    assert cuts["band"].tolist() == ["very high", "high", "low"]
    assert cuts["natural_break_lower"].tolist() == pytest.approx([0.8, 0.6, 0.4])
    assert cuts["natural_break_regions"].tolist() == [2, 1, 1]


def test_without_types_of_regions_the_cuts_are_there():
    """As a preview reads them, which computes no types."""
    cuts = published_cuts({})
    assert cuts["lower"].tolist() == [0.75, 0.5, 0]
    assert cuts["natural_break_lower"].isna().all()
