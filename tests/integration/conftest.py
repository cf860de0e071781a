"""Sandboxes in which a test may spoil the real files."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dagster_project import runs
from dagster_project.collection.fetch import record_edition
from dagster_project.collection.manifest import edition_folder
from dagster_project.publication.revisions import current_link
from dagster_project.settings import Settings


@dataclass(frozen=True)
class Sandbox:
    """A copy of the computed editions whose files a test may change."""

    settings: Settings

    def folder(self, edition: str) -> Path:
        return edition_folder(self.settings, "chile_egi", edition)

    def change(self, edition: str, name: str, edit: Callable[[bytes], bytes]) -> None:
        """Changes a collected file and records its new checksum."""
        path = self.folder(edition) / name
        path.write_bytes(edit(path.read_bytes()))
        record_edition(self.settings, "chile_egi", edition)

    def run(self, edition: str, reason: str = "") -> str | None:
        """Runs an edition; returns the sentence that says why it was not published."""
        [outcome] = runs.run_editions(self.settings, [("chile_egi", edition)], reason)
        return outcome.failure

    def published(self, edition: str) -> Path:
        return current_link(self.settings, "chile_egi", edition)


@pytest.fixture(scope="session")
def sandbox_data(computed: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all sandboxes: what a test leaves there, the next one overwrites."""
    folder = tmp_path_factory.mktemp("sandbox") / "data"
    shutil.copytree(computed.data, folder, symlinks=True)
    return folder


@pytest.fixture
def sandbox(computed: Settings, sandbox_data: Path, tmp_path: Path) -> Sandbox:
    shutil.copytree(computed.raw, tmp_path / "raw")
    return Sandbox(replace(computed, raw=tmp_path / "raw", data=sandbox_data))


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a folder by name; of the revision, if it is a link."""
    folder = folder.resolve()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
