"""What the generator chose, and what the platform makes of it."""

from functools import cache
from pathlib import Path

import pytest

from dagster_project.demonstration.demo import realised_edition
from dagster_project.demonstration.facts import demonstrated as frameworks_demonstrated
from dagster_project.demonstration.facts import demonstration
from dagster_project.demonstration.realisation import Realised

FRAMEWORK = "internet_service"
# Every edition that has a demonstration, and one of each framework.
EDITIONS = [
    (code, edition)
    for code in frameworks_demonstrated()
    for edition in demonstration(code).editions
]
LATEST = {"digital_service": "2024", "internet_service": "2019"}


@cache
def realised(framework: str, edition: str) -> Realised:
    """The point values of an edition and the scores that they give."""
    return realised_edition(framework, edition)


@pytest.fixture(scope="session")
def computed_demo(demonstrated: dict[str, Path]) -> Path:
    """What the platform publishes of 2019."""
    return demonstrated["2019"]
