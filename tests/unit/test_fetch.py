from dataclasses import replace
from hashlib import sha256

import pytest
import yaml

from dagster_project.collection.fetch import fetch_edition, record_edition
from dagster_project.collection.manifest import verified_source
from dagster_project.errors import GovIndexError

CONTENT = b"a\n1\n"


@pytest.fixture
def mirrored(settings, collect, tmp_path):
    """An edition whose only file lies in the mirror."""
    folder = collect({"a.csv": ("websites", CONTENT)})
    (folder / "a.csv").unlink()
    (tmp_path / "mirror" / "chile_egi").mkdir(parents=True)
    (tmp_path / "mirror" / "chile_egi" / "a.csv").write_bytes(CONTENT)
    return replace(settings, mirror=tmp_path / "mirror")


def fetch(settings):
    said = []
    fetch_edition(settings, "chile_egi", "2019", said.append)
    return said


def test_a_file_comes_from_the_mirror_and_then_is_there_already(mirrored):
    complete = "raw/chile_egi/2019: complete, 1 files"
    assert fetch(mirrored) == ["raw/chile_egi/2019/a.csv: fetched, 4 bytes", complete]
    assert fetch(mirrored) == [complete]
    verified_source(mirrored, "chile_egi", "2019")


def test_a_file_with_other_bytes_is_never_overwritten(mirrored):
    path = mirrored.raw / "chile_egi" / "2019" / "a.csv"
    path.write_bytes(b"mine")
    with pytest.raises(GovIndexError, match=r"a\.csv: has sha256 .*nothing was overwritten"):
        fetch(mirrored)
    assert path.read_bytes() == b"mine"


def test_a_mirror_with_other_bytes_is_refused_and_nothing_is_left(mirrored):
    (mirrored.mirror / "chile_egi" / "a.csv").write_bytes(b"other")
    with pytest.raises(GovIndexError, match=r"a\.csv: has sha256"):
        fetch(mirrored)
    assert [path.name for path in (mirrored.raw / "chile_egi" / "2019").iterdir()] == ["source.yml"]


def test_a_mirror_without_the_file_is_named(mirrored):
    (mirrored.mirror / "chile_egi" / "a.csv").unlink()
    with pytest.raises(GovIndexError, match=r"the mirror \(GOVINDEX_MIRROR\) has no chile_egi/a"):
        fetch(mirrored)


def test_what_has_no_address_is_to_be_placed_by_hand(mirrored):
    with pytest.raises(GovIndexError, match=r"a\.csv: has no public address; place it there by"):
        fetch(replace(mirrored, mirror=None))


def test_a_raw_folder_elsewhere_gets_the_declarations_of_the_project(settings, mirror):
    said = []
    fetch_edition(replace(settings, mirror=mirror), "chile_egi", "2021", said.append)
    folder = settings.raw / "chile_egi" / "2021"
    assert sorted(path.name for path in folder.iterdir()) == [
        "corrections.csv",
        "egi_2021.csv",
        "local_gov_indicators_2021.csv",
        "source.yml",
    ]


def test_record_writes_the_checksums_of_the_files_as_they_lie_there(settings, collect):
    folder = collect({"a.csv": ("websites", CONTENT)})
    (folder / "a.csv").write_bytes(b"changed on purpose")
    assert record_edition(settings, "chile_egi", "2019") == ["a.csv"]
    entry = yaml.safe_load((folder / "source.yml").read_text())["files"]["a.csv"]
    assert entry["sha256"] == sha256(b"changed on purpose").hexdigest()
    assert record_edition(settings, "chile_egi", "2019") == []
    verified_source(settings, "chile_egi", "2019")
