"""The registers of published figures, grades and claims against the facts they come from."""

import re
from collections import Counter

import pytest

from dagster_project import dbt_runner, registers
from dagster_project.frameworks import framework
from dagster_project.provenance import Provenance
from dagster_project.registers import editions, register, rows_in_effect
from dagster_project.settings import PROJECT

FRAMEWORKS = ("internet_service", "digital_service")
RESULTS = [row for code in FRAMEWORKS for row in register(f"{code}__published_results")]
CLAIMS = [row for code in FRAMEWORKS for row in register(f"{code}__published_claims")]
GRADES = register("internet_service__published_grades")
FACTS = {
    int(number): text
    for number, text in re.findall(
        r"^- \*\*(\d+)\.\*\* (.*)$",
        (PROJECT / "docs" / "facts.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}
# Facts 20 to 171, 232 and 246 to 260 that print no figure of results or of the collection.
WITHOUT_FIGURE = {
    24: "a requirement",
    29: "methods",
    32: "what is collected by hand",
    34: "how verification goes",
    35: "types of points",
    36: "methods",
    40: "methods",
    41: "products",
    87: "names that the facts do not give",
    92: "names that the facts do not give",
    94: "a claim",
    95: "a claim",
    111: "a claim",
    114: "a claim",
    115: "a claim",
    126: "names of charts",
    130: "a claim",
    133: "who published it, and when",
    134: "a loop that is named",
    135: "which framework counts when",
    137: "the level-1 indicators",
    139: "names of the four types, which the facts do not give",
    140: "how sub-grades are cut",
    146: "a claim",
    156: "names that the facts do not give",
    162: "a claim",
    **dict.fromkeys(range(163, 169), "names of level-2 indicators"),
    169: "how many reports there are",
    170: "candidates for indicators",
    171: "what is evaluated",
    246: "a claim",
    247: "slips in names",
    248: "that tables are pictures",
    251: "what is not given",
    258: "a claim",
    259: "a claim",
}
# Numbers in the text of a fact that are no figures of its results: years, dates and thresholds
# apart, which are left out everywhere.
NO_FIGURES = {
    26: ("27 940 430", "2700万, 94万 and 43万 in the register"),
    30: ("5.1 0.9 1.3 0.7 8.0", "510万, 90万, 130万, 70万 and 800万 in the register"),
    41: ("1 2", "levels"),
    45: ("2 1", "number of a chart"),
    59: ("334", "how many regions the share is of"),
    69: ("63.25", "the rate of fact 58"),
    100: ("100", "what a ratio may exceed"),
    126: (None, "numbers of charts"),
    133: ("18", "a date"),
    252: ("28", "a date"),
    255: ("73.74", "the sum of the parts as printed"),
}
# What a demonstration may reproduce approximately (its counts, ratios and deviations).
APPROXIMATE = {*range(59, 68), *range(76, 86), 91, *range(98, 106)}
UNITS = {"分", "%", "个", "倍", "名", "轮", "人", "层", "条", ""}


def of(row):
    return f"fact {row['fact']}, item {row['item']} ({row['name']})"


def test_every_fact_with_a_figure_is_in_the_register():
    facts = {*range(20, 172), 232, *range(246, 249), *range(251, 261)}
    registered = {int(row["fact"]) for row in RESULTS}
    assert registered == facts - WITHOUT_FIGURE.keys()
    claimed = {int(row["fact"]) for row in CLAIMS}
    assert {fact for fact, why in WITHOUT_FIGURE.items() if why == "a claim"} <= claimed
    assert {69, 73, 94, 95, *range(111, 116), *range(117, 126), 130, 131, 228, 241, 242} <= claimed
    assert {145, 146, 149, 157, 161, 162, 232, 246} <= claimed


def plain(text):
    """A text whose thousands have no commas and whose minus is a hyphen."""
    joined = re.sub(
        r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)", lambda found: found[0].replace(",", ""), text
    )
    return joined.replace("−", "-")


def numbers_in(text):
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain(text))}


def test_every_number_of_a_fact_is_a_figure_of_the_register_or_none():
    written = {}
    for row in (*RESULTS, *CLAIMS):
        shown = ("published", "value", "arithmetic", "claim", "condition", "detail")
        texts = (row.get(name, "") for name in shown)
        written.setdefault(int(row["fact"]), set()).update(*(numbers_in(text) for text in texts))
    for fact in (*range(20, 136), *range(252, 261)):
        # Without its source, the names of levels, years and months, and thresholds of rates.
        text = re.sub(r"\[doc \d+\]|\(facts? [^)]*\)|\s\S+\.(com|cn)\S*.*$", "", FACTS[fact])
        text = re.sub(
            r"\bL[123]\b|(?<!\d)20[12]\d(?!\d)(-(0[1-9]|1[0-2])(?!\d))?|[>≥] ?60 ?%|above 60 ?%",
            "",
            text,
        )
        listed, why = NO_FIGURES.get(fact, ("", "none"))
        left = set() if listed is None else numbers_in(text) - numbers_in(listed)
        assert left <= written.get(fact, set()), (fact, left - written.get(fact, set()))
        assert why
    for fact, (listed, _) in NO_FIGURES.items():
        known = written.get(fact, set())
        assert listed is None or not numbers_in(listed) & known, fact


