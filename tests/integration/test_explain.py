"""Every number of Chile's index is explained from its revision, down to the collected cells."""

import json
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from dagster_project.collection.manifest import edition_folder, sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.explanation import Revision, check
from dagster_project.publication.revisions import revision_folder
from tests.conftest import EDITIONS


def revision(settings, edition):
    return Revision(revision_folder(settings, "chile_egi", edition))


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_region_of_every_edition_closes(computed, edition):
    found = check(revision(computed, edition), computed)
    indicators, points = {"2016": (19, 16), "2019": (20, 17), "2021": (20, 20)}[edition]
    assert (found.regions, found.indicators, found.points) == (
        345,
        345 * indicators,
        345 * points,
    )
    assert found.readings > 3000
    assert found.raw_files == 2


@pytest.mark.parametrize("edition", EDITIONS)
def test_contributions_add_up_and_values_stand_in_the_file(computed, edition):
    loaded = revision(computed, edition)

    def walk(node):
        if node.children and node.score is not None:
            assert sum(one.contribution for one in node.children) == pytest.approx(
                node.score, abs=1e-9
            )
        for child in node.children:
            yield from walk(child)
        for point in node.points:
            yield from point.readings

    name = {"2016": "EGI-2016-vor.dta"}.get(edition, f"egi_{edition}.csv")
    path = edition_folder(computed, "chile_egi", edition) / name
    if edition == "2016":
        raw = pd.read_stata(path, convert_categoricals=False)
        raw.index += 1
    else:
        raw = pd.read_csv(path, encoding="utf-8-sig")
        raw.index += 2
    met = 0
    for code in list(loaded.regions)[::20]:
        for reading in walk(loaded.explain(code).node):
            cell = raw.at[reading.place.row, reading.place.column]
            assert (reading.value is None) == pd.isna(cell)
            assert reading.value is None or float(reading.value) == cell
            assert reading.place.sha256 == sha256_of(path)
            met += 1
    assert met > 100


def test_a_column_is_named_as_it_is_in_the_file(computed):
    loaded = revision(computed, "2016")
    readings = loaded.tables.execute(
        "select count(*) from readings where point_code = 'personalization'"
    ).fetchone()
    assert readings == (191,)
    assert loaded.files["raw/chile_egi/2016/EGI-2016-vor.dta"]["columns"] == {
        "region_code": "id",
        "personalization": "personal",
    }


def test_a_corrected_row_says_what_was_there_and_on_whose_word(computed):
    node = revision(computed, "2019").explain("15202", "forms").node
    [reading] = node.points[0].readings
    [found] = reading.corrections
    assert (found.column, found.before, found.after) == ("region_code", "15201", "15202")
    assert (found.row, reading.place.row) == (4, 4)
    assert "General Lagos is 15202" in found.reason
    assert "register of communes" in found.source


def test_a_region_that_was_not_collected_says_so(computed):
    loaded = revision(computed, "2016")
    scores = pd.read_parquet(loaded.folder / "indicator_scores.parquet")
    missing = scores[(scores["indicator_code"] == "total") & scores["score"].isna()]
    assert len(missing) == 345 - 188
    codes = {
        point.why.code
        for region in missing["region_code"]
        for point in loaded.explain(region, "forms").node.points
        if point.why
    }
    assert codes >= {"absent"}
    node = loaded.explain(missing["region_code"].iloc[-1]).node
    assert node.why.code in ("child_missing", "no_child")


def test_a_changed_cell_of_the_collected_file_is_named(computed, sandbox):
    path = sandbox.folder("2021") / "egi_2021.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    assert lines[2].startswith("CAMARONES")
    lines[2] = lines[2].replace(",12:45 PM,0,1,", ",12:45 PM,0,0,")
    path.write_text("".join(lines), encoding="utf-8-sig")
    settings = replace(computed, raw=sandbox.settings.raw)
    with pytest.raises(GovIndexError) as caught:
        check(revision(computed, "2021"), settings)
    assert str(caught.value).startswith(
        "raw/chile_egi/2021/egi_2021.csv, row 3, column news: there stands 0, in chile_egi 2021 "
        "revision 1 1 for 15102 news"
    )


def test_a_row_in_quarantine_is_the_reason_of_what_is_missing(sandbox):
    def spoil(content):
        return content.replace(b",03/11/2021,12:45 PM,0,1,", b",03/11/2021,12:45 PM,0,5,")

    sandbox.change("2021", "egi_2021.csv", spoil)
    failure = sandbox.run("2021", reason="a test")
    assert failure is None
    loaded = revision(sandbox.settings, "2021")
    [point] = loaded.explain("15102", "news").node.points
    assert (point.value, point.why.code) == (None, "quarantined")
    assert (point.quarantined[0].row, point.quarantined[0].value) == (3, "5")
    check(loaded, sandbox.settings)


def test_the_command_line_explains_and_checks(computed):
    def govindex(*arguments):
        return subprocess.run(
            [
                *(sys.executable, "-m", "dagster_project.cli", "explain"),
                *("--framework", "chile_egi", *arguments),
            ],
            env={
                "GOVINDEX_RAW": str(computed.raw),
                "GOVINDEX_DATA": str(computed.data),
                "PATH": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    shown = govindex("--edition", "2019", "--region", "Santiago", "--json")
    assert shown.returncode == 0, shown.stderr
    explanation = json.loads(shown.stdout)
    assert explanation["region_code"] == "13101"
    assert len(explanation["node"]["children"]) == 5
    tree = govindex("--edition", "2019", "--region", "13101", "--indicator", "news")
    assert "raw/chile_egi/2019/egi_2019.csv, row" in tree.stdout
    walked = govindex("--edition", "2016:2021", "--check")
    assert (walked.returncode, len(walked.stdout.splitlines())) == (0, 3), walked.stderr
    refused = govindex("--edition", "2016:2021", "--region", "Santiago")
    assert refused.returncode == 1
    assert "needs --region and one --edition" in refused.stderr
