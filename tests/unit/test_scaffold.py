"""The table of indicators of a new framework: what makes a tree, and what does not."""

import shutil

import pytest
import yaml
from jinja2 import Environment

from dagster_project import scaffold
from dagster_project.collection import gate
from dagster_project.errors import GovIndexError
from dagster_project.settings import Settings

HEADING = "code,name,parent,weight\n"
TREE = HEADING + "b2,乙,area,25\ntotal,总分,,\nb1,甲,area,75\narea,项,total,100\n"


def read(tmp_path, text):
    path = tmp_path / "indicators.csv"
    path.write_text(text, encoding="utf-8-sig")
    return scaffold.read_indicators(path)


def test_a_table_in_any_order_is_a_tree_with_levels(tmp_path):
    found = [(one.code, one.level, one.weight) for one in read(tmp_path, TREE)]
    assert found == [("total", 0, None), ("area", 1, 100), ("b2", 2, 25), ("b1", 2, 75)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,name,weight\ntotal,a,\n", "row 1: has no column parent; the columns are code"),
        (HEADING, "has no row below its heading"),
        (HEADING + "a,甲,total,100\n", "row 2: there is no indicator total, its parent"),
        (HEADING + "total,总分,,\nA b,甲,total,100\n", "row 3: 'A b' is no code"),
        (HEADING + "total,总分,,\na__b,甲,total,100\n", "row 3: 'a__b' is no code"),
        (TREE + "b1,丙,area,1\n", "row 4: the code b1 stands there twice"),
        (HEADING + "total,总分,,\na,甲,,100\n", "row 3: the total alone has no parent"),
        (HEADING + "total,总分,a,\na,甲,total,100\n", "row 2: the total alone has no parent"),
        (TREE.replace("75", "70"), "the weights below area add up to 95; they have to"),
        (TREE.replace("75", "x"), "row 4: the weight 'x' is no number"),
        (TREE.replace("75", "0"), "row 4: the weight 0 has to be above 0"),
        (
            HEADING + "total,总分,,\na,甲,b,100\nb,乙,a,100\n",
            "row 3: a is above itself",
        ),
        (HEADING + "total,总分,,\nselect,甲,total,100\n", "row 3: select cannot be a code"),
        (HEADING + "total,总分,,\nedition,甲,total,100\n", "row 3: edition cannot be a code"),
        (HEADING + "total,总分,,\na,,total,100\n", "row 3: a has no name"),
        (HEADING + "total,a, b,,\n", "row 2: has not as many cells as the heading"),
    ],
)
def test_what_is_no_tree_is_said(tmp_path, text, sentence):
    with pytest.raises(GovIndexError) as error:
        read(tmp_path, text)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "Water"}, "a code has small letters"),
        ({"code": "un_egdi"}, "there is a framework of that code already"),
        ({"edition": "24"}, "an edition is a year, like 2024"),
        ({"register": None}, "say who is assessed"),
        ({"register": "editions"}, "is no register of regions, because it has no column"),
        ({"parent_region": "四川省"}, "belongs to a supplement"),
        (
            {"supplement_to": "internet_service", "parent_region": "四川", "register": None},
            "divisions has no region of it in 2019; known: ",
        ),
        ({"supplement_to": "internet_service"}, "leave --regions and --register out"),
        ({"files": "."}, "holds no collected file (.csv)"),
    ],
)
def test_what_cannot_be_laid_is_said_before_anything_is_written(tmp_path, changed, sentence):
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    given = {"code": "water", "name": "水", "name_en": "Water", "edition": "2019"}
    given |= {"register": "divisions"} | changed
    if "files" in given:
        given["files"] = tmp_path
    with pytest.raises(GovIndexError) as error:
        scaffold.new_framework(settings, scaffold.Wanted(**given))
    assert sentence in str(error.value)
    assert not (tmp_path / "raw").exists()


@pytest.fixture
def own_project(tmp_path, monkeypatch):
    """Folders of a project of its own, into which files are laid."""
    dbt = tmp_path / "dbt_project"
    shutil.copytree(scaffold.SEEDS, dbt / "seeds")
    shutil.copy(scaffold.DBT_PROJECT / "dbt_project.yml", dbt)
    (tmp_path / "frameworks").mkdir()
    monkeypatch.setattr(scaffold, "PROJECT", tmp_path)
    monkeypatch.setattr(scaffold, "DBT_PROJECT", dbt)
    monkeypatch.setattr(scaffold, "SEEDS", dbt / "seeds")
    monkeypatch.setattr(scaffold, "FOLDER", tmp_path / "frameworks")
    monkeypatch.setattr(scaffold, "EXPECTATIONS", tmp_path / "expectations")
    return tmp_path


