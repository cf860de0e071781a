"""The plan: what is stale, why, and what lies above it. The expected sets are written by hand."""

import copy
import json
import shutil

import pytest
import yaml

from dagster_project import dbt_runner, provenance, registers
from dagster_project.analysis.fingerprint import region_types_fingerprint, region_types_place
from dagster_project.collection.fetch import record_edition
from dagster_project.collection.landing import landed_path
from dagster_project.collection.manifest import load_source
from dagster_project.errors import GovIndexError
from dagster_project.plan import Plan, plan
from dagster_project.preview import assumptions
from dagster_project.publication import content
from dagster_project.publication.revisions import current_link
from dagster_project.settings import PROJECT, Settings
from tests.chile import (
    ABOVE,
    CHILE,
    EDITIONS,
    GROUPS,
    ITEMS,
    LANDED,
    MEASURED,
    NEXT,
    STAGED,
    edit_macro,
    edit_model,
    every,
)

OLD = "../../revisions/chile_egi/2019/1"


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    return dbt_runner.manifest(Settings(raw=PROJECT / "raw", data=data))


@pytest.fixture
def manifest(parsed):
    return copy.deepcopy(parsed)


@pytest.fixture
def computed(settings, manifest):
    """Raw folders of all editions, and the record as if all of them had been computed."""
    for edition in EDITIONS:
        folder = settings.raw / "chile_egi" / edition
        folder.mkdir(parents=True)
        for name in ("source.yml", "corrections.csv"):
            declared = PROJECT / "raw" / "chile_egi" / edition / name
            if declared.is_file():
                shutil.copy(declared, folder)
        # Their content is nobody's concern here, if their checksums are right.
        for name in load_source(settings, "chile_egi", edition).files:
            (folder / name).write_text(name)
        record_edition(settings, "chile_egi", edition)
    settings.data.mkdir(exist_ok=True)
    settings.warehouse.write_text("x")
    provenance.name_new_warehouse(settings)
    remember_all(settings, manifest)
    return settings


def remember_all(settings, manifest, editions=EDITIONS):
    known = provenance.Provenance(settings, CHILE, manifest)
    for edition in editions:
        fingerprints = {
            provenance.key_of(manifest["nodes"][model]): known.model(model, edition)
            for model in provenance.model_ids(manifest, "chile_egi")
        }
        for table in LANDED:
            fingerprints["chile_egi", "landing", table] = known.landed(table, edition)
            path = landed_path(settings, "chile_egi", edition, table)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        fingerprints[region_types_place("chile_egi")] = region_types_fingerprint(
            known, manifest, "chile_egi", edition
        )
        fingerprints[content.published_place("chile_egi")] = content.published_fingerprint(
            known, manifest, "chile_egi", edition
        )
        for place, fingerprint in fingerprints.items():
            provenance.remember(settings, place, edition, fingerprint, f"run-{edition}")
        link = current_link(settings, "chile_egi", edition)
        folder = settings.revisions / "chile_egi" / edition / "1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").touch()
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(folder)


def rows_of(settings, manifest, assumed=None):
    known = provenance.Provenance(settings, CHILE, manifest, assumed=assumed)
    one = Plan(settings, CHILE, manifest, known)
    return [
        stale for edition in EDITIONS for place in one.places for stale in one.stale(place, edition)
    ]


def pairs(rows):
    return {(one.asset, one.edition) for one in rows}


def causes(rows):
    return {
        (one.asset, one.edition, one.cause, one.source) for one in rows if one.cause != "upstream"
    }


def test_nothing_is_stale_after_a_run(computed, manifest):
    assert rows_of(computed, manifest) == []


