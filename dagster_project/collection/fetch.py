"""Fills raw/ with the files that have a public address, and says where the others belong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pooch
import yaml

from dagster_project.collection import manifest
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework as framework_of
from dagster_project.settings import DECLARED_RAW, Settings


def fetch_edition(
    settings: Settings, framework: str, edition: str, report: Callable[[str], None]
) -> None:
    """Puts every file of an edition that source.yml declares into its folder.

    A file that is there with the right checksum stays; one with another checksum is never
    overwritten. With GOVINDEX_MIRROR the files come from that folder, those without an
    address too.

    Raises GovIndexError that names every file that could not be had.
    """
    folder = manifest.edition_folder(settings, framework, edition)
    _declare(settings, framework, edition, folder)
    if not (folder / manifest.MANIFEST).is_file():
        raise GovIndexError(
            f"{manifest.shown(settings, folder)}/{manifest.MANIFEST}: missing, so nobody knows "
            "what to fetch; restore it from the repository"
        )
    source = manifest.load_source(settings, framework, edition)
    failed = []
    for name, declared in source.files.items():
        path = folder / name
        shown = manifest.shown(settings, path)
        try:
            if path.is_file():
                _refuse_other_bytes(path, declared, shown)
                continue
            _bring(settings, framework, declared, path, shown)
            report(f"{shown}: fetched, {declared.size} bytes")
        except GovIndexError as error:
            failed.append(str(error))
    if failed:
        raise GovIndexError("; ".join(failed))
    report(f"{manifest.shown(settings, folder)}: complete, {len(source.files)} files")


def record_edition(settings: Settings, framework: str, edition: str) -> list[str]:
    """Writes checksum and size of the files as they lie there into source.yml.

    Returns the names of the files whose entry changed. Raises GovIndexError for a declared
    file that is missing.
    """
    folder = manifest.edition_folder(settings, framework, edition)
    path = folder / manifest.MANIFEST
    if not path.is_file():
        raise GovIndexError(
            f"{manifest.shown(settings, path)}: missing; raw/README.md says what it holds"
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = dict(content["files"])
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise GovIndexError(
            f"{manifest.shown(settings, path)}: cannot be understood "
            f"({' '.join(str(error).split())}); raw/README.md says what it holds"
        ) from error
    changed = []
    for name, entry in entries.items():
        file = folder / name
        if not file.is_file():
            raise GovIndexError(f"{manifest.shown(settings, file)}: missing; place it there first")
        now = {"sha256": manifest.sha256_of(file), "size": file.stat().st_size}
        if {key: entry.get(key) for key in now} != now:
            entry.update(now)
            changed.append(name)
    if changed:
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
        path.write_text(text, encoding="utf-8")
    manifest.load_source(settings, framework, edition)
    return changed


def _declare(settings: Settings, framework: str, edition: str, folder: Path) -> None:
    """Brings the project's own source.yml and corrections.csv into a raw/ that lies elsewhere."""
    declared = DECLARED_RAW / framework / edition
    if (folder / manifest.MANIFEST).is_file() or not (declared / manifest.MANIFEST).is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # source.yml last, so that a folder that has it has its corrections too.
    for name in (manifest.CORRECTIONS, manifest.MANIFEST):
        if (declared / name).is_file():
            shutil.copyfile(declared / name, folder / name)


def _bring(
    settings: Settings, framework: str, declared: manifest.SourceFile, path: Path, shown: str
) -> None:
    """Copies a file from the mirror or downloads it, checks it, and only then names it."""
    aside = path.with_name(f".{path.name}.part")
    if settings.mirror:
        origin = settings.mirror / framework_of(framework).data_set / path.name
        if not origin.is_file():
            raise GovIndexError(
                f"{shown}: the mirror (GOVINDEX_MIRROR) has no "
                f"{framework_of(framework).data_set}/{path.name}; add it there or unset the mirror"
            )
        shutil.copyfile(origin, aside)
    elif declared.address:
        try:
            pooch.retrieve(declared.address, known_hash=None, fname=aside.name, path=aside.parent)
        except Exception as error:  # whatever the network throws, the user reads one sentence
            raise GovIndexError(
                f"{shown}: could not be fetched from {declared.address} "
                f"({type(error).__name__}); try again, or set GOVINDEX_MIRROR to a folder that "
                f"holds {framework_of(framework).data_set}/{path.name}"
            ) from error
    else:
        raise GovIndexError(
            f"{shown}: has no public address; place it there by hand (sha256 {declared.sha256})"
        )
    _refuse_other_bytes(aside, declared, shown)
    aside.replace(path)


def _refuse_other_bytes(path: Path, declared: manifest.SourceFile, shown: str) -> None:
    checksum = manifest.sha256_of(path)
    if checksum != declared.sha256:
        if path.name.endswith(".part"):
            path.unlink()
        raise GovIndexError(
            f"{shown}: has sha256 {checksum[:12]}…, {manifest.MANIFEST} expects "
            f"{declared.sha256[:12]}…; nothing was overwritten"
        )
