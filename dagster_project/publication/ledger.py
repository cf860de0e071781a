"""The ledger of an edition: one line a publication or release, only ever appended to.

data/revisions/<framework>/<edition>/ledger.jsonl stands beside the revisions. Lines are in
the order in which things happened; their times are for people and order nothing. Each line is
kept a second time in a record of its own, .<revision>.<event>.json, from which a ledger that was
lost or cut is mended.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dagster_project.collection.manifest import sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.files import write_aside
from dagster_project.progress import tell
from dagster_project.provenance import Parts, changed_places
from dagster_project.settings import Settings

NAME = "ledger.jsonl"
MANIFEST = "manifest.json"
# What a revision follows from, so that the next one can say what changed.
SOURCES = "sources.json"
PUBLICATION = "publication"
RELEASE = "release"


@dataclass(frozen=True)
class Line:
    """What happened to an edition.

    event: publication or release. revision: the number of the revision it is about. cause:
    what changed since the revision before, as {cause, source}. fingerprint: of the published
    asset. checksum: sha256 of the revision's manifest, which has those of all its files.
    time: UTC, ISO 8601. note: says if the line was not written by the run itself.
    """

    event: str
    revision: int
    cause: list[dict[str, str]]
    reason: str
    run: str
    fingerprint: str
    checksum: str
    time: str
    note: str = ""


@dataclass(frozen=True)
class Ledger:
    """The lines of an edition's ledger, and what had to be mended to read them."""

    lines: list[Line]
    complaint: str = ""

    @property
    def released(self) -> int:
        """Number of the revision that was released last; 0 for a draft."""
        return max((one.revision for one in self.lines if one.event == RELEASE), default=0)

    def publication(self, revision: int) -> Line | None:
        """The line of a revision's publication."""
        found = (o for o in self.lines if o.event == PUBLICATION and o.revision == revision)
        return next(found, None)


def revisions_folder(settings: Settings, framework: str, edition: str) -> Path:
    """Where the revisions of an edition stand, numbered from 1."""
    return settings.revisions / framework / edition


def numbers(folder: Path) -> list[int]:
    """Numbers of the revisions that stand in a folder, in order."""
    return sorted(int(path.name) for path in folder.glob("*") if path.name.isdigit())


