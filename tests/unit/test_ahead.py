"""Reading ahead: what another process read is what would be read here, and of today's files."""

import pandas as pd
import pytest

from dagster_project import beside
from dagster_project.collection import ahead, landing
from dagster_project.collection.fetch import fetch_edition
from dagster_project.collection.manifest import edition_folder
from dagster_project.frameworks import framework as framework_of
from dagster_project.provenance import Provenance
from tests.conftest import settings_in

FRAMEWORK = "chile_egi"


@pytest.fixture
def collected(mirror, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "SMALLEST", 0)
    settings = settings_in(tmp_path, mirror)
    for edition in ("2016", "2019", "2021"):
        fetch_edition(settings, FRAMEWORK, edition, lambda _: None)
    return settings


def test_what_was_read_ahead_is_taken_once_and_only_if_it_is_of_todays_files(collected):
    declared = framework_of(FRAMEWORK)

    def today(edition, table):
        return Provenance(collected, declared, {}).landed(table, edition).value

    def taken(edition, table, fingerprint):
        return ahead.audited(collected, FRAMEWORK, edition, table, fingerprint)

    cut = edition_folder(collected, FRAMEWORK, "2021") / "egi_2021.csv"
    cut.write_bytes(cut.read_bytes()[:-100])
    known = [(FRAMEWORK, edition) for edition in ("2016", "2019", "2021")]
    with ahead.reading_ahead(collected, known) as reader:
        found = taken("2016", "websites", today("2016", "websites"))
        here = landing.audited(collected, declared, "2016", "websites")
        pd.testing.assert_frame_equal(found.audit.accepted, here.audit.accepted)
        pd.testing.assert_frame_equal(found.audit.quarantine, here.audit.quarantine)
        assert (found.applied, found.audit.outcomes) == (here.applied, here.audit.outcomes)
        assert taken("2016", "websites", today("2016", "websites")) is None
        # Not begun yet; then, of other files than those that count.
        assert taken("2019", "websites", today("2019", "websites")) is None
        reader.next_edition()
        assert taken("2019", "websites", "of other files") is None
        # Files that cannot be used: whoever reads them again says so.
        reader.next_edition()
        assert taken("2021", "websites", "whatever") is None
    assert not list(collected.data.rglob("*.parquet"))


def test_what_is_read_before_the_run_begins_is_what_the_run_takes(collected):
    declared = framework_of(FRAMEWORK)
    today = Provenance(collected, declared, {}).landed("websites", "2016").value
    known = [(FRAMEWORK, "2016"), (FRAMEWORK, "2019")]
    with ahead.reading_ahead(collected, known):
        before = dict(ahead._read)
        with ahead.reading_ahead(collected, known) as reader:
            reader.next_edition()
            assert before.items() < ahead._read.items()
            assert ahead.audited(collected, FRAMEWORK, "2016", "websites", today)


def test_small_collections_are_read_when_their_turn_comes(collected, monkeypatch):
    monkeypatch.setattr(beside, "SMALLEST", 1_000_000)
    with ahead.reading_ahead(collected, [(FRAMEWORK, "2016")]):
        assert ahead.audited(collected, FRAMEWORK, "2016", "websites", "whatever") is None
        assert not ahead._read
