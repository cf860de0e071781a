"""A framework made up as docs/new-framework.md tells it: six indicators in three levels with
goalposts, a geometric mean and rounding at each level; then a supplement of one province."""

import json
import math
import os
import shutil
import subprocess
import sys
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.proof.small import copy_project

CODE, EDITION = "water_service", "2024"
INDICATORS = """code,name,name_en,parent,weight,unit
total,供水服务指数,Water service index,,,
access,覆盖,Access,total,60,
quality,质量,Quality,total,40,
coverage,普及,Coverage,access,50,
affordability,可负担,Affordability,access,50,
safety,安全,Safety,quality,100,
piped_share,自来水普及率,Share with piped water,coverage,70,%
rural_share,农村普及率,Rural share,coverage,30,%
tariff,水价,Tariff,affordability,60,元/吨
connection_fee,接入费,Connection fee,affordability,40,元
tests_passed,检测合格率,Tests passed,safety,80,%
outages,停水次数,Outages,safety,20,次
"""
REGIONS = """region_code,region_name,parent_region
a1,甲市,东省
a2,乙市,东省
b1,丙市,西省
b2,丁市,西省
"""
COLLECTED = """城市,自来水普及率,农村普及率,水价,接入费,检测合格率,停水次数,备注
甲市,95,80,2.5,500,99.5,2,
乙市,80,55,3.1,800,97.25,8,
丙市,62.5,20,4.75,1500,90,15,
丁市,100,100,1.2,,100,0,
"""
METHOD = {
    "normalisation": {
        "piped_share": "goalposts 20 100",
        "rural_share": "goalposts 0 100",
        "tariff": "goalposts 6 1",
        "connection_fee": "goalposts 2000 0",
        "tests_passed": "goalposts 90 100",
        "outages": "goalposts 20 0",
    },
    "aggregation": {"total": "geometric", "default": "arithmetic"},
    "missing": "rescale",
    "rounding": {
        "level_3": "half_up 1 of 100",
        "level_2": "half_even 1 of 100",
        "level_1": "half_up 1 of 100",
        "level_0": "half_up 2 of 100",
    },
}
# By hand: each rate x 100 after its rounding. 甲市: piped (95 - 20) / 80 = 93.75 -> 93.8; coverage
# 0.7 x 93.8 + 0.3 x 80 = 89.66 -> 89.7; access (89.7 + 72) / 2 = 80.85 -> 80.9; total
# 80.9^0.6 x 94^0.4 = 85.912... 乙市: affordability 0.6 x 58 + 0.4 x 60 = 58.8; 丙市: piped 53.125
# -> 53.1; coverage 43.17 -> 43.2; access (43.2 + 25) / 2 = 34.1. 丁市 has no connection fee, so
# its tariff stands alone.
BY_HAND = {
    "a1": {
        **{"piped_share": "93.8", "rural_share": "80", "tariff": "70", "connection_fee": "75"},
        **{"tests_passed": "95", "outages": "90", "coverage": "89.7", "affordability": "72"},
        **{"safety": "94", "access": "80.9", "quality": "94", "total": "85.91"},
    },
    "a2": {
        **{"piped_share": "75", "rural_share": "55", "tariff": "58", "connection_fee": "60"},
        **{"tests_passed": "72.5", "outages": "60", "coverage": "69", "affordability": "58.8"},
        **{"safety": "70", "access": "63.9", "quality": "70", "total": "66.27"},
    },
    "b1": {
        **{"piped_share": "53.1", "rural_share": "20", "tariff": "25", "connection_fee": "25"},
        **{"tests_passed": "0", "outages": "25", "coverage": "43.2", "affordability": "25"},
        **{"safety": "5", "access": "34.1", "quality": "5", "total": "15.82"},
    },
    "b2": {
        **{"piped_share": "100", "rural_share": "100", "tariff": "96", "connection_fee": None},
        **{"tests_passed": "100", "outages": "100", "coverage": "100", "affordability": "96"},
        **{"safety": "100", "access": "98", "quality": "100", "total": "98.8"},
    },
}
SUPPLEMENT = f"{CODE}_east"
LOCAL = """code,name,parent,weight
total,东省补充,,
local_quality,本地质量,total,100
local_safety,本地安全,local_quality,100
taste,口感,local_safety,50
pressure,水压,local_safety,50
"""