def now() -> str:
    """The time as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_manifest(revision: Path) -> dict[str, Any]:
    """The manifest in the folder of a revision as it was written.

    Raises GovIndexError if it is not there or cannot be read.
    """
    path = revision / MANIFEST
    place = f"revisions/{'/'.join(path.resolve().parts[-4:])}"
    if not path.is_file():
        raise GovIndexError(f"{place}: is missing; put back the file that was published")
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if "files" not in content:
            raise ValueError("it names no files")
    except (ValueError, TypeError) as error:
        raise GovIndexError(
            f"{place}: cannot be read ({error}); put back the file that was published"
        ) from error
    return content


def read(folder: Path) -> Ledger:
    """The ledger beside an edition's revisions, by revision, a release after its publication.

    Every line has a record of its own in the folder, and a revision says itself what it follows
    from. So what was lost of the ledger is made good from the records and, without these, from
    the revisions; `complaint` says so. A revision of which neither a line nor a record is left
    might have been released, so if no release is known it is taken as released.

    Raises GovIndexError if any line but the last cannot be read.
    """
    path = folder / NAME
    lines, whole = _parsed(path)
    cut_short = path.is_file() and whole < path.stat().st_size
    known = {_key(line): line for line in reversed(lines)}
    recorded = {_key(line): line for line in _records(folder) if _key(line) not in known}
    found = known | recorded
    prepared: list[Line] = []
    lost: list[Line] = []
    for number in numbers(folder):
        if (number, PUBLICATION) not in found:
            line = _line_of(_prepared(folder, number))
            (prepared if line else lost).append(line or _from_revision(folder, number))
    found |= {_key(line): line for line in (*prepared, *lost)}
    taken = None
    released = any(line.event == RELEASE for line in found.values())
    if not released and (lost or (cut_short and not recorded and not prepared)) and found:
        # What was cut short, or lost, may have been a release.
        taken = _taken_as_released(folder, found[max(found)])
        if taken:
            found[_key(taken)] = taken
    complaint = _complaint(path, cut_short, [*recorded.values()], lost, taken)
    return Ledger([found[key] for key in sorted(found)], complaint)


def prepare(folder: Path, line: Line) -> None:
    """Lays down the line of a revision that is about to appear, for `mend` to append."""
    write_aside(_prepared(folder, line.revision), _text(line))


def append(folder: Path, line: Line) -> None:
    """Appends a line, and before it those that are missing; the caller holds the lock."""
    mend(folder)
    # The record first: a line that is lost can be made good, a release that is not known not.
    _record(folder, line)
    _append(folder / NAME, [line])


def mend(folder: Path) -> None:
    """Writes what `read` made good, and says so; the caller holds the lock."""
    path = folder / NAME
    lines, whole = _parsed(path)
    known = read(folder)
    if known.complaint:
        tell(f"{known.complaint}; the ledger was mended")
    for line in known.lines:
        _record(folder, line)
    if path.is_file() and whole < path.stat().st_size:
        os.truncate(path, whole)
    text = path.read_bytes() if path.is_file() else b""
    if text and not text.endswith(b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")
    written = {_key(line) for line in lines}
    _append(path, [line for line in known.lines if _key(line) not in written])
    for number in numbers(folder):
        _prepared(folder, number).unlink(missing_ok=True)
    for left in folder.glob(".*.part"):
        # Half a file of a writer that was killed.
        if left.is_file():
            left.unlink()


def problems(folder: Path) -> list[str]:
    """What is wrong with a ledger, a sentence each: what was lost of it, lines that stand twice
    or are not those of the records, and lines that disagree with the revisions."""
    path = folder / NAME
    known = read(folder)
    found = [known.complaint] if known.complaint else []
    records = {_key(line): line for line in _records(folder)}
    met: set[tuple[int, str]] = set()
    for number, line in enumerate(_parsed(path)[0], start=1):
        place = f"{_shown(path)}, line {number}: the {_named(line)}"
        if _key(line) in met:
            found.append(f"{place} stands there twice; take one away")
        met.add(_key(line))
        if line != records.get(_key(line), line):
            record = _record_path(folder, line).name
            found.append(f"{place} is not as it was written (its record {record} differs)")
        manifest = folder / str(line.revision) / MANIFEST
        if not manifest.is_file():
            if line.event == PUBLICATION:
                lost = MANIFEST if manifest.parent.is_dir() else "folder"
                found.append(f"{place} is that of a revision whose {lost} is missing")
            continue
        as_published = sha256_of(manifest) == line.checksum
        if line.event == PUBLICATION and as_published and line.reason != _reason(manifest):
            found.append(f"{place} gives another reason than {line.revision}/{MANIFEST}")
    return found


def causes(folder: Path, before: int, sources: Parts) -> list[dict[str, str]]:
    """What differs between the sources of a revision and those of the one before it, as {cause,
    source}. before: its number, 0 if there is none."""
    if before not in numbers(folder):
        return [{"cause": "missing", "source": "no revision before"}]
    old = _sources(folder / str(before))
    if old is None:
        return [{"cause": "missing", "source": f"revision {before} does not say what it is of"}]
    found = [{"cause": cause, "source": place} for cause, place in changed_places(old, sources)]
    # Titles and licences are published, and nothing is computed from them.
    return found or [{"cause": "raw", "source": "source.yml"}]


def _append(path: Path, lines: Iterable[Line]) -> None:
    text = "".join(_text(line) for line in lines)
    if text:
        with path.open("ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())


def _parsed(path: Path) -> tuple[list[Line], int]:
    """The lines of a ledger, and how many of its bytes they take: all, unless the last line
    was cut short."""
    if not path.is_file():
        return [], 0
    content = path.read_bytes()
    lines: list[Line] = []
    position = 0
    for number, text in enumerate(content.splitlines(keepends=True), start=1):
        try:
            lines.append(Line(**json.loads(text)))
        except (ValueError, TypeError) as error:
            if content[position + len(text) :].strip():
                raise GovIndexError(
                    f"{_shown(path)}, line {number}: cannot be read; put the line back as it was "
                    "or take it away: it is then mended from its record"
                ) from error
            return lines, position
        position += len(text)
    return lines, position


def _key(line: Line) -> tuple[int, str]:
    """A line is the only one of its revision and event. In the order of these the lines came
    about: what is released is the last revision."""
    return line.revision, line.event


def _record_path(folder: Path, line: Line) -> Path:
    return folder / f".{line.revision}.{line.event}.json"


def _record(folder: Path, line: Line) -> None:
    """Writes a line once more, beside the revision, where a lost ledger does not take it along."""
    path = _record_path(folder, line)
    if not path.is_file():
        write_aside(path, _text(line))
        path.chmod(0o444)


def _records(folder: Path) -> list[Line]:
    """The records of lines, by revision; what cannot be read is none."""
    found = (
        _line_of(path)
        for event in (PUBLICATION, RELEASE)
        for path in folder.glob(f".*.{event}.json")
    )
    return sorted((line for line in found if line), key=_key)


def _line_of(path: Path) -> Line | None:
    try:
        return Line(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _from_revision(folder: Path, number: int) -> Line:
    """The line of a revision of which nothing else is left: what its own files say."""
    manifest = folder / str(number) / MANIFEST
    if not manifest.is_file():
        raise GovIndexError(
            f"{_shown(folder / NAME)}: has no line of revision {number}, and that has no "
            f"{MANIFEST}; take the folder {number} away or put back what belongs there"
        )
    before = max((one for one in numbers(folder) if one < number), default=0)
    return Line(
        event=PUBLICATION,
        revision=number,
        cause=causes(folder, before, _sources(folder / str(number)) or {}),
        reason=_reason(manifest),
        run="",
        fingerprint="",
        checksum=sha256_of(manifest),
        time=now(),
        note="the line was lost and written anew from the revision's files; its run and "
        "fingerprint are not known",
    )


def _taken_as_released(folder: Path, last: Line) -> Line | None:
    manifest = folder / str(last.revision) / MANIFEST
    if not manifest.is_file():
        return None
    return Line(
        event=RELEASE,
        revision=last.revision,
        cause=[],
        reason="",
        run="",
        fingerprint=last.fingerprint,
        checksum=sha256_of(manifest),
        time=now(),
        note="lines were lost, and whether it was released is not known: it is taken as released",
    )


def _sources(revision: Path) -> Parts | None:
    """What a revision follows from; None if it does not say so."""
    try:
        found: Parts = json.loads((revision / SOURCES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _reason(manifest: Path) -> str:
    return str(read_manifest(manifest.parent).get("reason", ""))


def _complaint(
    path: Path, cut_short: bool, recorded: list[Line], lost: list[Line], taken: Line | None
) -> str:
    """What was made good of a ledger, in one sentence; empty if nothing was."""
    if not (cut_short or recorded or lost or taken):
        return ""
    said = []
    if cut_short:
        said.append("the last line was cut short")
    if recorded:
        said.append(f"{_listed(recorded)} is read from its record beside the revision")
    if lost:
        said.append(
            f"{_listed(lost)} was lost with its record, and is read from the revision's files, "
            "which do not tell the run"
        )
    if taken:
        said.append(
            f"whether it was released is not known, so revision {taken.revision} is taken as "
            "released"
        )
    return f"{_shown(path)}: {'; '.join(said)}"


def _listed(lines: list[Line]) -> str:
    return ", ".join(f"the {_named(line)}" for line in lines)


def _named(line: Line) -> str:
    return f"{line.event} of revision {line.revision}"


def _prepared(folder: Path, number: int) -> Path:
    return folder / f".{number}.json"


def _text(line: Line) -> str:
    return json.dumps(asdict(line), ensure_ascii=False) + "\n"


def _shown(path: Path) -> str:
    framework, edition, name = path.parts[-3:]
    return f"revisions/{framework}/{edition}/{name}"
