"""What the generator chose, and what the platform makes of it."""

from functools import cache
from pathlib import Path

import pytest

from dagster_project.demonstration.demo import realised_edition
from dagster_project.demonstration.realisation import Realised

FRAMEWORK = "internet_service"


@cache
def realised(edition: str) -> Realised:
    """The point values of an edition and the scores that they give."""
    return realised_edition(FRAMEWORK, edition)


@pytest.fixture(scope="session")
def computed_demo(demonstrated: dict[str, Path]) -> Path:
    """What the platform publishes of 2019."""
    return demonstrated["2019"]
