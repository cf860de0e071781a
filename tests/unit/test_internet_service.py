"""The registers and the tree of 互联网服务能力, as the source documents have them."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project.frameworks import framework
from dagster_project.registers import register, rows_in_effect
from dagster_project.settings import DBT_PROJECT

INTERNET = framework("internet_service")
EDITIONS = ["2018", "2019", "2020", "2021", "2022"]
LEVEL_3 = DBT_PROJECT / "models" / "indicators" / "internet_service" / "level_3"
# Their rates depend on the other regions.
RELATIVE = {
    "min_max_volume": {"platform_application"},
    "percentile_volume": {"proactive_sensing"},
    "z_score": {"reply_responsiveness"},
}


def points_of(edition):
    return rows_in_effect("internet_service__points", "internet_service", edition)


def test_divisions_are_338_with_text_codes_and_sources():
    rows = register("divisions")
    assert len(rows) == len({row["region_code"] for row in rows}) == 338
    assert all(re.fullmatch(r"\d{6}", row["region_code"]) for row in rows)
    assert all(row["source"] and row["parent_region"] and row["economic_region"] for row in rows)


@pytest.mark.parametrize(
    ("edition", "regions", "capitals"),
    [("2018", 334, 32), ("2019", 334, 32), ("2020", 333, 32), ("2021", 337, 32), ("2022", 337, 32)],
)
def test_membership_of_each_edition(edition, regions, capitals):  # facts 57, 127, 230, 256, 260
    rows = rows_in_effect("divisions", "internet_service", edition)
    assert len(rows) == regions
    assert Counter(row["region_class"] for row in rows)["副省级/省会"] == capitals


def test_economic_regions_of_2019():  # fact 229
    rows = rows_in_effect("divisions", "internet_service", "2019")
    counted = Counter(row["economic_region"] for row in rows)
    assert counted == {"东部": 86, "中部": 82, "西部": 130, "东北": 36}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("成都市", "510100"),
        ("成都", "510100"),
        ("四川成都", "510100"),
        ("四川省成都市", "510100"),
        ("510100", "510100"),
        ("迪庆市", "533400"),  # fact 239
        ("迪庆州", "533400"),
        ("襄樊市", "420600"),
        ("红河哈尼族彝族自治州", "532500"),
        ("巴州", "652800"),
        ("昌都地区", "540300"),
    ],
)
def test_names_of_collectors_are_matched_through_aliases(name, code):
    assert INTERNET.names("2019")["region"][name] == code


@pytest.mark.parametrize("name", ["吉林", "海南", "某某市", "北京市", ""])
def test_a_name_that_is_unknown_or_may_mean_two_is_never_guessed(name):
    # 吉林 is a province too; 北京 was not assessed before 2021.
    assert name not in INTERNET.names("2019")["region"]


def test_a_region_that_left_is_known_in_its_editions_alone():
    assert INTERNET.names("2019")["region"]["莱芜"] == "371200"
    assert "莱芜" not in INTERNET.names("2020")["region"]


def test_points_of_2019_are_those_of_the_facts():  # facts 20 to 22
    counted = Counter(row["method"] for row in points_of("2019"))
    assert counted == {"technical": 186, "manual": 71}
    rows = register("internet_service__points")
    assert len({row["point_code"] for row in rows}) == len(rows)
    assert {row["channel"] for row in rows} == {"网", "微", "端", "搜索"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_technical_points_are_72_percent_of_all(edition):  # facts 20, 271
    methods = [point["method"] for point in points_of(edition)]
    assert methods.count("technical") / len(methods) == pytest.approx(0.72, abs=0.005)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_level_3_indicator_has_four_points_or_more(edition):
    counted = Counter(row["indicator_code"] for row in points_of(edition))
    assert len(counted) == 31
    assert min(counted.values()) >= 4


def test_editions_differ_as_the_source_says():  # facts 15, 16
    old, new = (
        {row["point_code"]: row for row in points_of(edition)} for edition in ("2018", "2019")
    )
    gone = [old[code] for code in old.keys() - new.keys()]
    assert len(gone) == 5
    assert all(row["source"] == "assumed; facts 15, 16" for row in gone)
    assert len(new.keys() - old.keys()) == 3


def test_what_the_facts_count_are_named_points():
    named = {
        row["source"]
        for row in register("internet_service__points")
        if row["provenance"] == "named"
    }
    assert named == {f"fact {n}" for n in (18, 19, 116, 117, 118, 122, 123, 124, 125)}
    rest = [r for r in register("internet_service__points") if r["provenance"] != "named"]
    assert {row["provenance"] for row in rest} == {"assumed"}


@pytest.mark.parametrize(
    ("edition", "published", "assumed"),
    [("2018", 1, 2), ("2019", 44, 0), ("2020", 1, 0), ("2021", 4, 0), ("2022", 1, 0)],
)
def test_where_names_and_weights_come_from(tmp_path, edition, published, assumed):
    """Facts 15, 16, 260, 261: the table of 2019, level 1 of 2021, and the total's name."""
    dbt = Path(sys.executable).with_name("dbt")
    arguments = ["--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT]
    arguments += ["--target-path", tmp_path / "target", "--log-path", tmp_path]
    arguments += ["--vars", f'{{"edition": "{edition}"}}']
    result = subprocess.run(
        [dbt, "--no-use-colors", "run", *arguments, "--select", "internet_service__indicator_tree"],
        env={**os.environ, "GOVINDEX_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute(
            "select provenance, level from internet_service__indicator_tree"
        ).fetchall()
    counted = Counter(provenance for provenance, _ in rows)
    rest = 44 - published - assumed
    expected = {"published": published, "assumed": assumed, "assumed, as in 2019": rest}
    assert counted == Counter(expected)
    if edition == "2021":
        assert {level for provenance, level in rows if provenance == "published"} == {0, 1}
    if edition == "2018":
        assert {level for provenance, level in rows if provenance == "assumed"} == {3}


def test_a_file_reads_as_the_definition_of_its_indicator():
    with (DBT_PROJECT / "seeds" / "internet_service__published_indicators.csv").open() as file:
        published = {row["level3_code"]: row["level3"] for row in csv.DictReader(file)}
    found = {path.stem.partition("__")[2]: path.read_text("utf-8") for path in LEVEL_3.glob("*")}
    assert found.keys() == published.keys()
    of_register = {}
    for row in register("internet_service__points"):
        of_register.setdefault(row["indicator_code"], set()).add(row["point_code"])
    for code, text in found.items():
        assert f"name='{published[code]}'" in text
        listed, formula = text.split("formula=")
        named = set(re.findall(r"'(\w+)'", listed.partition("points=")[2]))
        assert named == of_register[code]
        assert set(re.findall(r"'(\w+)'", formula)) == named


# Which argument of a formula rewards fewer; of checklists and volumes it is none.
FEWER = {
    **dict.fromkeys(("deduction", "inverse_goalposts", "promised_days"), 0),
    **dict.fromkeys(("freshness", "page_depth"), 0),
    **dict.fromkeys(("channel_consistency", "accuracy_share"), 1),
}


@pytest.mark.parametrize("code", ["internet_service", "digital_service"])
def test_the_register_says_fewer_is_better_of_the_points_that_formulas_reward_so(code):
    fewer, more = set(), set()
    for path in LEVEL_3.parents[1].glob(f"{code}/level_3/*.sql"):
        formula = path.read_text("utf-8").partition("formula=")[2]
        for name, arguments in re.findall(r"(\w+)\(([^()]*)\)", formula):
            points = re.findall(r"'(\w+)'", arguments)
            less = {points[FEWER[name]]} if name in FEWER else set()
            fewer |= less
            more |= set(points) - less
    rows = register(f"{code}__points")
    of_2018 = {row["point_code"] for row in rows} - fewer - more
    assert {row["better"] for row in rows} == {"fewer", "more"}
    listed = {row["point_code"] for row in rows if row["better"] == "fewer"}
    assert listed - of_2018 == fewer - more


def test_every_formula_is_used_and_the_relative_ones_are_those_listed():
    used = {}
    for path in LEVEL_3.glob("*.sql"):
        code = path.stem.partition("__")[2]
        for formula in re.findall(r"(\w+)\(", path.read_text("utf-8").partition("formula=")[2]):
            used.setdefault(formula, set()).add(code)
    formulas = {path.stem for path in (DBT_PROJECT / "macros" / "formulas").glob("*.sql")}
    # A printed rate is for frameworks whose components others made; the two others for those that
    # choose how to normalise.
    assert used.keys() == formulas - {"given_rate", "goalposts", "distance_to_best"}
    assert len(used) >= 20
    assert {name: used[name] for name in RELATIVE} == RELATIVE
    texts = {
        path.stem: path.read_text("utf-8")
        for path in (DBT_PROJECT / "macros" / "formulas").glob("*.sql")
    }
    relative = {name for name, text in texts.items() if "over (" in text}
    assert relative == {name for name, text in texts.items() if "\n        Relative " in text}
    assert relative & used.keys() == RELATIVE.keys()
    # Readers are told by the words in which the formula is published beside each indicator.
    told = yaml.safe_load((DBT_PROJECT / "macros/formulas/_formulas.yml").read_text("utf-8"))
    words = {macro["name"]: macro["config"]["meta"] for macro in told["macros"]}
    for name in formulas:
        if "zh" in words[name]:
            assert ("地区" in words[name]["zh"]) == (name in relative), name
            assert ("regions" in words[name]["en"]) == (name in relative), name