def test_an_edited_indicator_marks_itself_and_what_is_made_of_it(computed, manifest):
    edit_model(manifest, "news", "The website carries news", "News is there")
    rows = rows_of(computed, manifest)
    assert pairs(rows) == every({"news", "presence"} | ABOVE)
    file = "models/indicators/chile_egi/level_2/chile_egi__news.sql"
    assert causes(rows) == {("news", edition, "code", file) for edition in EDITIONS}
    assert {one.source for one in rows if one.cause == "upstream"} == {"news"}
    assert {(one.edition, one.since_run) for one in rows} == {(e, f"run-{e}") for e in EDITIONS}


def test_an_edited_macro_marks_exactly_its_users(computed, manifest):
    edit_macro(manifest, "presence", "> 0", ">= 1")
    rows = rows_of(computed, manifest)
    assert pairs(rows) == every(ITEMS | GROUPS | ABOVE)
    place = "macros/formulas/presence.sql: presence"
    assert causes(rows) == {(item, e, "code", place) for item in ITEMS for e in EDITIONS}


def test_one_weight_marks_that_parent(computed, manifest):
    edit_model(manifest, "information", "'transport', 'weight': 0.5", "'transport', 'weight': 0.4")
    rows = rows_of(computed, manifest)
    assert pairs(rows) == every({"information"} | ABOVE)
    file = "models/indicators/chile_egi/level_1/chile_egi__information.sql: transport"
    assert causes(rows) == {("information", edition, "weight", file) for edition in EDITIONS}


def test_a_weight_of_2016_marks_2016_and_what_is_compared_with_it(computed, manifest):
    edit_model(manifest, "total", "'weight': 4,", "'weight': 4.5,")
    rows = rows_of(computed, manifest)
    assert pairs(rows) == every(ABOVE, ["2016"]) | every(NEXT, ["2019"])
    file = "models/indicators/chile_egi/chile_egi__total.sql: transaction"
    assert causes(rows) == {("total", "2016", "weight", file)}
    assert {one.source for one in rows if one.edition == "2019"} == {"total"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("presence", "case when", "case   when"),
        ("presence", "Presence (有无)", "Present"),
        ("indicator", "with measured as (", "-- the points\nwith measured   as ("),
    ],
)
def test_a_comment_or_white_space_marks_nothing(computed, manifest, name, old, new):
    edit_macro(manifest, name, old, new)
    assert rows_of(computed, manifest) == []


def test_a_correction_marks_its_edition(computed, manifest):
    path = computed.raw / "chile_egi" / "2021" / "corrections.csv"
    path.write_text(path.read_text() + "websites,commune,ARICA,forms,1,1,looked again,us\n")
    rows = rows_of(computed, manifest)
    measured = {"websites", "published_scores", "cleaning", *MEASURED}
    assert pairs(rows) == every(measured | ITEMS | GROUPS | ABOVE, ["2021"])
    place = "raw/chile_egi/2021/corrections.csv"
    assert causes(rows) == {(table, "2021", "correction", place) for table in LANDED}


def test_a_raw_file_marks_its_edition(computed, manifest):
    path = computed.raw / "chile_egi" / "2019" / "source.yml"
    text = path.read_text()
    known = text.partition("sha256: ")[2][:64]
    path.write_text(text.replace(known, "ab" * 32))
    rows = rows_of(computed, manifest)
    measured = {"websites", "published_scores", "cleaning", *MEASURED}
    assert pairs(rows) == every(measured | ITEMS | GROUPS | ABOVE, ["2019"]) | every(NEXT, ["2021"])
    assert {(cause, source) for _, _, cause, source in causes(rows)} == {
        ("raw", "raw/chile_egi/2019/egi_2019.csv")
    }


def test_a_register_row_of_2016_marks_2016_and_what_is_compared_with_it(
    computed, manifest, monkeypatch
):
    real = registers.register
    rows = [dict(row) for row in real("chile_egi__communes")]
    next(row for row in rows if row["last_edition"] == "2018")["region_name"] = "X"
    monkeypatch.setattr(
        registers, "register", lambda name: rows if name == "chile_egi__communes" else real(name)
    )
    found = rows_of(computed, manifest)
    measured = LANDED | STAGED | {*MEASURED}
    above = every(measured | ITEMS | GROUPS | ABOVE, ["2016"]) | every(NEXT, ["2019"])
    assert pairs(found) == above
    assert {(asset, cause, source) for asset, _, cause, source in causes(found)} == {
        (asset, "register", "seeds/chile_egi__communes.csv")
        for asset in {"websites", "published_scores", "regions"}
    }


