import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import registers
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework, framework_codes
from dagster_project.registers import edition_of, editions, in_effect, register, select_editions

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
    monkeypatch.setattr(registers, "SEEDS", tmp_path)
    (tmp_path / "_seeds.yml").write_text(
        "seeds: [{name: nonsense, config: {column_types: {a: varchar, b: varchar}}}]"
    )
    (tmp_path / "nonsense.csv").write_bytes(content)
    registers._columns.cache_clear()
    with pytest.raises(GovIndexError, match=sentence):
        registers.register.__wrapped__("nonsense")
    registers._columns.cache_clear()