def lay(project, files, tree=TREE):
    """Lays a framework with the indicators b1 (甲) and b2 (乙) and these collected files."""
    (project / "indicators.csv").write_text(tree, encoding="utf-8")
    (project / "files").mkdir()
    for name, content in files.items():
        (project / "files" / name).write_bytes(content)
    return scaffold.new_framework(
        Settings(raw=project / "raw", data=project / "data"),
        scaffold.Wanted(
            **{"code": "water", "name": "水", "name_en": "Water", "edition": "2019"},
            register="divisions",
            indicators=project / "indicators.csv",
            files=project / "files",
        ),
    )


def test_files_with_other_headings_are_read_by_names_of_their_own(own_project):
    east, west = "城市,甲,乙,备注\n成都,1,2,\n", "city,b2,b1\n绵阳,3,4\n"
    lay(own_project, {"1.csv": east.encode("gb18030"), "2.csv": west.encode()})
    declared = yaml.safe_load((own_project / "frameworks" / "water.yaml").read_text("utf-8"))
    assert declared["tables"]["collected"]["columns"] == {
        "region_code": {"in_file": "城市", "type": "region"},
        "b2": {"in_file": "乙", "type": "number"},
        "b1": {"in_file": "甲", "type": "number"},
    }
    source = yaml.safe_load((own_project / "raw/water/2019/source.yml").read_text("utf-8"))
    assert "columns" not in source["files"]["1.csv"]
    assert source["files"]["2.csv"]["columns"] == {"region_code": "city", "b1": "b1", "b2": "b2"}
    # Of the regions of the register two have a row.
    line = (own_project / "dbt_project/seeds/editions.csv").read_text("utf-8").splitlines()[-1]
    assert line == "water,2019,334,2,1,,,,to be named"


def test_a_file_without_a_column_of_an_indicator_is_named(own_project):
    before = set(own_project.rglob("*"))
    files = {"1.csv": b"city,b1,b2\nx,1,2\n", "2.csv": b"city,b1,b3\ny,3,4\n"}
    with pytest.raises(GovIndexError) as error:
        lay(own_project, files)
    assert "2.csv, row 1: no column has the code or the name of b2 (乙)" in str(error.value)
    laid = {path.name for path in set(own_project.rglob("*")) - before}
    assert laid == {"indicators.csv", "files", "1.csv", "2.csv"}


def test_no_laid_line_is_longer_than_the_linters_allow(own_project):
    definition = "It's looked for where people look first, and counted as found. " * 5
    rows = [line.split(",", 4) for line in TREE.splitlines()]
    tree = "\n".join(
        ",".join([*row, "definition" if not place else f'"{definition}"'])
        for place, row in enumerate(rows)
    )
    found = lay(own_project, {"1.csv": b"city,b1,b2\nx,1,2\n"}, tree)
    leaf = own_project / "dbt_project/models/indicators/water/level_2/water__b1.sql"
    said = Environment().from_string(leaf.read_text("utf-8"))
    given = {}
    said.render(indicator=lambda **told: given.update(told), normalised=str)
    assert given["definition"] == definition.strip()
    for name in found.files:
        if name.endswith(".sql"):
            lines = (own_project / name).read_text("utf-8").splitlines()
            assert max(map(len, lines)) <= 100, name
    points = own_project / "dbt_project/models/points/water/water__point_values.sql"
    # One line a point: the number of points does not make it longer.
    assert points.read_text("utf-8").splitlines()[1:3] == ["    'b2',", "    'b1',"]


def test_a_suite_that_is_like_another_has_its_expectations_first():
    shared = gate._read_suite("one_row_a_region.json")
    suite = gate.load_suite("un_egdi", "components")
    count = len(shared["expectations"])
    assert suite["expectations"][:count] == shared["expectations"]
    assert len(suite["expectations"]) == count
    assert suite["tolerance"] == shared["tolerance"]
    assert suite["name"] == "un_egdi.components"
