"""The one Definitions object that the code location of workspace.yaml loads."""

from dagster_project.build import build_definitions
from dagster_project.settings import Settings

defs = build_definitions(Settings.from_environment())