def test_every_edition_has_claims_of_each_kind_that_its_facts_allow():
    claimed = {row["first_edition"] for row in CLAIMS}
    assert claimed == {line.edition for line in editions("internet_service")} | {"2024"}
    assert all(row["first_edition"] == row["last_edition"] for row in CLAIMS)


def test_the_printed_number_stands_in_its_fact():
    for row in RESULTS:
        text = plain(FACTS[int(row["fact"])])
        # 2700万 is printed there as 27m; what is derived, only where the fact derives it.
        if row["unit"] not in ("条", "") and row["rounding"] != "derived" and not counted(row):
            for number in re.findall(r"\d+(?:\.\d+)?", row["published"]):
                short = number.rstrip("0") if "." in number else number
                assert re.search(rf"(?<![\d.]){short}0*(?![\d])", text), (of(row), number)
        if row["value"]:
            assert int(row["decimals"]) == len(row["value"].partition(".")[2]), of(row)


def counted(row):
    """Whether a figure is a number of rows of the table of grades, or of names in a list."""
    return row["statistic"] == "in_published_place" or row["comparison"] == "at_most"


def test_columns_hold_only_what_is_known():
    known = {(code, line.edition) for code in FRAMEWORKS for line in editions(code)}
    assert {(row["framework"], row["edition"]) for row in RESULTS} == known
    assert {row["unit"] for row in RESULTS} == UNITS
    assert {row["comparison"] for row in RESULTS} == {"equal", "at_least", "at_most"}
    assert {row["cause"] for row in RESULTS} == {"", "contradicts", "unknown_input"}
    assert {row["rounding"] for row in RESULTS} == {
        "half_up",
        "printed_mean",
        "share",
        "of_printed",
        "derived",
        "about",
        "cut_off",
        "none",
    }
    keys = Counter((row["framework"], row["edition"], row["fact"], row["item"]) for row in RESULTS)
    assert set(keys.values()) == {1}


def test_a_row_is_a_number_or_a_name_and_says_what_it_needs():
    for row in RESULTS:
        assert bool(row["value"]) != bool(row["detail"]), of(row)
        for column in ("name", "name_en", "published", "source"):
            assert row[column], of(row)
        assert row["arithmetic"] or not row["cause"], of(row)
        # Who says that a document contradicts itself says what the figure should be instead.
        contradicts = row["cause"] == "contradicts"
        assert contradicts == bool(row["implied"]) == bool(row["implied_comparison"]), of(row)
        if contradicts:
            assert row["implied_comparison"] in {"equal", "at_most", "below"}, of(row)
            assert row["value"] != row["implied"] or row["implied_comparison"] == "below", of(row)
            assert float(row["implied"]) in numbers_in(row["arithmetic"]), of(row)
        # A count is never off by rounding; raw records have no computed figure at all.
        kinds = ("derived", "of_printed", "about", "cut_off")
        of_rounded = row["rounding"] in kinds and row["unit"] != "个"
        if row["rounding_error"]:
            assert of_rounded, of(row)
        elif of_rounded:
            assert row["tolerance"] or row["cause"] == "unknown_input", of(row)


def test_a_tolerance_follows_from_its_kind_and_belongs_to_the_second_group():
    for row in RESULTS:
        if row["tolerance_kind"] == "exact":
            assert row["tolerance"] == "", of(row)
            continue
        assert int(row["fact"]) in APPROXIMATE, of(row)
        value, tolerance = float(row["value"]), float(row["tolerance"])
        if row["tolerance_kind"] == "near_count":  # 3 of 334 regions
            assert tolerance == {"个": 3, "%": 0.9}[row["unit"]], of(row)
        elif row["tolerance_kind"] == "near_ratio":  # half a point; of a multiple 0.5 % of it
            half = 0.005 * value if row["unit"] == "倍" else 0.5
            assert tolerance == pytest.approx(half, abs=0.0005), of(row)
        else:  # 5 %, of a change 5 % of what remains
            assert row["tolerance_kind"] == "near_deviation", of(row)
            whole = 100 + value if row["unit"] == "%" else value
            assert tolerance == pytest.approx(0.05 * whole, abs=0.005), of(row)


