import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import consistency, dbt_runner, registers
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework, framework_codes
from dagster_project.registers import edition_of, editions, in_effect, register, select_editions
from dagster_project.settings import PROJECT, Settings
from tests.proof.small import copy_project, govindex

years = st.integers(2000, 2030).map(str)


@given(years, years, years)
def test_a_range_of_editions_holds_both_its_ends_and_what_is_between(first, last, edition):
    entry = {"first_edition": first, "last_edition": last}
    assert in_effect(entry, edition) == (first <= edition <= last)
    assert in_effect({"first_edition": first}, edition) == (first <= edition)
    assert in_effect({"last_edition": last}, edition) == (edition <= last)


def test_an_entry_without_a_range_or_with_blanks_counts_always():
    assert in_effect({}, "2019")
    assert in_effect({"first_edition": "", "last_edition": None}, "2019")


def test_an_entry_of_another_framework_or_edition_does_not_count():
    assert in_effect({"framework": "chile_egi", "edition": "2019"}, "2019", "chile_egi")
    assert not in_effect({"framework": "un_egdi", "edition": "2019"}, "2019", "chile_egi")
    assert not in_effect({"framework": "chile_egi", "edition": "2018"}, "2019", "chile_egi")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["2019"], ["2019"]),
        (["2021", "2016"], ["2016", "2021"]),
        (["2016,2021"], ["2016", "2021"]),
        (["2016:2019"], ["2016", "2019"]),
        (["2017:"], ["2019", "2021"]),
        ([":"], ["2016", "2019", "2021"]),
    ],
)
def test_editions_are_selected(wanted, chosen):
    assert select_editions("chile_egi", wanted) == chosen


@pytest.mark.parametrize("wanted", ["2020", "2022:2025", "x", ""])
def test_an_edition_that_does_not_exist_is_named(wanted):
    with pytest.raises(GovIndexError, match=r"chile_egi has no edition .*known: 2016, 2019, 2021"):
        select_editions("chile_egi", [wanted])


@pytest.mark.parametrize("code", ["internet_service", "digital_service"])
def test_what_is_looked_for_at_every_point_is_said_in_english(code):
    for row in register(f"{code}__points"):
        said = row["looked_for_en"]
        assert said == said.strip() != "", row["point_code"]
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", said), row["point_code"]
        # Samples are of the same sizes.
        sizes = [re.findall(r"\d{2,}", row[name]) for name in ("looked_for", "looked_for_en")]
        assert sorted(sizes[0]) == sorted(sizes[1]), row["point_code"]


@pytest.mark.parametrize("code", framework_codes())
def test_the_register_of_regions_has_as_many_as_each_edition_expects(code):
    for line in editions(code):
        codes = framework(code).region_codes(line.edition)
        assert len(codes) == len(set(codes)) == line.expected_regions


def test_communes_whose_code_changed_name_their_predecessor():
    rows = {row["region_code"]: row for row in register("chile_egi__communes")}
    new = [row for row in rows.values() if row["predecessor"]]
    assert len(new) == 21  # the communes of Ñuble, a region of its own since 2018
    for row in new:
        old = rows[row["predecessor"]]
        assert (old["region_name"], old["last_edition"]) == (row["region_name"], "2018")
        assert row["first_edition"] == "2019"


def test_unknown_registers_and_frameworks_are_named():
    with pytest.raises(GovIndexError, match="there is no such register"):
        register("nothing")
    with pytest.raises(GovIndexError, match="there is no framework nothing; known: chile_egi"):
        framework("nothing")
    with pytest.raises(GovIndexError, match="has no edition 1999"):
        edition_of("chile_egi", "1999")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n1\n", r"seeds/nonsense\.csv, row 3: has 1 cells; expected 2"),
        (b"a,b\n1,2,3\n", r"seeds/nonsense\.csv, row 2: has 3 cells; expected 2"),
        (b'a,b\n1,"2\n', r"seeds/nonsense\.csv: cannot be read"),
        (
            b"a,b\n\xfe\xff,2\n",
            r"seeds/nonsense\.csv: cannot be read .* in UTF-8",
        ),
        (b"a,c\n1,2\n", r"seeds/nonsense\.csv, line 1: the columns are a, c; expected a, b"),
        (b"", r"seeds/nonsense\.csv, line 1: the columns are not named; expected a, b"),
    ],
)
def test_a_register_edited_into_nonsense_is_said(tmp_path, monkeypatch, content, sentence):
    lay(tmp_path, monkeypatch, "nonsense", content, {"a": "varchar", "b": "varchar"})
    with pytest.raises(GovIndexError, match=sentence):
        registers.register.__wrapped__("nonsense")


@pytest.fixture(autouse=True)
def forgotten():
    """What a test had read of its own registers."""
    yield
    for known in (registers._columns, registers._declared, registers.editions):
        known.cache_clear()


def lay(folder, monkeypatch, name, content, types):
    """A register in a folder of its own."""
    seeds = {"seeds": [{"name": name, "config": {"column_types": types}}]}
    (folder / "_seeds.yml").write_text(yaml.safe_dump(seeds, sort_keys=False))
    (folder / f"{name}.csv").write_bytes(content)
    monkeypatch.setattr(registers, "SEEDS", folder)
    registers._columns.cache_clear()
    registers._declared.cache_clear()