def test_a_parameter_marks_the_models_that_read_it(computed, manifest):
    rows = rows_of(computed, manifest, {"tolerance": 0.5})
    assert pairs(rows) == every({"reconciliation", "published"})
    place = "dbt_project.yml: chile_egi.tolerance"
    assert causes(rows) == {("reconciliation", edition, "parameter", place) for edition in EDITIONS}


def test_an_assumed_weight_marks_its_parent(computed, manifest):
    rows = rows_of(computed, manifest, {"weight.transport": 0.4})
    assert pairs(rows) == every({"information"} | ABOVE)


def test_another_duckdb_marks_everything(computed, manifest, monkeypatch):
    monkeypatch.setattr("duckdb.__version__", "3.0")
    rows = rows_of(computed, manifest)
    assert pairs(rows) == every(LANDED | STAGED | {*MEASURED} | ITEMS | GROUPS | ABOVE)
    landed = {(one.place[1], one.asset) for one in rows if one.place[1] == "landing"}
    assert landed == {("landing", table) for table in LANDED}
    assert {(cause, source) for _, _, cause, source in causes(rows)} == {("engine", "duckdb")}


def test_a_deleted_warehouse_is_missing_and_so_is_a_deleted_file(computed, manifest):
    landed_path(computed, "chile_egi", "2019", "websites").unlink()
    lost = "data/landing/chile_egi/2019/websites.parquet"
    assert causes(rows_of(computed, manifest)) == {("websites", "2019", "missing", lost)}
    computed.warehouse.unlink()
    rows = rows_of(computed, manifest)
    assert {one.cause for one in rows} == {"missing"}
    assert pairs(rows) == every(STAGED | {*MEASURED} | ITEMS | GROUPS | (ABOVE - {"published"}))
    assert {one.source for one in rows} == {lost, "data/warehouse.duckdb"}
    assert {one.since_run for one in rows} == {f"run-{edition}" for edition in EDITIONS}


def store(settings, manifest, names, edition="2019"):
    """As if a run had computed these models and been killed then."""
    known = provenance.Provenance(settings, CHILE, manifest)
    for name in names:
        model = f"model.govindex.chile_egi__{name}"
        place = provenance.key_of(manifest["nodes"][model])
        provenance.remember(settings, place, edition, known.model(model, edition), "later")


def test_what_was_not_built_again_after_its_inputs_names_what_changed_below(computed, manifest):
    edit_model(manifest, "news", "The website carries news", "News is there")
    store(computed, manifest, ["news", "presence"])
    rows = [one for one in rows_of(computed, manifest) if one.edition == "2019"]
    file = "models/indicators/chile_egi/level_2/chile_egi__news.sql"
    assert causes(rows) == {("total", "2019", "code", file)}
    assert {one.since_run for one in rows if one.asset == "total"} == {"run-2019"}
    assert not {"news", "presence"} & {one.asset for one in rows}


def test_where_nothing_tells_what_changed_below_the_input_is_named(computed, manifest):
    edit_model(manifest, "news", "The website carries news", "News is there")
    store(computed, manifest, ["news", "presence"])
    path = computed.state / "chile_egi" / "2019" / "indicators.presence.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"replaced": {}}))
    rows = [one for one in rows_of(computed, manifest) if one.edition == "2019"]
    assert ("total", "upstream", "presence") in {(o.asset, o.cause, o.source) for o in rows}


def forget(settings, *places):
    """As if a run had begun to compute these, and been killed or failed."""
    for layer, name in places:
        provenance.forget(settings, ("chile_egi", layer, name), "2019")


