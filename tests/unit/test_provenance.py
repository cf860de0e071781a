"""What changes a fingerprint, and what does not. The expected sets are written by hand."""

import copy
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import dbt_runner, provenance, registers
from dagster_project.analysis import fingerprint as analysis
from dagster_project.provenance import Provenance, _SqlText, _template
from dagster_project.publication.content import published_fingerprint
from dagster_project.settings import PROJECT, Settings
from tests import chile
from tests.chile import CHILE, EDITIONS, GROUPS, ITEMS, every

# The models above every indicator, and those of the next edition that compare with this one.
ABOVE = {"total"} | chile.TABLES | chile.STATISTICS
CHANGE = chile.NEXT - {"published"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    # The project's own raw/ without what somebody collected there.
    root = tmp_path_factory.mktemp("settings")
    for declared in (*PROJECT.glob("raw/*/*/source.yml"), *PROJECT.glob("raw/*/*/*.csv")):
        if declared.name in ("source.yml", "corrections.csv"):
            target = root / declared.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(declared, target)
    return Settings(raw=root / "raw", data=root / "data")


@pytest.fixture(scope="module")
def manifest(settings):
    return dbt_runner.manifest(settings)


@pytest.fixture
def changed(settings, manifest):
    """Which (model, edition) have another fingerprint after an edit of the manifest."""

    def fingerprints(content):
        known = Provenance(settings, CHILE, content)
        return {
            (node["name"].removeprefix("chile_egi__"), edition): known.model(model, edition).value
            for model, node in content["nodes"].items()
            if node["resource_type"] == "model" and node["name"].startswith("chile_egi__")
            for edition in EDITIONS
        }

    def compare(edit):
        before = fingerprints(manifest)
        edited = copy.deepcopy(manifest)
        edit(edited)
        after = fingerprints(edited)
        return {key for key in before if before[key] != after[key]}

    return compare


def edit_model(*edit):
    return lambda content: chile.edit_model(content, *edit)


def edit_macro(*edit):
    return lambda content: chile.edit_macro(content, *edit)


def test_an_indicator_changes_itself_and_what_lies_above_it(changed):
    found = changed(edit_model("news", "The website carries news", "News is there"))
    assert found == every({"news", "presence"} | ABOVE)


def test_a_formula_changes_exactly_its_users_and_what_lies_above_them(changed):
    assert changed(edit_macro("presence", "> 0", ">= 1")) == every(ITEMS | GROUPS | ABOVE)


def test_a_weight_changes_the_parent_and_what_lies_above_it(changed):
    found = changed(
        edit_model("information", "'transport', 'weight': 0.5", "'transport', 'weight': 0.4")
    )
    assert found == every({"information"} | ABOVE)


def test_a_weight_of_some_editions_changes_those_alone(changed):
    found = changed(edit_model("total", "'weight': 4,", "'weight': 4.5,"))
    assert found == every(ABOVE, ["2016"])
    found = changed(edit_model("total", "'weight': 5,", "'weight': 4.5,"))
    assert found == every(ABOVE, ["2019", "2021"])


def test_the_bounds_of_a_range_change_the_editions_that_they_move(changed):
    edit = edit_model("transaction", "'first_edition': '2019'", "'first_edition': '2020'")
    assert changed(edit) == every({"transaction"} | ABOVE, ["2019"])


def test_the_edition_before_counts_in_the_changes_of_the_next_and_nowhere_else(manifest, settings):
    # As if its files had been collected.
    raw = settings.data / "raw"
    shutil.copytree(settings.raw, raw)
    (raw / "chile_egi" / "2016" / "egi_2016.csv").touch()
    edited = copy.deepcopy(manifest)
    edit_model("total", "'weight': 4,", "'weight': 4.5,")(edited)
    before, after = (
        Provenance(replace(settings, raw=raw), CHILE, one) for one in (manifest, edited)
    )
    found = {
        (node["name"].removeprefix("chile_egi__"), edition)
        for model, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["name"].startswith("chile_egi__")
        for edition in EDITIONS
        if before.model(model, edition).value != after.model(model, edition).value
    }
    assert found == every(ABOVE, ["2016"]) | every(CHANGE, ["2019"])


@pytest.mark.parametrize(
    "edit",
    [
        edit_macro("presence", "Presence (有无)", "Present"),
        edit_macro("presence", "case when", "case   when"),
        edit_macro("presence", "> 0", ">0"),
        edit_macro("indicator", "with measured as (", "-- the points\nwith measured   as ("),
        edit_macro("indicator", "rated as (", "/* rates */ rated as ("),
        edit_model("news", "definition=", "   definition   ="),
        edit_model("news", "{{ indicator(", "-- news\n{{ indicator("),
        edit_model("websites", "-- What was read", "-- What someone read"),
    ],
)
def test_comments_and_white_space_change_nothing(changed, edit):
    assert changed(edit) == set()


def test_another_order_of_columns_changes_the_table_and_what_reads_it(changed):
    def edit(content):
        node = content["nodes"]["model.govindex.chile_egi__rankings"]
        node["columns"] = dict(reversed(node["columns"].items()))

    assert changed(edit) == every({"rankings"})


def test_a_parameter_changes_the_models_that_read_it(changed, monkeypatch):
    variables = copy.deepcopy(provenance._dbt_vars())

    def edit(_content):
        variables["chile_egi"]["tolerance"] = 0.5
        monkeypatch.setattr(provenance, "_dbt_vars", lambda: variables)

    assert changed(edit) == every({"reconciliation"})


def test_a_register_row_changes_the_editions_that_it_concerns(changed, monkeypatch):
    rows = list(registers.register("chile_egi__communes"))
    old = next(row for row in rows if row["last_edition"] == "2018")

    def edit(_content):
        edited = tuple({**row, "region_name": "X"} if row is old else row for row in rows)
        real = registers.register
        monkeypatch.setattr(
            registers,
            "register",
            lambda name: edited if name == "chile_egi__communes" else real(name),
        )

    found = changed(edit)
    assert {edition for _, edition in found} == {"2016"}
    assert ("regions", "2016") in found


def test_another_duckdb_changes_everything(changed, monkeypatch):
    found = changed(lambda _content: monkeypatch.setattr("duckdb.__version__", "3.0"))
    assert {edition for _, edition in found} == set(EDITIONS)
    assert {name for name, _ in found} >= ITEMS | GROUPS | ABOVE | {"websites", "point_values"}


def test_types_of_regions_follow_from_their_code_and_the_publication_from_them(
    settings, manifest, monkeypatch
):
    def fingerprints():
        today = Provenance(settings, CHILE, manifest)
        stored = Provenance(settings, CHILE, manifest, as_stored=True)
        return (
            analysis.region_types_fingerprint(today, manifest, "chile_egi", "2019").value,
            published_fingerprint(today, manifest, "chile_egi", "2019").value,
            published_fingerprint(stored, manifest, "chile_egi", "2019").value,
        )

    before = fingerprints()
    assert fingerprints() == before
    monkeypatch.setattr(provenance, "python_code", lambda module: f"changed {module}")
    after = fingerprints()
    assert all(one != other for one, other in zip(before, after, strict=True))
    monkeypatch.undo()
    monkeypatch.setattr(analysis, "version", lambda _name: "99")
    assert all(one != other for one, other in zip(before, fingerprints(), strict=True))


def test_the_code_version_sees_macros_and_weights(settings, manifest):
    edited = copy.deepcopy(manifest)
    edit_macro("presence", "> 0", ">= 1")(edited)
    edit_model("total", "'weight': 4,", "'weight': 4.5,")(edited)
    before, after = (Provenance(settings, CHILE, one) for one in (manifest, edited))
    differing = {
        name
        for name in ("forms", "presence", "total", "point_values")
        if before.code_version(f"model.govindex.chile_egi__{name}")
        != after.code_version(f"model.govindex.chile_egi__{name}")
    }
    assert differing == {"forms", "total"}


sql_pieces = st.lists(
    st.sampled_from(["select a", "'it''s -- no'", '"b c"', "from t", "1 / 2", "\n"])
)


@given(sql_pieces)
def test_comments_between_pieces_of_sql_change_nothing(pieces):
    plain = " ".join(pieces)
    commented = " /* it's */ ".join(pieces)
    lined = " -- don't \n ".join(pieces)
    essence = _SqlText().essence(plain)
    assert _SqlText().essence(commented) == essence
    assert _SqlText().essence(lined) == essence


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("select a from t", "select a {# note #} from t"),
        ("select a from t", "{# note #}\nselect a {#- note #} from {# more #} t {# end #}"),
        ("select a, {{ x }} from t", "select a, {{-   x   -}} from t"),
        ("select a {% if x %} b {% endif %}", "select a\n{%- if x -%}\n{# c #} b\n{%- endif %}\n"),
        ("{% set y = f(1, 2) %}select a", "{% set y = f(\n  1,\n  2,\n) %}\n\nselect a"),
        ("{% do g() %}{% do h() %}select a", "{% do g() %}\n{# c #}\n{% do h() %}\n select a"),
        ("select a from t", "select a -- {# one #} two\n from t"),
    ],
)
def test_comments_and_white_space_of_jinja_change_nothing(plain, other):
    assert _template(plain, "2019").code == _template(other, "2019").code


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("select {{ f('a b') }}", "select {{ f('a  b') }}"),
        ("select ab", "select a {# note #} b"),
        ("select a {{ x }}", "select {{ x }} a"),
        ("select a {% if x %} b {% endif %} c", "select a {% if x %} b c {% endif %}"),
    ],
)
def test_what_has_a_meaning_changes_the_code(plain, other):
    assert _template(plain, "2019").code != _template(other, "2019").code


def test_what_is_quoted_stays_as_it_is():
    assert _SqlText().essence("select '  -- a /* b */ ' , \"c  d\"") == (
        "select'  -- a /* b */ ',\"c  d\""
    )
    assert _template("select '  a'", "2019").code != _template("select ' a'", "2019").code
