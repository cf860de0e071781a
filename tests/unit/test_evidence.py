"""What a revision carries to be explained: formulas in words, corrections of readings."""

import re
import string

import duckdb
import pandas as pd
import pytest
import yaml

from dagster_project.frameworks import framework
from dagster_project.publication import evidence
from dagster_project.settings import DBT_PROJECT

FORMULAS = DBT_PROJECT / "macros" / "formulas"
# Without the one that the parameter `normalisation` makes one of the others.
WORDS = [
    one
    for one in yaml.safe_load((FORMULAS / "_formulas.yml").read_text(encoding="utf-8"))["macros"]
    if one["name"] != "normalised"
]


def macros() -> dict[str, list[str]]:
    """Arguments of every formula, from its file."""
    found = {}
    for path in FORMULAS.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        arguments = re.search(rf"macro {path.stem}\(([^)]*)\)", text)[1]
        found[path.stem] = [one.partition("=")[0].strip() for one in arguments.split(",")]
    return found


def test_every_formula_is_told_in_two_languages_with_all_its_arguments():
    known = macros()
    assert {one["name"] for one in WORDS} == known.keys()
    for one in WORDS:
        for language in evidence.LANGUAGES:
            parts = string.Formatter().parse(one["config"]["meta"][language])
            used = {name for _, name, _, _ in parts if name}
            used |= one["config"]["meta"].get("marks", {}).keys()
            assert used == set(known[one["name"]]), one["name"]


@pytest.fixture
def dbt_manifest():
    return {
        "macros": {
            f"macro.govindex.{one['name']}": {
                "macro_sql": (FORMULAS / f"{one['name']}.sql").read_text(encoding="utf-8"),
                "config": one["config"],
            }
            for one in WORDS
        },
        "nodes": {
            "model.govindex.internet_service__power_list": {
                "raw_code": """{{ indicator(name='x', points=['a', 'b', 'gone'], formula=gate(
                    'a', weighted_mean([
                        [0.7, checklist_share(['a', 'b', 'gone'])], [0.3, steps('b', [[1, 0.5]])]
                    ])
                )) }}""",
                "config": {"meta": {"model_kind": "indicator", "points": ["a", "b", "gone"]}},
            },
            "model.govindex.internet_service__total": {
                "raw_code": "",
                "config": {"meta": {"model_kind": "roll_up"}},
            },
        },
    }


def test_a_formula_is_told_with_the_names_of_its_points(dbt_manifest):
    tree = pd.DataFrame({"indicator_code": ["total", "power_list"]}).assign(
        aggregation="arithmetic", missing="rescale", rounding="none", normalisation=None
    )
    points = pd.DataFrame(
        {"point_code": ["a", "b"], "point_name": ["甲", "乙"], "point_name_en": ["A", "B"]}
    )
    rows = evidence.formulas(dbt_manifest, framework("internet_service"), tree, points)
    total, power_list = rows.to_dict("records")
    assert total["kind"] == "rescale"
    assert "rescaled" in total["words_en"]
    # The point `gone` is none of this edition.
    assert power_list == {
        "indicator_code": "power_list",
        "kind": "formula",
        "points": "a,b,gone",
        "words": "以“甲”为前提：加权平均（缺项按其余权重重新分配）：0.7 × [所列各项中找到的比例"
        "（甲、乙）]；0.3 × [乙 达到的最高一档：1 → 0.5，其下为 0]；否则为 0",
        "words_en": "only with A: weighted mean (missing parts rescaled): 0.7 × [share found of "
        "the list (A, B)]; 0.3 × [B, the highest step reached: 1 → 0.5, else 0]; else 0",
    }


def test_a_choice_that_is_not_taken_is_told(dbt_manifest):
    model = dbt_manifest["nodes"]["model.govindex.internet_service__power_list"]
    model["raw_code"] = "{{ indicator(points=['a'], formula=goalposts('a', 2, 8, clipped=false)) }}"
    tree = pd.DataFrame({"indicator_code": ["power_list"]}).assign(
        aggregation=None, missing=None, rounding="none", normalisation=None
    )
    points = pd.DataFrame({"point_code": ["a"], "point_name": ["甲"], "point_name_en": ["A"]})
    [row] = evidence.formulas(dbt_manifest, framework("internet_service"), tree, points).to_dict(
        "records"
    )
    assert row["words_en"] == "A: 0 at 2, 1 at 8, a line between (and beyond)"


def test_comments_in_a_formula_that_says_itself_are_not_told(dbt_manifest):
    model = dbt_manifest["nodes"]["model.govindex.internet_service__power_list"]
    model["raw_code"] = "{{ indicator(points=['a'], formula=presence('a') ~ ' - -0.5') }}"
    tree = pd.DataFrame({"indicator_code": ["power_list"]}).assign(
        aggregation=None, missing=None, rounding="none", normalisation=None
    )
    points = pd.DataFrame({"point_code": ["a"], "point_name": ["甲"], "point_name_en": ["A"]})
    told = []
    for formula in ("case when a end - -0.5", "case -- it's one\n  when a end /* x */ -  -0.5"):
        model["config"]["meta"]["formula"] = formula
        rows = evidence.formulas(dbt_manifest, framework("internet_service"), tree, points)
        told += list(rows["words"])
    assert told == ["case when a end- -0.5"] * 2


def test_a_correction_is_found_at_the_readings_that_it_concerns():
    with duckdb.connect() as warehouse:
        warehouse.execute(
            """
            create table f__readings as
            select
                '2019' as edition, 'r' as region_code, point_code, 'manual' as kind,
                'manual' as collected_in, 1 as round, 'a' as assessor, '1' as value,
                1.0 as number, 'observed' as status, true as counts, null as set_aside,
                null as evidence, null as note, null::timestamp as read_at, 'file' as raw_file,
                sheet, row, place_column
            from (values
                ('p', 's', 2, 'C'), ('q', 's', 2, 'D'), ('p', 't', 2, 'C'),
                ('forms', null, 4, 'forms'), ('news', null, 4, 'news')
            ) as rows (point_code, sheet, row, place_column)
            """
        )

        def corrected(column, sheet, row, cell):
            ruling = {"file": "file", "sheet": sheet, "row": row, "column": column, "cell": cell}
            found = evidence.readings(warehouse, "f", "2019", [{**ruling, "row": 99}, ruling])
            assert len(found) == 5
            return [
                (one["point_code"], one["sheet"])
                for one in found.to_pylist()
                if one["correction"] == "2"
            ]

        assert corrected("answer", "s", 2, "D") == [("q", "s")]
        # A cell of a point concerns that point; the region's code concerns the whole row.
        assert corrected("forms", None, 4, None) == [("forms", None)]
        assert corrected("region_code", None, 4, None) == [("forms", None), ("news", None)]
        assert corrected("answer", "s", 5, "C") == []
