"""One demonstration of 2019 for all tests: written once, computed once."""

from functools import cache
from pathlib import Path

import pytest

from dagster_project import runs
from dagster_project.demonstration.demo import realised_edition, write_demo
from dagster_project.demonstration.realisation import Realised
from dagster_project.publication.revisions import current_link
from dagster_project.settings import Settings

FRAMEWORK = "internet_service"


@cache
def realised(edition: str) -> Realised:
    """The point values of an edition and the scores that they give."""
    return realised_edition(FRAMEWORK, edition)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """raw/ with the demonstration of 2019. Tests only read it."""
    root = tmp_path_factory.mktemp("demonstration")
    settings = Settings(raw=root / "raw", data=root / "data")
    done = write_demo(settings, FRAMEWORK, "2019")
    assert done.written
    return settings


@pytest.fixture(scope="session")
def computed_demo(written: Settings) -> Path:
    """What the platform publishes of it."""
    [outcome] = runs.run_editions(written, [(FRAMEWORK, "2019")])
    assert outcome.failure is None
    return current_link(written, FRAMEWORK, "2019")