def edited(tmp_path, monkeypatch, name, edit):
    """The sentence about a real register after an edit of its lines."""
    lines = (registers.SEEDS / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    types = registers._columns(name)
    edit(lines)
    lay(tmp_path, monkeypatch, name, "\n".join(lines).encode() + b"\n", types)
    with pytest.raises(GovIndexError) as raised:
        registers.register.__wrapped__(name)
    return str(raised.value)


def put(number, old, new):
    def edit(lines):
        assert old in lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new, 1)

    return edit


@pytest.mark.parametrize(
    ("name", "edit", "sentence"),
    [
        (
            "editions",
            lambda lines: lines.append(lines[2]),
            f"row {len(register('editions')) + 2}, column edition: chile_egi 2019 stands in row 3 "
            "already; take one of them away",
        ),
        (
            "editions",
            put(3, "345", "many"),
            "row 3, column expected_regions: there stands many; expected a whole number",
        ),
        (
            "editions",
            put(3, "345", ""),
            "row 3, column expected_regions: there stands nothing; expected a whole number",
        ),
        (
            "editions",
            put(4, "2021-11-03", "3 November"),
            "row 4, column collection_from: there stands 3 November; expected a date like 2021",
        ),
        ("editions", put(4, "chile_egi", ""), "row 4, column framework: is blank"),
        (
            "chile_egi__communes",
            lambda lines: lines.append(lines[1]),
            "column region_code: 01101 stands in row 2 already",
        ),
        (
            "internet_service__points",
            lambda lines: lines.append(lines[1].replace(",2018,,", ",2020,,")),
            "column point_code: rl_published stands in row 2 already",
        ),
        (
            "internet_service__points",
            put(2, ",2018,,", ",20l8,,"),
            "row 2, column first_edition: there stands 20l8; expected a year of four digits",
        ),
        (
            "internet_service__published_indicators",
            put(2, ",40,", ",much,"),
            "row 2, column level1_weight: there stands much; expected a number",
        ),
        ("chile_egi__points", put(1, "unit,", ""), "line 1: the columns are point_code, point_na"),
    ],
)
def test_a_cell_or_row_that_is_nonsense_is_said_with_row_and_column(
    tmp_path, monkeypatch, name, edit, sentence
):
    said = edited(tmp_path, monkeypatch, name, edit)
    assert said.startswith(f"dbt_project/seeds/{name}.csv, ")
    assert sentence in said


@pytest.mark.parametrize(
    ("name", "edit", "sentence"),
    [
        (
            "internet_service__points",
            lambda rows: rows[0].update(indicator_code="responsibility_lists"),
            "dbt_project/seeds/internet_service__points.csv, row 2, column indicator_code: there "
            "is no indicator 'responsibility_lists' that rl_published could belong to; perhaps "
            "responsibility_list",
        ),
        (
            "internet_service__points",
            lambda rows: rows[0].update(indicator_code="power_list"),
            "responsibility_list.sql: names the point rl_published, and by dbt_project/seeds/"
            "internet_service__points.csv, row 2, column indicator_code, it belongs to power_list",
        ),
        (
            "internet_service__points",
            lambda rows: rows.pop(0),
            "names the point rl_published, and dbt_project/seeds/internet_service__points.csv has "
            "no row of it; put the row back",
        ),
        (
            "divisions",
            lambda rows: rows.pop(-1),
            "dbt_project/seeds/divisions.csv has 333 regions of this edition, and column "
            "expected_regions of dbt_project/seeds/editions.csv says 334",
        ),
    ],
)
def test_registers_that_do_not_fit_the_models_or_each_other_are_said(
    dbt_manifest, monkeypatch, name, edit, sentence
):
    code = "internet_service"
    assert list(consistency.problems(framework(code), dbt_manifest, "2019")) == []
    rows = [dict(row) for row in registers.register(name)]
    edit(rows)
    real = registers.register
    monkeypatch.setattr(registers, "register", lambda one: rows if one == name else real(one))
    with pytest.raises(GovIndexError) as raised:
        consistency.refuse_nonsense(framework(code), dbt_manifest, "2019")
    assert sentence in str(raised.value)


@pytest.fixture(scope="module")
def dbt_manifest(tmp_path_factory):
    return dbt_runner.manifest(Settings(raw=PROJECT / "raw", data=tmp_path_factory.mktemp("data")))


def test_a_weight_that_is_text_is_said_with_file_and_child(tmp_path):
    copy_project(tmp_path)
    file = "models/indicators/chile_egi/level_1/chile_egi__information.sql"
    path = tmp_path / "dbt_project" / file
    text = path.read_text(encoding="utf-8")
    assert "'transport', 'weight': 0.5" in text
    path.write_text(text.replace("'transport', 'weight': 0.5", "'transport', 'weight': 'much'"))
    result = govindex(tmp_path, "plan", framework="chile_egi")
    assert result.returncode == 1
    said = [line for line in result.stderr.splitlines() if line.startswith("govindex: ")]
    assert len(said) == 1
    assert said[0].endswith(
        f"({file}) the weight of the child transport is 'much'; expected a number that is not "
        "negative"
    )
