"""Tables that the UI shows: what was not measured is blank, and markup stays text."""

import pandas as pd

from dagster_project.collection.assets import markdown_table


def test_missing_values_of_every_kind_are_blank():
    frame = pd.DataFrame({"rank": pd.array([1, None], "Int64"), "score": [0.5, float("nan")]})
    rows = [*frame.astype(object).values.tolist(), [None, "a | b"]]
    assert markdown_table(["rank", "score"], rows).splitlines()[2:] == [
        "| 1 | 0.5 |",
        "|  |  |",
        "|  | a \\| b |",
    ]
