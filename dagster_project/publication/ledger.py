"""The ledger of an edition: one line a publication or release, only ever appended to.

data/revisions/<framework>/<edition>/ledger.jsonl stands beside the revisions. Lines are in
the order in which things happened; their times are for people and order nothing.
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
from dagster_project.settings import Settings

NAME = "ledger.jsonl"
MANIFEST = "manifest.json"
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


def read(folder: Path) -> Ledger:
    """The ledger beside an edition's revisions.

    A last line that was cut short, and the line of a revision whose run was killed before it
    wrote it, are made good from what stands in the folder; `complaint` says so.

    Raises GovIndexError if any other line cannot be read.
    """
    path = folder / NAME
    lines, whole = _parsed(path)
    missing = [one for one in numbers(folder) if one not in _published(lines)]
    cut_short = path.is_file() and whole < path.stat().st_size
    made_good = [_from_folder(folder, number) for number in missing]
    if cut_short and not missing and lines:
        # Every publication has its line, so what was cut short was a release.
        made_good.append(_made_good(RELEASE, folder, lines[-1].revision))
    complaint = ""
    if cut_short:
        complaint = f"{_shown(path)}: the last line was cut short; "
        complaint += (
            f"it is read as the {made_good[-1].event} of revision {made_good[-1].revision}"
            if made_good
            else "it is left out"
        )
    return Ledger([*lines, *made_good], complaint)


def prepare(folder: Path, line: Line) -> None:
    """Lays down the line of a revision that is about to appear, for `mend` to append."""
    write_aside(_prepared(folder, line.revision), _text(line))


def append(folder: Path, line: Line) -> None:
    """Appends a line, and before it those that are missing; the caller holds the lock."""
    mend(folder)
    _append(folder / NAME, [line])


def mend(folder: Path) -> None:
    """Writes what `read` made good; the caller holds the lock."""
    path = folder / NAME
    lines, whole = _parsed(path)
    known = read(folder)
    if path.is_file() and whole < path.stat().st_size:
        os.truncate(path, whole)
    text = path.read_bytes() if path.is_file() else b""
    if text and not text.endswith(b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")
    _append(path, known.lines[len(lines) :])
    for number in numbers(folder):
        _prepared(folder, number).unlink(missing_ok=True)


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
                    f"{_shown(path)}, line {number}: cannot be read; the ledger is only ever "
                    "appended to, so put the line back as it was"
                ) from error
            return lines, position
        position += len(text)
    return lines, position


def _published(lines: Iterable[Line]) -> set[int]:
    return {line.revision for line in lines if line.event == PUBLICATION}


def _from_folder(folder: Path, number: int) -> Line:
    """The line of a revision that has none: the one its run laid down or, without that, what
    its manifest says."""
    prepared = _prepared(folder, number)
    if prepared.is_file():
        return Line(**json.loads(prepared.read_text(encoding="utf-8")))
    return _made_good(PUBLICATION, folder, number)


def _made_good(event: str, folder: Path, number: int) -> Line:
    manifest = folder / str(number) / MANIFEST
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return Line(
        event=event,
        revision=number,
        cause=[],
        reason=content.get("reason", "") if event == PUBLICATION else "",
        run="",
        fingerprint="",
        checksum=sha256_of(manifest),
        time=now(),
        note="the line was lost and written anew from the revision's folder",
    )


def _prepared(folder: Path, number: int) -> Path:
    return folder / f".{number}.json"


def _text(line: Line) -> str:
    return json.dumps(asdict(line), ensure_ascii=False) + "\n"


def _shown(path: Path) -> str:
    framework, edition, name = path.parts[-3:]
    return f"revisions/{framework}/{edition}/{name}"
