import os
import re

import pytest

from dagster_project.collection import manifest
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework
from dagster_project.provenance import Provenance

FILES = {"a.csv": ("websites", b"a\n1\n"), "b.csv": ("published_scores", b"b\n2\n")}


def load(settings):
    return manifest.load_source(settings, "chile_egi", "2019")


def version(settings):
    return Provenance(settings, framework("chile_egi"), {}).raw("2019").value


def test_files_that_fit_are_accepted(settings, collect):
    collect(FILES)
    source = manifest.verified_source(settings, "chile_egi", "2019")
    assert source.files["a.csv"].table == "websites"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "a.csv").write_bytes(b"a\n2\n"), "2019/a.csv: changed since"),
        (lambda folder: (folder / "b.csv").unlink(), "2019/b.csv: missing"),
        (lambda folder: (folder / "c.csv").write_bytes(b"x"), "2019/c.csv: not listed"),
        (lambda folder: (folder / "source.yml").unlink(), "source.yml: missing"),
    ],
)
def test_what_does_not_fit_is_named(settings, collect, spoil, sentence):
    spoil(collect(FILES))
    with pytest.raises(GovIndexError, match=f"raw/chile_egi/{sentence}|{sentence}"):
        manifest.verified_source(settings, "chile_egi", "2019")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda text: "", "it holds no named entries"),
        (lambda text: "- x", "it holds no named entries"),
        (lambda text: text + "\n  x: [", r"row \d+: .+"),
        (lambda text: text.replace("licence: none\n", ""), "`licence` is missing"),
        (lambda text: "title: x", r"`producer` is missing \(and 5 more\)"),
        (lambda text: text + "editor: x\n", "`editor` is not known there"),
        (
            lambda text: text.replace("synthetic: true", "synthetic: perhaps"),
            "`synthetic` is 'perhaps'; input should be a valid boolean, .+",
        ),
        (
            lambda text: text.replace("size: 4", "size: -4", 1),
            "`files.a.csv.size` is -4; input should be greater than or equal to 0",
        ),
    ],
)
def test_a_broken_declaration_is_one_sentence(settings, collect, edit, said):
    path = collect(FILES) / "source.yml"
    path.write_text(edit(path.read_text()))
    with pytest.raises(GovIndexError) as caught:
        load(settings)
    sentence = r"raw/chile_egi/2019/source\.yml: " + said + r"; raw/README\.md says what it holds"
    assert re.fullmatch(sentence, str(caught.value))
    assert "pydantic" not in str(caught.value)


def test_all_that_is_wrong_is_named_at_once(settings, collect):
    folder = collect(FILES)
    (folder / "a.csv").unlink()
    (folder / "c.csv").write_bytes(b"x")
    with pytest.raises(GovIndexError, match=r"a\.csv: missing.*; .*c\.csv: not listed"):
        manifest.verified_source(settings, "chile_egi", "2019")


def test_a_missing_folder_is_named(settings):
    with pytest.raises(GovIndexError, match="raw/chile_egi/2019: there is no such folder"):
        load(settings)


def test_identical_bytes_fetched_again_are_the_same_version(settings, collect):
    folder = collect(FILES)
    before = version(settings)
    (folder / "a.csv").write_bytes(FILES["a.csv"][1])
    os.utime(folder / "a.csv", (1, 1))
    (folder / "source.yml").write_text(
        (folder / "source.yml").read_text().replace("licence: none", "licence: other")
    )
    assert version(settings) == before


def test_other_bytes_and_other_corrections_are_other_versions(settings, collect):
    folder = collect(FILES)
    versions = [version(settings)]
    (folder / "corrections.csv").write_text("table\n")
    versions.append(version(settings))
    collect({**FILES, "a.csv": ("websites", b"a\n3\n")})
    versions.append(version(settings))
    assert len(set(versions)) == 3


def test_a_folder_that_is_no_edition_is_named(settings, collect):
    collect(FILES)
    (settings.raw / "chile_egi" / "2020").mkdir()
    [sentence] = manifest.unknown_folders(settings, "chile_egi")
    assert "raw/chile_egi/2020: 2020 is no edition of chile_egi; known: 2016, 2019" in sentence


def test_an_edition_with_declarations_alone_has_no_files(settings, collect):
    folder = collect(FILES)
    assert manifest.editions_with_files(settings, "chile_egi") == ["2019"]
    for name in FILES:
        (folder / name).unlink()
    assert manifest.editions_with_files(settings, "chile_egi") == []