def groups(framework, edition):
    """Names of groups by their kind, from the registers."""
    divisions = rows_in_effect("divisions", framework, edition)
    points = rows_in_effect(f"{framework}__points", framework, edition)
    classes = {row["region_class"] for row in divisions}
    return {
        "nation": {""},
        "collection": {""},
        "economic_region": {row["economic_region"] for row in divisions},
        "province": {row["parent_region"] for row in divisions},
        "region_class": classes,
        "region": {row["region_code"] for row in divisions},
        "point": {row["point_code"] for row in points},
        "band": {"A", "B", "C", "D"},
        "grade": {row["grade"] for row in GRADES},
        "grade_cell": {f"{row['grade']} {row['city_class']}" for row in GRADES},
        "level": {"1", "2", "3"},
        "point_class": {f"{row['point_code']} {one}" for row in points for one in classes},
    }


INDICATORS = {
    code: {"", "total"}
    | {
        row[f"level{level}_code"]
        for row in register(f"{code}__published_indicators")
        for level in (1, 2, 3)
    }
    for code in FRAMEWORKS
}


@pytest.mark.parametrize(
    ("framework", "edition"),
    [(code, line.edition) for code in FRAMEWORKS for line in editions(code)],
)
def test_indicators_and_groups_of_figures_exist_in_their_edition(framework, edition):
    known = groups(framework, edition)
    for row in rows_in_effect(f"{framework}__published_results", framework, edition):
        assert row["indicator_code"] in INDICATORS[framework], of(row)
        assert row["group_name"] in known[row["group_kind"]], of(row)
        assert row["statistic"] or row["cause"] == "unknown_input", of(row)
        if row["statistic"].endswith(("province_mean", "std_three", "from_80")) and row["detail"]:
            assert set(row["detail"].split("|")) <= known["province"], of(row)


def test_figures_of_the_grade_table_are_those_of_its_register():  # fact 57
    figures = {
        (row["statistic"], row["group_kind"], row["group_name"]): int(row["value"])
        for row in RESULTS
        if row["fact"] == "57"
    }
    for kind, name in (("grade", "grade"), ("band", "band"), ("region_class", "city_class")):
        for value, count in Counter(row[name] for row in GRADES).items():
            assert figures.pop(("count", kind, value)) == count
    cells = Counter(f"{row['grade']} {row['city_class']}" for row in GRADES)
    for cell, count in cells.items():
        assert figures.pop(("in_published_place", "grade_cell", cell)) == count
    assert figures == {("in_published_place", "nation", ""): len(GRADES) == 334 and 334}


def test_the_grade_table_is_of_the_regions_of_2019():
    divisions = rows_in_effect("divisions", "internet_service", "2019")
    known = {
        row["region_code"]: (
            row["region_name"],
            row["parent_region"],
            row["economic_region"],
            row["region_class"],
        )
        for row in divisions
    }
    assert {
        row["code"]: (
            row["official_name"],
            row["province"],
            row["economic_region"],
            row["city_class"],
        )
        for row in GRADES
    } == known
    places = Counter((row["grade"], row["city_class"], row["rank_in_cell"]) for row in GRADES)
    assert set(places.values()) == {1}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_claim_has_a_condition_or_says_why_not(framework):
    for row in register(f"{framework}__published_claims"):
        assert row["condition"] or row["note"]
        assert row["claim"]
        assert row["claim_en"]
        assert int(row["fact"]) in FACTS
        known = groups(framework, row["first_edition"])
        for token in re.findall(r"\[[^\]]*\]", row["condition"] + row["evidence"]):
            parts = re.fullmatch(r"\[(\w*)\.(\w+)(?: (\w+):([^\]]*))?\]", token)
            assert parts, token
            assert parts[1] in INDICATORS[framework], token
            assert (parts[4] or "") in known[parts[3] or "nation"], token


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("published_results", {"reconciliation"}),
        ("published_claims", {"claims"}),
        ("published_grades", {"report_figures", "reconciliation", "claims"}),
    ],
)
def test_a_row_of_2019_changes_the_tables_of_2019_alone(
    name, tables, collect, settings, monkeypatch
):
    for edition in ("2018", "2019", "2020"):
        collect({"a.csv": ("samples", b"region")}, "internet_service", edition)
    manifest = dbt_runner.manifest(settings)
    models = [
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["name"].startswith("internet_service__")
    ]

    def fingerprints():
        known = Provenance(settings, framework("internet_service"), manifest)
        return {
            (model.rpartition("__")[2], edition): known.model(model, edition).value
            for model in models
            for edition in ("2018", "2019", "2020")
        }

    before = fingerprints()
    changed = f"internet_service__{name}"
    real = registers.register
    column = "first_edition" if name == "published_claims" else "edition"
    edited = tuple(
        {**row, "source": "X"} if row[column] == "2019" else row for row in register(changed)
    )
    monkeypatch.setattr(registers, "register", lambda one: edited if one == changed else real(one))
    after = fingerprints()
    found = {key for key in before if before[key] != after[key]}
    assert found == {(table, "2019") for table in tables}
