"""The few paths and switches of the platform, read from the environment and nowhere else."""

import os
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import GovIndexError

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"
DECLARED_RAW = PROJECT / "raw"  # where the project's own source.yml and corrections.csv stand


@dataclass(frozen=True)
class Settings:
    """Where raw files come from and where everything that is computed goes.

    raw: folder of the collected files (GOVINDEX_RAW, default raw/).
    data: folder of all results (GOVINDEX_DATA, default data/).
    mirror: folder that stands in for the public addresses (GOVINDEX_MIRROR), or None.
    """

    raw: Path
    data: Path
    mirror: Path | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings that the environment names.

        Raises GovIndexError if one of them names a file.
        """
        mirror = os.environ.get("GOVINDEX_MIRROR")
        for name in ("GOVINDEX_RAW", "GOVINDEX_DATA", "GOVINDEX_MIRROR"):
            if os.environ.get(name) and Path(os.environ[name]).is_file():
                raise GovIndexError(f"{name} names the file {os.environ[name]}; it takes a folder")
        return cls(
            raw=Path(os.environ.get("GOVINDEX_RAW") or PROJECT / "raw").resolve(),
            data=Path(os.environ.get("GOVINDEX_DATA") or PROJECT / "data").resolve(),
            mirror=Path(mirror).resolve() if mirror else None,
        )

    @property
    def landing(self) -> Path:
        return self.data / "landing"

    @property
    def quarantine(self) -> Path:
        return self.data / "quarantine"

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def revisions(self) -> Path:
        return self.data / "revisions"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def dagster_home(self) -> Path:
        return self.data / "dagster"

    @property
    def state(self) -> Path:
        """What the last runs stored: fingerprints and the SQL of each edition."""
        return self.data / "state"