def test_after_a_failed_run_the_plan_names_what_changed_and_the_last_good_run(computed, manifest):
    path = computed.raw / "chile_egi" / "2019" / "egi_2019.csv"
    path.write_text("another")
    record_edition(computed, "chile_egi", "2019")
    landed_path(computed, "chile_egi", "2019", "websites").unlink()
    forget(computed, ("landing", "websites"))
    [row] = [one for one in rows_of(computed, manifest) if one.place[1:] == ("landing", "websites")]
    assert (row.cause, row.source) == ("raw", "raw/chile_egi/2019/egi_2019.csv")
    assert row.since_run == "run-2019"


def test_after_a_killed_run_the_plan_names_the_edited_file(computed, manifest):
    edit_model(manifest, "news", "The website carries news", "News is there")
    forget(computed, ("indicators", "news"), ("indicators", "presence"), ("indicators", "total"))
    rows = [one for one in rows_of(computed, manifest) if one.edition == "2019"]
    assert pairs(rows) == every({"news", "presence"} | ABOVE, ["2019"])
    file = "models/indicators/chile_egi/level_2/chile_egi__news.sql"
    assert causes(rows) == {("news", "2019", "code", file)}
    assert {one.since_run for one in rows} == {"run-2019"}


def test_a_killed_run_of_what_had_not_changed_is_said(computed, manifest):
    forget(computed, ("indicators", "news"))
    rows = rows_of(computed, manifest)
    assert causes(rows) == {("news", "2019", "missing", "a run that did not end")}
    assert {one.since_run for one in rows} == {"run-2019"}


def test_what_was_never_computed_says_so(settings, computed, manifest):
    shutil.rmtree(computed.state / "chile_egi" / "2021")
    rows = rows_of(computed, manifest)
    assert {(o.edition, o.cause, o.source, o.since_run) for o in rows} == {
        ("2021", "missing", "never computed", "")
    }


@pytest.mark.parametrize(
    ("spoil", "shown"),
    [
        (lambda link: link.unlink(), "shows no revision instead of 2"),
        (lambda link: (link.unlink(), link.symlink_to(OLD)), "shows revision 1 instead of 2"),
    ],
)
def test_a_lost_or_old_link_is_in_the_plan(computed, manifest, spoil, shown):
    link = current_link(computed, "chile_egi", "2019")
    second = computed.revisions / "chile_egi" / "2019" / "2"
    second.mkdir()
    (second / "manifest.json").touch()
    link.unlink()
    link.symlink_to(second)
    assert rows_of(computed, manifest) == []
    spoil(link)
    assert causes(rows_of(computed, manifest)) == {
        ("published", "2019", "missing", f"published/chile_egi/2019: {shown}")
    }


def test_above_an_indicator_lies_what_is_made_of_it(settings, manifest):
    one = Plan(settings, CHILE, manifest)
    found = one.above(one.indicator("news"))
    assert {place[2] for place in found} == {"news", "presence", "edition"} | ABOVE - {"published"}


def test_an_indicator_that_is_not_there_is_said(settings, manifest):
    with pytest.raises(GovIndexError, match="chile_egi has no indicator newz; known: citizen"):
        Plan(settings, CHILE, manifest).indicator("newz")