def govindex(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVINDEX_")}
    command = [sys.executable, "-m", "dagster_project.cli", *arguments]
    return subprocess.run(command, cwd=root, env=kept, capture_output=True, text=True, check=False)


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "data" not in path.parts[-9:]
    }


def set_method(root: Path, code: str, **parameters: object) -> None:
    """Edits the block of a framework as a person would: other lines stay as they are."""
    path = root / "dbt_project" / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    start = text.index(f"\n  {code}:\n") + 1
    end = text.index("\nmodels:\n", start)
    block = yaml.safe_load(text[start:end])[code] | parameters
    shown = yaml.safe_dump({code: block}, allow_unicode=True, sort_keys=False)
    indented = "".join(f"  {line}\n" for line in shown.splitlines())
    path.write_text(text[:start] + indented + text[end:], encoding="utf-8")


def plan(root: Path) -> set[tuple[str, str]]:
    """Asset and cause of all that is stale by itself."""
    rows = json.loads(done(govindex(root, "plan", "--framework", CODE, "--json")))
    return {(row["asset"], row["cause"]) for row in rows if row["cause"] != "upstream"}


def table(root: Path, name: str, code: str = CODE) -> pd.DataFrame:
    path = root / "data" / "published" / code / EDITION / f"{name}.csv"
    return pd.read_csv(path, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A project with the made-up framework, and what was there before."""
    root = tmp_path_factory.mktemp("new")
    copy_project(root / "project")
    before = contents(root / "project")
    for name, text in (("indicators.csv", INDICATORS), ("regions.csv", REGIONS)):
        (root / name).write_text(text, encoding="utf-8")
    (root / "files").mkdir()
    (root / "files" / "water_2024.csv").write_text(COLLECTED, encoding="utf-8")
    arguments = ["--framework", CODE, "--name", "供水服务", "--name-en", "Water service"]
    arguments += ["--edition", EDITION, "--regions", "../regions.csv"]
    arguments += ["--indicators", "../indicators.csv", "--files", "../files"]
    done(govindex(root / "project", "new-framework", *arguments))
    set_method(root / "project", CODE, **METHOD)
    return root / "project", before


@pytest.fixture(scope="module")
def project(laid) -> Path:
    """The same, computed and published."""
    root, _ = laid
    assert "computed now" in done(govindex(root, "run", "--framework", CODE))
    return root


@pytest.fixture
def sandbox(project, tmp_path) -> Path:
    """A copy of the computed project that a test may change."""
    shutil.copytree(project, tmp_path / "project", symlinks=True)
    return tmp_path / "project"


def test_only_its_own_files_and_the_registers_are_touched(laid):
    root, before = laid
    after = contents(root)
    assert {name for name in before if after.get(name) != before[name]} == {
        "dbt_project/seeds/editions.csv",
        "dbt_project/dbt_project.yml",
    }
    assert all(CODE in name for name in after.keys() - before.keys())


def test_every_number_is_the_one_computed_by_hand(project):
    scores = table(project, "indicator_scores")
    found = {
        region: dict(zip(rows["indicator_code"], rows["score_rate"], strict=True))
        for region, rows in scores.groupby("region_code")
    }
    assert found.keys() == BY_HAND.keys()
    for region, rates in BY_HAND.items():
        assert found[region].keys() == rates.keys()
        for code, rate in rates.items():
            if rate is None:
                assert math.isnan(found[region][code])
            else:
                assert found[region][code] == float(Decimal(rate) / 100), (region, code)
    ranks = table(project, "rankings")
    assert ranks["region_code"].tolist() == ["b2", "a1", "a2", "b1"]
    assert ranks["score"].tolist() == [98.8, 85.91, 66.27, 15.82]


def test_the_numbers_by_hand_are_those_of_decimal_arithmetic():
    """The vectors themselves, a second time, apart from the platform."""

    def to(number: Decimal, digits: str, how: str) -> Decimal:
        return number.quantize(Decimal(digits), how)

    for rates in BY_HAND.values():
        one = {code: Decimal(rate) for code, rate in rates.items() if rate is not None}
        coverage = Decimal("0.7") * one["piped_share"] + Decimal("0.3") * one["rural_share"]
        assert to(coverage, "0.1", ROUND_HALF_EVEN) == one["coverage"]
        fee = one.get("connection_fee", one["tariff"])
        affordability = Decimal("0.6") * one["tariff"] + Decimal("0.4") * fee
        assert to(affordability, "0.1", ROUND_HALF_EVEN) == one["affordability"]
        access = (one["coverage"] + one["affordability"]) / 2
        assert to(access, "0.1", ROUND_HALF_UP) == one["access"]
        total = one["access"] ** Decimal("0.6") * one["quality"] ** Decimal("0.4")
        assert to(total, "0.01", ROUND_HALF_UP) == one["total"]


def test_every_number_closes_and_contributions_add_up(project):
    chosen = ["--framework", CODE, "--edition", EDITION]
    assert "48 scores and 24 points close" in done(govindex(project, "explain", *chosen, "--check"))
    told = json.loads(done(govindex(project, "explain", *chosen, "--region", "甲市", "--json")))
    node = told["node"]
    parts = [child["contribution"] for child in node["children"]]
    assert sum(child["effective_share"] for child in node["children"]) == pytest.approx(1)
    # A geometric mean, told by the arithmetic one that gives the same, before it is rounded.
    assert sum(parts) == pytest.approx(80.9**0.6 * 94**0.4, abs=1e-9)
    assert node["score"] == 85.91
    assert node["rounding"] == "half_up 2 of 100"


def test_every_number_closes_with_other_means_and_rules_too(sandbox):
    methods = {"piped_share": "z_score", "tariff": "rank less", "default": "min_max"}
    set_method(
        sandbox,
        CODE,
        aggregation={"coverage": "geometric", "default": "harmonic"},
        # Of affordability the tariff alone is 60 of 100.
        missing={"affordability": "share_needed 0.7", "default": "share_needed 0.5"},
        normalisation=methods,
        rounding={"level_1": "half_even 3", "default": "none"},
        ties="max",
    )
    done(govindex(sandbox, "run", "--framework", CODE))
    chosen = ["--framework", CODE, "--edition", EDITION]
    assert "48 scores and 24 points close" in done(govindex(sandbox, "explain", *chosen, "--check"))
    scores = table(sandbox, "indicator_scores").set_index(["region_code", "indicator_code"])
    assert math.isnan(scores.loc[("b2", "affordability"), "score"])
    # Half of the weights of access are there.
    coverage = scores.loc[("b2", "coverage"), "score_rate"]
    assert scores.loc[("b2", "access"), "score_rate"] == round(coverage, 3)
    # The worst of all has 0 somewhere, and a harmonic mean with it.
    assert scores.loc[("b1", "total"), "score"] == 0


def test_rates_beyond_the_posts_count_where_their_bounds_are_said(sandbox):
    beyond = METHOD["normalisation"] | {"tariff": "goalposts 4 1 unclipped"}
    set_method(sandbox, CODE, normalisation=beyond, rounding="none", aggregation="arithmetic")
    result = govindex(sandbox, "run", "--framework", CODE)
    assert result.returncode == 1
    assert "fail the test score_within_maximum" in result.stderr
    bounds = "score_within_maximum: {arguments: {lowest_rate: -0.25, highest_rate: 1}}"
    replaced(f"_{CODE}.yml", "score_within_maximum", bounds)(sandbox)
    done(govindex(sandbox, "run", "--framework", CODE))
    scores = table(sandbox, "indicator_scores").set_index(["region_code", "indicator_code"])
    # (4 - 4.75) / 3, with the connection fee at 0.25.
    assert scores.loc[("b1", "tariff"), "score_rate"] == -0.25
    assert scores.loc[("b1", "affordability"), "score_rate"] == pytest.approx(-0.05)
    chosen = ["--framework", CODE, "--edition", EDITION]
    assert "24 points close" in done(govindex(sandbox, "explain", *chosen, "--check"))
    # Of a rate below 0 there is no geometric mean.
    means = {"affordability": "geometric", "default": "arithmetic"}
    set_method(sandbox, CODE, aggregation=means)
    result = govindex(sandbox, "run", "--framework", CODE)
    assert result.returncode == 1
    assert "the rate of tariff is below 0, and of such there is no geometric mean" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_method_is_stated_in_the_tree_and_in_words(project):
    tree = table(project, "indicator_tree").set_index("indicator_code")
    columns = ["aggregation", "missing", "rounding", "ties"]
    assert tree.loc["total", columns].tolist() == [
        *("geometric", "rescale", "half_up 2 of 100", "min")
    ]
    assert tree.loc["coverage", "aggregation"] == "arithmetic"
    assert tree.loc["tariff", "normalisation"] == "goalposts 6 1"
    words = table(project, "formulas").set_index("indicator_code")
    assert words.loc["tariff", "words_en"].startswith("Tariff: 0 at 6, 1 at 1, a line between")
    assert "geometric" in words.loc["total", "words_en"]
    assert "四舍六入五成双到 1 位小数" in words.loc["coverage", "words"]


# What a change makes stale by itself: the readers of the parameter. The tree states all.
@pytest.mark.parametrize(
    ("parameters", "readers"),
    [
        (
            {"rounding": METHOD["rounding"] | {"level_2": "half_up 1 of 100"}},
            {"coverage", "affordability", "safety"},
        ),
        ({"normalisation": METHOD["normalisation"] | {"tariff": "goalposts 7 1"}}, {"tariff"}),
        ({"aggregation": {"total": "harmonic", "default": "arithmetic"}}, {"total"}),
        ({"missing": {"safety": "no_score", "default": "rescale"}}, {"safety"}),
        ({"ties": "dense"}, {"indicator_scores", "rankings"}),
    ],
)
def test_a_parameter_makes_exactly_its_readers_stale(sandbox, parameters, readers):
    set_method(sandbox, CODE, **parameters)
    assert plan(sandbox) == {(one, "parameter") for one in {*readers, "indicator_tree"}}


def test_a_parameter_that_nobody_reads_makes_nothing_stale(sandbox):
    set_method(sandbox, CODE, adjudication="evidence", minimum_band=7)
    assert plan(sandbox) == set()


def test_a_preview_assumes_another_method_and_touches_nothing(sandbox):
    before = contents(sandbox / "data" / "published")
    chosen = ["preview", "--framework", CODE, "--edition", EDITION, "--json"]
    assumed = ["--set", "rounding.total=half_up 0 of 100", "--set", "aggregation=harmonic"]
    [found] = json.loads(done(govindex(sandbox, *chosen, *assumed)))
    after = {one["region_code"]: one["after"]["score"] for one in found["regions"]}
    # Harmonic at each level, with each level's rounding: 甲市 has coverage 1 / (0.7 / 93.8 +
    # 0.3 / 80) = 89.2, affordability 71.9, access 79.6, quality 94 and 1 / (0.6 / 79.6 +
    # 0.4 / 94) = 84.8.
    assert after["a1"] == 85
    assert contents(sandbox / "data" / "published") == before
    assert plan(sandbox) == set()
    result = govindex(sandbox, *chosen, "--set", "aggregation=median")
    assert result.returncode == 1
    assert "is median; known: arithmetic, geometric, harmonic" in result.stderr
    result = govindex(sandbox, *chosen, "--set", "rounding.level_9=none")
    assert "has no indicator or level level_9" in result.stderr


def test_printed_figures_stand_beside_the_computed_ones(sandbox):
    """As the guide says: two columns, a tolerance, a model of one line."""
    # That of 乙市 is not the computed 66.27.
    printed = {"丁市": "98.8,1", "甲市": "85.91,2", "乙市": "66.3,3", "丙市": "15.82,4"}
    path = sandbox / "raw" / CODE / EDITION / "water_2024.csv"
    heading, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{row},{printed[row.partition(',')[0]]}" for row in rows]
    path.write_text("\n".join([f"{heading},指数,名次", *lines]) + "\n", encoding="utf-8")
    chosen = ["--framework", CODE, "--edition", EDITION]
    done(govindex(sandbox, "fetch", *chosen, "--record"))
    declared = sandbox / "dagster_project" / "frameworks" / f"{CODE}.yaml"
    content = yaml.safe_load(declared.read_text(encoding="utf-8"))
    content["tables"]["collected"]["columns"] |= {
        "printed_index": {"in_file": "指数", "type": "number"},
        "printed_rank": {"in_file": "名次", "type": "number"},
    }
    declared.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    last = "'outages': 'double',"
    more = f"{last}\n    'printed_index': 'double',\n    'printed_rank': 'double',"
    replaced(f"{CODE}__collected.sql", last, more)(sandbox)
    model = sandbox / "dbt_project" / "models" / "scores" / CODE / f"{CODE}__reconciliation.sql"
    call = "reconciliation_with_print('collected', 'printed_index', 'printed_rank')"
    model.write_text(f"{{{{ {call} }}}}\n", encoding="utf-8")
    set_method(sandbox, CODE, tolerance=0.006)
    result = govindex(sandbox, "run", "--framework", CODE, "--reason", "the printed figures")
    assert "3 of 4 index, 4 of 4 rank" in done(result)
    rows = table(sandbox, "reconciliation").set_index("fact")
    assert rows.loc["index a2", "verdict"] == "differs"
    assert (rows["verdict"] == "agrees").sum() == 7
    assert rows["explanation"].isna().all()


def test_a_supplement_is_published_by_itself_and_moves_no_national_number(sandbox):  # fact 199
    (sandbox.parent / "local.csv").write_text(LOCAL, encoding="utf-8")
    (sandbox.parent / "local").mkdir()
    text = "region,taste,pressure\n甲市,3,0.3\n乙市,5,0.2\n"
    (sandbox.parent / "local" / "east.csv").write_text(text, encoding="utf-8")
    arguments = ["new-framework", "--framework", SUPPLEMENT, "--name", "东省补充"]
    arguments += ["--name-en", "Supplement of the East", "--edition", EDITION]
    arguments += ["--supplement-to", CODE, "--parent-region", "东省"]
    arguments += ["--indicators", "../local.csv", "--files", "../local"]
    done(govindex(sandbox, *arguments))
    national = contents(sandbox / "data" / "revisions" / CODE)
    # Without options: what has files and is missing or stale, and nothing else.
    told = done(govindex(sandbox, "run", "--json"))
    assert [(row["framework"], row["computed"]) for row in json.loads(told)] == [
        (CODE, False),
        (SUPPLEMENT, True),
    ]
    assert contents(sandbox / "data" / "revisions" / CODE) == national
    local = table(sandbox, "indicator_scores", SUPPLEMENT)
    assert set(local["region_code"]) == {"a1", "a2"}
    assert set(local.loc[local["level"] == 3, "indicator_code"]) == {"taste", "pressure"}
    totals = local[local["indicator_code"] == "total"].set_index("region_code")
    assert totals["score"].to_dict() == {"a1": 50, "a2": 50}
    manifest = sandbox / "data" / "published" / SUPPLEMENT / EDITION / "manifest.json"
    about = json.loads(manifest.read_text(encoding="utf-8"))
    assert (about["supplement_to"], about["parent_region"]) == (CODE, "东省")
    chosen = ["--framework", SUPPLEMENT, "--edition", EDITION]
    said = done(govindex(sandbox, "explain", *chosen, "--check"))
    assert "2 regions: 10 scores and 4 points close" in said
    # A change of the supplement touches the supplement alone.
    set_method(sandbox, SUPPLEMENT, normalisation={"taste": "goalposts 0 5", "default": "rank"})
    rows = json.loads(done(govindex(sandbox, "plan", "--json")))
    assert {row["framework"] for row in rows} == {SUPPLEMENT}
    again = json.loads(done(govindex(sandbox, "run", "--json")))
    assert [row["computed"] for row in again] == [False, True]
    assert contents(sandbox / "data" / "revisions" / CODE) == national
    # And once all is up to date, nothing is computed.
    again = json.loads(done(govindex(sandbox, "run", "--json")))
    assert [row["computed"] for row in again] == [False, False]


def only(root: Path, name: str) -> Path:
    """The file of a name in the project, not what was computed of it."""
    [path] = (path for path in root.rglob(name) if path.relative_to(root).parts[0] != "data")
    return path


def without(name: str):
    def spoil(root: Path) -> None:
        only(root, name).unlink()

    return spoil


def replaced(name: str, before: str, after: str):
    def spoil(root: Path) -> None:
        path = only(root, name)
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            without(f"{CODE}__readings.sql"),
            f"dbt_project/models/points/{CODE}/{CODE}__readings.sql: there is no such model; "
            "docs/new-framework.md lists what a framework needs",
        ),
        (
            without("collected.json"),
            f"expectations/{CODE}/collected.json: there is no such suite",
        ),
        (
            replaced(f"{CODE}__tariff.sql", "['tariff']", "['tarif']"),
            f"{CODE}__tariff.sql: the point tarif is not in dbt_project/seeds/{CODE}__points.csv",
        ),
        (
            replaced(f"{CODE}__tariff.sql", "normalised(", "normalized("),
            "'normalized' is undefined",
        ),
        (
            replaced(f"{CODE}__total.sql", "'access'", "'acces'"),
            f"depends on a node named '{CODE}__acces' which was not found",
        ),
        (
            replaced(f"{CODE}__total.sql", "'weight': 60", "'weight': 55"),
            f"{CODE}__indicator_tree has 2 rows that fail the test weights_match_maximum",
        ),
        (
            replaced("dbt_project.yml", "\n  water_service:\n", "\n  water_servise:\n"),
            f"dbt_project.yml: vars has no block {CODE}",
        ),
        (
            replaced("dbt_project.yml", "goalposts 6 1", "goalpost 6 1"),
            f"vars.{CODE}.normalisation is goalpost 6 1; known: goalposts with two values",
        ),
        (
            replaced("dbt_project.yml", "half_up 2 of 100", "half_up two"),
            f"vars.{CODE}.rounding is half_up two; known: none, half_up or half_even",
        ),
        (
            replaced(f"{CODE}.yaml", "owners:", "owner:"),
            f"dagster_project/frameworks/{CODE}.yaml: `owners` is missing (and 1 more)",
        ),
        (
            replaced("editions.csv", f"{CODE},{EDITION}", f"{CODE},2023"),
            f"raw/{CODE}/2024: 2024 is no edition of {CODE}; known: 2023",
        ),
        (
            replaced("water_2024.csv", "甲市", "甲县"),
            "--record",
        ),
    ],
)
def test_a_newcomers_mistake_is_one_sentence(sandbox, spoil, sentence):
    spoil(sandbox)
    result = govindex(sandbox, "run", "--framework", CODE)
    assert result.returncode == 1
    assert sentence in result.stderr
    said = [line for line in result.stderr.splitlines() if line.startswith("govindex: ")]
    assert len(said) <= 2
    assert "Traceback" not in result.stderr
    assert "in macro" not in result.stderr


def test_nothing_is_overwritten(sandbox):
    before = contents(sandbox)
    names = ["--name", "x", "--name-en", "x", "--edition", EDITION, "--register", "divisions"]
    result = govindex(sandbox, "new-framework", "--framework", CODE, *names)
    assert "there is a framework of that code already" in result.stderr
    (sandbox / "expectations" / "fire_service").mkdir()
    (sandbox / "expectations" / "fire_service" / "collected.json").write_text("{}")
    result = govindex(sandbox, "new-framework", "--framework", "fire_service", *names)
    assert result.returncode == 1
    assert "expectations/fire_service/collected.json: is there already" in result.stderr
    after = contents(sandbox)
    assert after.keys() - before.keys() == {"expectations/fire_service/collected.json"}
    assert all(after[name] == value for name, value in before.items())
