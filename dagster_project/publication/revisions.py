"""Revisions: what was published of an edition, each in a folder that never changes.

data/revisions/<framework>/<edition>/<n>/ holds it, a line of the ledger beside it says how it
came about, data/published/<framework>/<edition> is a link to the current one, swapped in one
step. An edition is a draft until it is released.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster_project.collection.manifest import sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.files import remove
from dagster_project.publication import ledger
from dagster_project.publication.ledger import MANIFEST, revisions_folder
from dagster_project.publication.writing import Edition, write
from dagster_project.settings import Settings
from dagster_project.warehouse import held

LOCK = "publication.lock"
# The first page of the site of a revision.
START = "site/index.html"


def current_link(settings: Settings, framework: str, edition: str) -> Path:
    """The link to the revision that is published."""
    return settings.published / framework / edition


def revision_folder(
    settings: Settings, framework: str, edition: str, revision: int | None = None
) -> Path:
    """Folder of a revision, of the published one if None.

    Raises GovIndexError if there is none.
    """
    folder = revisions_folder(settings, framework, edition)
    if revision is None:
        link = current_link(settings, framework, edition)
        if link.is_dir():
            return link.resolve()
        raise GovIndexError(
            f"{framework} {edition} is not published; run "
            f"`govindex run --framework {framework} --edition {edition}`"
        )
    if revision not in ledger.numbers(folder):
        known = ", ".join(str(number) for number in ledger.numbers(folder)) or "none"
        raise GovIndexError(f"{framework} {edition} has no revision {revision}; known: {known}")
    return folder / str(revision)


def site_of(settings: Settings, framework: str, edition: str) -> Path:
    """The first page of the site of a published edition.

    Raises GovIndexError if nothing is published, or a revision that has no site.
    """
    folder = revision_folder(settings, framework, edition)
    if not (folder / START).is_file():
        raise GovIndexError(
            f"{framework} {edition} revision {folder.name}: has no site; run "
            f"`govindex run --framework {framework} --edition {edition}`, which publishes one"
        )
    return current_link(settings, framework, edition) / START


def latest_revision(settings: Settings, framework: str, edition: str) -> int:
    """Number of the last revision; 0 if nothing was published yet."""
    return max(ledger.numbers(revisions_folder(settings, framework, edition)), default=0)


def current_revision(settings: Settings, framework: str, edition: str) -> int:
    """Number of the revision that is published; 0 if none is."""
    link = current_link(settings, framework, edition)
    return int(link.resolve().name) if (link / MANIFEST).is_file() else 0


def wrong_link(settings: Settings, framework: str, edition: str) -> str:
    """The link of an edition that was published, if it is lost or does not show the last
    revision: its name and what it shows. Empty if it is right."""
    latest = latest_revision(settings, framework, edition)
    current = current_revision(settings, framework, edition)
    if latest and current == latest:
        return ""
    if not latest:
        return f"revisions/{framework}/{edition}: holds no revision"
    shown = f"revision {current}" if current else "no revision"
    return f"published/{framework}/{edition}: shows {shown} instead of {latest}"


def read_manifest(settings: Settings, framework: str, edition: str, revision: int) -> Any:
    """The manifest of a revision as it was written.

    Raises GovIndexError if it is not there or cannot be read.
    """
    return ledger.read_manifest(revisions_folder(settings, framework, edition) / str(revision))


def is_published(settings: Settings, framework: str, edition: str, new: Edition) -> bool:
    """Whether the last revision of an edition has this content already."""
    last = latest_revision(settings, framework, edition)
    if not last:
        return False
    content: str = read_manifest(settings, framework, edition, last)["content"]
    return content == new.content


def publish(
    settings: Settings,
    framework: str,
    edition: str,
    new: Edition,
    reason: str = "",
    run: str = "",
    fingerprint: str = "",
    begin_site: Callable[[Path], Callable[[Path], object]] | None = None,
) -> int:
    """Makes the content the published revision of an edition; returns its number.

    reason: why it was made; another reason alone makes no revision. run, fingerprint: for
    the ledger. begin_site: begins with the pages of a revision when all files but its workbook are
    in its folder, maybe in another process, and returns what writes the others, all from its
    files alone.

    Content that the last revision has already is not published again. A run that is killed
    leaves either the old revision published or the new one.

    Raises GovIndexError if the edition is released and would change without a reason.
    """
    folder = revisions_folder(settings, framework, edition)
    reason = reason.strip()
    with held(settings.data / LOCK, "another publication to end"):
        ledger.mend(folder)
        last = latest_revision(settings, framework, edition)
        if is_published(settings, framework, edition, new):
            _link(settings, framework, edition, last)
            return last
        refuse_silent_change(settings, framework, edition, reason)
        # A number that the ledger gave once is not given again, though its folder is gone.
        given = [line.revision for line in ledger.read(folder).lines]
        number = max(last, *given, 0) + 1
        unfinished = folder / f".{number}.part"
        remove(unfinished)
        unfinished.mkdir(parents=True)
        cause = ledger.causes(folder, last, new.sources)
        write(unfinished, number, new, reason, cause, _earlier(folder), begin_site)
        ledger.prepare(
            folder,
            ledger.Line(
                event=ledger.PUBLICATION,
                revision=number,
                cause=cause,
                reason=reason,
                run=run,
                fingerprint=fingerprint,
                checksum=sha256_of(unfinished / MANIFEST),
                time=ledger.now(),
            ),
        )
        unfinished.replace(folder / str(number))
        ledger.mend(folder)
        _link(settings, framework, edition, number)
        return number


def refuse_silent_change(settings: Settings, framework: str, edition: str, reason: str) -> None:
    """Raises GovIndexError if the edition is released and no reason is given to replace it."""
    released = ledger.read(revisions_folder(settings, framework, edition)).released
    if released and not reason.strip():
        raise GovIndexError(
            f"{framework} {edition}: released as revision {released}, so what is published is "
            "replaced only with a reason: say why with --reason; revision "
            f"{current_revision(settings, framework, edition)} stays published"
        )


def release(settings: Settings, framework: str, edition: str, reason: str = "") -> int:
    """Releases the published revision of an edition; returns its number.

    Raises GovIndexError if nothing is published, if files of the revision changed, if it is
    released already, or if another one was released before and no reason is given.
    """
    folder = revisions_folder(settings, framework, edition)
    reason = reason.strip()
    with held(settings.data / LOCK, "another publication to end"):
        ledger.mend(folder)
        number = current_revision(settings, framework, edition)
        if not number:
            raise GovIndexError(
                f"{framework} {edition}: nothing is published that could be released; run "
                f"`govindex run --framework {framework} --edition {edition}`"
            )
        problems = problems_of(settings, framework, edition)
        if problems:
            raise GovIndexError(f"not released, because {problems[0]}")
        before = ledger.read(folder).released
        if before == number:
            raise GovIndexError(f"{framework} {edition}: revision {number} is released already")
        if before and not reason:
            raise GovIndexError(
                f"{framework} {edition}: revision {before} was released before; say with "
                f"--reason why revision {number} takes its place"
            )
        published = ledger.read(folder).publication(number)
        ledger.append(
            folder,
            ledger.Line(
                event=ledger.RELEASE,
                revision=number,
                cause=[],
                reason=reason,
                run="",
                fingerprint=published.fingerprint if published else "",
                checksum=sha256_of(folder / str(number) / MANIFEST),
                time=ledger.now(),
            ),
        )
        return number


def problems_of(settings: Settings, framework: str, edition: str) -> list[str]:
    """Every file of an edition's revisions that is not as it was published, a sentence each;
    also what is wrong with its ledger and its link."""
    folder = revisions_folder(settings, framework, edition)
    try:
        known = ledger.read(folder)
        found = ledger.problems(folder)
    except GovIndexError as error:
        return [str(error)]
    for line in known.lines:
        manifest = folder / str(line.revision) / MANIFEST
        if not manifest.is_file():
            continue
        if sha256_of(manifest) != line.checksum:
            found.append(
                f"{_shown(manifest)}: is not the file that was "
                + ("published" if line.event == ledger.PUBLICATION else "released")
            )
            continue
        if line.event == ledger.RELEASE:
            continue
        found += changed_files(manifest.parent)
    current = current_revision(settings, framework, edition)
    latest = max((line.revision for line in known.lines), default=0)
    if current != latest:
        found.append(
            f"published/{framework}/{edition}: shows revision {current or 'none'} instead of "
            f"{latest}; run `govindex run --framework {framework} --edition {edition}`"
        )
    return found


def changed_files(revision: Path) -> list[str]:
    """Every file in the folder of a revision that is not as its manifest says, a sentence each.

    Raises GovIndexError if the manifest is not there or cannot be read.
    """
    manifest = revision / MANIFEST
    declared = ledger.read_manifest(revision)["files"]
    there = {
        path.relative_to(revision).as_posix(): path
        for path in sorted(revision.rglob("*"))
        if path.is_file() and path != manifest
    }
    found = []
    for name in sorted({*declared, *there}):
        place = _shown(manifest).removesuffix(MANIFEST) + name
        if name not in there:
            found.append(f"{place}: is missing")
        elif name not in declared:
            found.append(f"{place}: was not published with the revision")
        elif sha256_of(there[name]) != declared[name]:
            found.append(f"{place}: changed since it was published")
    return found


def _shown(path: Path) -> str:
    return "/".join(["revisions", *path.parts[-4:]])


def _earlier(folder: Path) -> list[dict[str, Any]]:
    """The publications before, as the ledger tells them: revision, time, cause, reason."""
    names = ("revision", "time", "cause", "reason")
    lines = [line for line in ledger.read(folder).lines if line.event == ledger.PUBLICATION]
    return [{name: getattr(line, name) for name in names} for line in lines]


def _link(settings: Settings, framework: str, edition: str, number: int) -> None:
    """Points published/ at a revision, in one step."""
    link = current_link(settings, framework, edition)
    link.parent.mkdir(parents=True, exist_ok=True)
    target = os.path.relpath(
        revisions_folder(settings, framework, edition) / str(number), link.parent
    )
    if link.is_symlink() and os.readlink(link) == target:
        return
    aside = link.with_name(f".{link.name}.link")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(link)