def test_a_changed_file_that_was_not_recorded_is_in_the_plan_with_what_to_do(computed):
    assert plan(computed, ["chile_egi"]) == ([], [])
    (computed.raw / "chile_egi" / "2019" / "egi_2019.csv").write_text("another")
    rows, [said] = plan(computed, ["chile_egi"])
    measured = {"websites", "published_scores", "cleaning", *MEASURED}
    assert pairs(rows) == every(measured | ITEMS | GROUPS | ABOVE, ["2019"]) | every(NEXT, ["2021"])
    assert {(cause, source) for _, _, cause, source in causes(rows)} == {
        ("raw", "raw/chile_egi/2019/egi_2019.csv")
    }
    assert said.startswith("chile_egi 2019: raw/chile_egi/2019/egi_2019.csv: changed since its")
    assert said.endswith(
        "or, if the change is meant, record it with `govindex fetch --framework chile_egi "
        "--edition 2019 --record`"
    )


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda folder: (folder / "egi_2019.csv").unlink(), "egi_2019.csv"),
        (lambda folder: (folder / "source.yml").write_text("nonsense"), "source.yml"),
    ],
)
def test_an_edition_whose_files_are_lost_or_not_declared_is_in_the_plan(computed, spoil, place):
    spoil(computed.raw / "chile_egi" / "2019")
    rows, [said] = plan(computed, ["chile_egi"])
    assert {(edition, cause, source) for _, edition, cause, source in causes(rows)} == {
        ("2019", "raw", f"raw/chile_egi/2019/{place}")
    }
    assert f"raw/chile_egi/2019/{place}: " in said


@pytest.mark.parametrize(
    ("lose", "places"),
    [
        (shutil.rmtree, {"raw/chile_egi/2019"}),
        (
            lambda folder: [path.unlink() for path in folder.glob("*.csv")],
            {
                "raw/chile_egi/2019/egi_2019.csv",
                "raw/chile_egi/2019/local_gov_indicators_2019.csv",
            },
        ),
    ],
)
@pytest.mark.parametrize("published", [True, False])
def test_an_edition_whose_raw_files_are_gone_is_in_the_plan(computed, lose, places, published):
    if not published:
        shutil.rmtree(computed.revisions / "chile_egi" / "2019")
        current_link(computed, "chile_egi", "2019").unlink()
    lose(computed.raw / "chile_egi" / "2019")
    rows, [said] = plan(computed, ["chile_egi"])
    measured = {"websites", "published_scores", "cleaning", *MEASURED}
    # What 2021 compares itself with lies in the warehouse, as it was computed.
    assert pairs(rows) == every(measured | ITEMS | GROUPS | ABOVE, ["2019"])
    found = {one.source for one in rows if one.cause == "raw"}
    assert found == places
    assert "raw/chile_egi/2019" in said
    assert "govindex fetch --framework chile_egi --edition 2019" in said


def test_an_edition_that_was_never_computed_and_has_no_files_is_not_in_the_plan(computed):
    for edition in ("2019", "2021"):
        shutil.rmtree(computed.raw / "chile_egi" / edition)
        shutil.rmtree(computed.state / "chile_egi" / edition)
        shutil.rmtree(computed.revisions / "chile_egi" / edition)
    rows, said = plan(computed, ["chile_egi"])
    assert rows == []
    assert [one.partition(":")[0] for one in said] == ["raw/chile_egi/2019", "raw/chile_egi/2021"]


def test_a_title_marks_the_publication_alone(computed, manifest):
    path = computed.raw / "chile_egi" / "2019" / "source.yml"
    text = path.read_text()
    path.write_text("# collected by hand\n" + text)
    assert rows_of(computed, manifest) == []
    for name in ("title", "producer", "address", "licence"):
        path.write_text(yaml.safe_dump({**yaml.safe_load(text), name: "X"}))
        place = "raw/chile_egi/2019/source.yml"
        assert causes(rows_of(computed, manifest)) == {("published", "2019", "raw", place)}


@pytest.mark.parametrize("name", ["name", "name_en", "name_zh"])
def test_a_name_of_the_framework_marks_the_publications(computed, manifest, monkeypatch, name):
    renamed = CHILE.model_copy(update={name: "X"})
    monkeypatch.setattr(content, "framework_of", lambda _code: renamed)
    rows = rows_of(computed, manifest)
    place = "frameworks/chile_egi.yaml"
    assert causes(rows) == {("published", edition, "code", place) for edition in EDITIONS}
    assert pairs(rows) == every({"published"})


