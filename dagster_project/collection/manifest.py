"""What lies in raw/<framework>/<edition>/: source.yml held against the files.

Checksums, the version of an edition's raw data, and every disagreement by name. Reads
no content; that is the readers' work.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dagster_project.errors import GovIndexError, what_is_wrong
from dagster_project.registers import editions
from dagster_project.settings import DECLARED_RAW, Settings

MANIFEST = "source.yml"
CORRECTIONS = "corrections.csv"


class SourceFile(BaseModel):
    """One collected file as source.yml declares it.

    table: the framework's table that it holds. address: where it can be fetched, or none
    if it is placed by hand. columns: names of columns where this file's differ, as
    {column of the table: name in the file}.
    """

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    table: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    address: str | None = None
    columns: dict[str, str] = {}


class Source(BaseModel):
    """source.yml: where an edition's files come from, and what they are."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    title: str
    producer: str
    address: str
    licence: str
    collected_on: str
    synthetic: bool
    files: dict[str, SourceFile]


def edition_folder(settings: Settings, framework: str, edition: str) -> Path:
    """raw/<framework>/<edition>/"""
    return settings.raw / framework / edition


def shown(settings: Settings, path: Path) -> str:
    """A path of a raw file as messages and tables name it: from raw/ on."""
    return f"raw/{path.relative_to(settings.raw).as_posix()}"


def sha256_of(path: Path) -> str:
    """Checksum of a file's bytes, in hexadecimal."""
    state = path.stat()
    # The kernel sets the time of the last change of a file and nobody else can.
    return _sha256(path, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=10_000)
def _sha256(path: Path, *_state: int) -> str:
    """A file is read once as long as it is the same, because each of its tables asks for it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_source(settings: Settings, framework: str, edition: str) -> Source:
    """The declaration of an edition's raw files.

    Raises GovIndexError if the folder or source.yml is missing or cannot be understood.
    """
    folder = edition_folder(settings, framework, edition)
    name = shown(settings, folder)
    if not folder.is_dir():
        raise GovIndexError(
            f"{name}: there is no such folder; run `govindex fetch --framework {framework} "
            f"--edition {edition}` or put the collected files and a {MANIFEST} there"
        )
    path = folder / MANIFEST
    if not path.is_file():
        raise GovIndexError(f"{name}/{MANIFEST}: missing; raw/README.md says what it holds")
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Source(**content)
    except (yaml.YAMLError, ValidationError, TypeError, UnicodeDecodeError) as error:
        raise GovIndexError(
            f"{name}/{MANIFEST}: {what_is_wrong(error)}; raw/README.md says what it holds"
        ) from error


def problems(settings: Settings, framework: str, edition: str, source: Source) -> list[str]:
    """Every changed, missing or extra file of an edition, a sentence each."""
    folder = edition_folder(settings, framework, edition)
    found = []
    for name, declared in source.files.items():
        path = folder / name
        if not path.is_file():
            found.append(
                f"{shown(settings, path)}: missing; run `govindex fetch --framework {framework} "
                f"--edition {edition}`"
                + ("" if declared.address else ", which says how to place it by hand")
            )
        elif (checksum := sha256_of(path)) != declared.sha256:
            found.append(
                f"{shown(settings, path)}: changed since its checksum was written to {MANIFEST} "
                f"(sha256 {checksum[:12]}…, expected {declared.sha256[:12]}…); move it away and "
                "fetch it again or, if the change is meant, record it with "
                f"`govindex fetch --framework {framework} --edition {edition} --record`"
            )
        elif path.stat().st_size != declared.size:
            found.append(
                f"{shown(settings, path)}: has {path.stat().st_size} bytes, {MANIFEST} says "
                f"{declared.size}; mend it there, or record it with `govindex fetch --record`"
            )
    found += [
        f"{shown(settings, path)}: not listed in {MANIFEST}; list it there under `files` or take "
        "it away"
        for path in unlisted(settings, framework, edition, source)
    ]
    return found


def unlisted(settings: Settings, framework: str, edition: str, source: Source) -> list[Path]:
    """The files of an edition that source.yml does not list, hidden ones left out."""
    folder = edition_folder(settings, framework, edition)
    known = {MANIFEST, CORRECTIONS, *source.files}
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.relative_to(folder).as_posix() not in known
        and not path.name.startswith(".")
    ]


def verified_source(settings: Settings, framework: str, edition: str) -> Source:
    """The declaration of an edition whose files are all there and unchanged.

    Raises GovIndexError that names every changed, missing or extra file.
    """
    source = load_source(settings, framework, edition)
    if found := problems(settings, framework, edition, source):
        raise GovIndexError("; ".join(found))
    return source


def unknown_folders(settings: Settings, framework: str) -> list[str]:
    """Folders of a framework whose name is no edition of the register, a sentence each."""
    known = [line.edition for line in editions(framework)]
    folder = settings.raw / framework
    return [
        f"{shown(settings, path)}: {path.name} is no edition of {framework}; known: "
        f"{', '.join(known)} (the register is dbt_project/seeds/editions.csv)"
        for path in sorted(folder.iterdir() if folder.is_dir() else [])
        if path.is_dir() and path.name not in known and not path.name.startswith(".")
    ]


def editions_with_files(settings: Settings, framework: str) -> list[str]:
    """Editions that have at least one collected file in raw/."""
    return [
        line.edition
        for line in editions(framework)
        if any(
            path.is_file()
            and path.name not in (MANIFEST, CORRECTIONS)
            and not path.name.startswith(".")
            for path in edition_folder(settings, framework, line.edition).rglob("*")
        )
    ]


def missing_editions(settings: Settings, framework: str, known: Sequence[str] = ()) -> list[str]:
    """Editions whose files everyone can have and that has none here, a sentence each; of a
    framework that was never collected here nothing is missing.

    known: editions of which others say it."""
    present = editions_with_files(settings, framework)
    if not present and not (settings.published / framework).is_dir():
        return []
    return [
        f"{shown(settings, edition_folder(settings, framework, line.edition))}: holds no collected "
        f"file; run `govindex fetch --framework {framework} --edition {line.edition}`"
        for line in editions(framework)
        if line.public and line.edition not in present and line.edition not in known
    ]


def declared_editions(settings: Settings, framework: str) -> list[str]:
    """Editions whose files a source.yml declares, here or in the project's own raw/."""
    return [
        line.edition
        for line in editions(framework)
        if line.public
        or any(
            (raw / framework / line.edition / MANIFEST).is_file()
            for raw in (settings.raw, DECLARED_RAW)
        )
    ]
