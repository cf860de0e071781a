"""Fixtures for all tests: where the real data are, and collections made by hand."""

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

from dagster_project import runs
from dagster_project.collection.fetch import fetch_edition
from dagster_project.demonstration.demo import write_demo
from dagster_project.publication.revisions import current_link
from dagster_project.registers import editions
from dagster_project.settings import PROJECT, Settings
from tests.proof.small import govindex, small_copy

EDITIONS = ["2016", "2019", "2021"]
# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("any_machine", deadline=None)
hypothesis_settings.load_profile("any_machine")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of the real data sets. Where CI runs it has to be there."""
    named = os.environ.get("GOVINDEX_MIRROR")
    folder = Path(named) if named else PROJECT.parent / "shared" / "data"
    if not (folder / "chile_egi").is_dir():
        message = "the real data are not here: set GOVINDEX_MIRROR to a folder with chile_egi/"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[..., Path]:
    """Makes a folder once for all processes that run tests; they only read it."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent

    def make_once(name: str, make: Callable[[Path], None]) -> Path:
        done = base / f"{name}.made"
        with FileLock(base / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(base / name, ignore_errors=True)
                (base / name).mkdir()
                make(base / name)
                done.touch()
        return base / name

    return make_once


def fetch_and_run(settings: Settings, framework: str, known: list[str]) -> None:
    for edition in known:
        fetch_edition(settings, framework, edition, lambda _: None)
    run_all(settings, framework, known)


def run_all(settings: Settings, framework: str, known: list[str]) -> None:
    outcomes = runs.run_editions(settings, [(framework, edition) for edition in known])
    assert [outcome.failure for outcome in outcomes] == [None] * len(known)


def settings_in(root: Path, mirror: Path | None = None) -> Settings:
    return Settings(raw=root / "raw", data=root / "data", mirror=mirror)


@pytest.fixture(scope="session")
def computed(mirror: Path, made_once: Callable[..., Path]) -> Settings:
    """All editions of Chile's index, fetched and published. Tests only read it."""

    def make(root: Path) -> None:
        fetch_and_run(settings_in(root, mirror), "chile_egi", EDITIONS)

    return settings_in(made_once("computed", make), mirror)


@pytest.fixture(scope="session")
def surveys(mirror: Path, made_once: Callable[..., Path]) -> Settings:
    """All editions of the UN index, published. Tests only read it."""

    def make(root: Path) -> None:
        known = [line.edition for line in editions("un_egdi")]
        fetch_and_run(settings_in(root, mirror), "un_egdi", known)

    return settings_in(made_once("surveys", make), mirror)


@pytest.fixture(scope="session")
def written(made_once: Callable[..., Path]) -> Settings:
    """raw/ with the demonstration of 2018 and 2019. Tests only read it."""

    def make(root: Path) -> None:
        for edition in ("2018", "2019"):
            assert write_demo(settings_in(root), "internet_service", edition).written

    return settings_in(made_once("demonstration", make))


@pytest.fixture(scope="session")
def demonstrated(written: Settings, made_once: Callable[..., Path]) -> dict[str, Path]:
    """What the platform publishes of the demonstration, by edition."""
    known = ["2018", "2019"]

    made_once("demonstrated", lambda _: run_all(written, "internet_service", known))
    return {edition: current_link(written, "internet_service", edition) for edition in known}


@pytest.fixture(scope="session")
def successor(made_once: Callable[..., Path]) -> Settings:
    """The demonstration on both sides of the break between the frameworks of 互联网 and 数字化,
    published: the last edition before it and those after it. Tests only read it."""
    known = [("internet_service", "2022"), ("digital_service", "2023"), ("digital_service", "2024")]

    def make(root: Path) -> None:
        for framework, edition in known:
            assert write_demo(settings_in(root), framework, edition).written
        outcomes = runs.run_editions(settings_in(root), known)
        assert [outcome.failure for outcome in outcomes] == [None, None, None]

    return settings_in(made_once("successor", make))


@pytest.fixture(scope="session")
def small_project(made_once: Callable[..., Path]) -> Path:
    """A copy of the project with twelve regions, whose edition 2019 was computed."""

    def make(root: Path) -> None:
        small_copy(root)
        result = govindex(root, "run")
        assert result.returncode == 0, result.stderr

    return made_once("small", make)


@pytest.fixture(scope="session")
def published(small_project: Path) -> Path:
    """What the twelve regions' edition 2019 of 互联网服务能力 published."""
    return small_project / "data" / "published" / "internet_service" / "2019"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Empty raw and data folders."""
    (tmp_path / "raw").mkdir()
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data")


@pytest.fixture
def collect(settings: Settings) -> Callable[..., Path]:
    """Puts files of an edition into raw/ with a source.yml that fits them."""

    def put(
        files: dict[str, tuple[str, bytes]], framework: str = "chile_egi", edition: str = "2019"
    ) -> Path:
        folder = settings.raw / framework / edition
        folder.mkdir(parents=True, exist_ok=True)
        for name, (_, content) in files.items():
            (folder / name).write_bytes(content)
        source = {
            "title": "Made by hand",
            "producer": "tests",
            "address": "none",
            "licence": "none",
            "collected_on": "2019",
            "synthetic": True,
            "files": {
                name: {
                    "table": table,
                    "sha256": sha256(content).hexdigest(),
                    "size": len(content),
                }
                for name, (table, content) in files.items()
            },
        }
        (folder / "source.yml").write_text(yaml.safe_dump(source), encoding="utf-8")
        return folder

    return put