def test_the_line_of_an_edition_in_the_register_is_published(computed, manifest, monkeypatch):
    real = registers.register
    rows = [dict(row) for row in real("editions")]
    for row in rows:
        if (row["framework"], row["edition"]) == ("chile_egi", "2019"):
            row["raw_files"] = "none"
    monkeypatch.setattr(
        registers, "register", lambda name: rows if name == "editions" else real(name)
    )
    assert ("published", "2019", "register", "seeds/editions.csv") in causes(
        rows_of(computed, manifest)
    )
    assert {edition for _, edition in pairs(rows_of(computed, manifest))} <= {"2019", "2021"}


@pytest.mark.parametrize(
    ("library", "marked"),
    [
        ("dbt-duckdb", STAGED | {*MEASURED} | ITEMS | GROUPS | ABOVE),
        ("xlsxwriter", {"published"}),
        ("python-calamine", LANDED | STAGED | {*MEASURED} | ITEMS | GROUPS | ABOVE),
    ],
)
def test_another_version_of_a_library_marks_what_it_makes(
    computed, manifest, monkeypatch, library, marked
):
    real = provenance._version
    monkeypatch.setattr(
        provenance, "_version", lambda name: "99" if name == library else real(name)
    )
    rows = rows_of(computed, manifest)
    # Who is assessed comes from a register, and no file is read for it.
    kept = {"regions"} if library == "python-calamine" else set()
    assert pairs(rows) == every(marked - kept)
    assert {(cause, source) for _, _, cause, source in causes(rows)} == {("engine", library)}


def test_a_new_file_marks_its_edition_before_it_is_declared_too(computed):
    (computed.raw / "chile_egi" / "2021" / "more.csv").write_text("x")
    rows, [said] = plan(computed, ["chile_egi"])
    measured = {"websites", "published_scores", "cleaning", *MEASURED}
    assert pairs(rows) == every(measured | ITEMS | GROUPS | ABOVE, ["2021"])
    assert {(cause, source) for _, _, cause, source in causes(rows)} == {
        ("raw", "raw/chile_egi/2021/more.csv")
    }
    assert "raw/chile_egi/2021/more.csv: not listed in source.yml" in said


def test_as_json_a_row_has_the_names_that_others_rely_on(computed, manifest):
    edit_model(manifest, "news", "The website carries news", "News is there")
    row = next(one for one in rows_of(computed, manifest) if one.asset == "news")
    assert list(json.loads(json.dumps(row.as_dict()))) == [
        "framework",
        "edition",
        "asset",
        "cause",
        "source",
        "since_run",
    ]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("weight.transport=0.4", "weight.transport", 0.4),
        ("chile_egi.weight.transport=1", "weight.transport", 1),
        ("needed_share=0.8", "needed_share", 0.8),
        ("chile_egi.needed_share=0.8", "needed_share", 0.8),
        ("parameter.missing=rescale", "missing", "rescale"),
        ("maximum=11", "maximum", 11),
    ],
)
def test_what_if_questions_name_weights_and_parameters(manifest, text, name, value):
    assert assumptions.parse([text], "chile_egi", manifest) == {name: value}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("weight.nothing=1", "has no indicator nothing with a weight"),
        ("weight.transport=much", "a weight is a number"),
        ("weight.transport=-1", "a weight is a number that is not negative"),
        ("weight.transport=.nan", "a weight is a number"),
        ("nothing=1", "has no parameter nothing"),
        ("needed_share=much", "takes a value like today's, which is 0"),
        ("needed_share=true", "takes a value like today's"),
        ("needed_share", "write weight.<indicator>=<number> or <parameter>=<value>"),
        ("=1", "write weight.<indicator>=<number>"),
    ],
)
def test_a_what_if_question_that_makes_no_sense_is_said(manifest, text, sentence):
    with pytest.raises(GovIndexError) as raised:
        assumptions.parse([text], "chile_egi", manifest)
    assert sentence in str(raised.value)
