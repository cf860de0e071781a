"""Tables that the second process (beside.py) reads and audits before their turn comes.

A run over several editions has the tables of the next one read while the one before is computed;
those of the first while the project is loaded. Nothing is landed and nothing recorded there: the
asset does both when its turn comes, and reads a table itself if what was read is not there or
follows from other files than today's.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager

from dagster_project import beside
from dagster_project.collection import landing
from dagster_project.collection.landing import Landing
from dagster_project.frameworks import framework as framework_of
from dagster_project.provenance import Provenance
from dagster_project.settings import Settings

# A table of an edition of a framework, and what it follows from.
_Key = tuple[Settings, str, str, str]
_read: dict[_Key, Future[tuple[str, Landing]]] = {}


class Reader:
    """Has the tables of editions read in their order, one edition ahead."""

    def __init__(self, settings: Settings, editions: Sequence[tuple[str, str]]) -> None:
        self._settings = settings
        self._left = list(editions)
        self._begun: list[_Key] = []

    def next_edition(self) -> None:
        """Begins with the tables of the next edition, and lets go of what was read of those
        before the one begun last."""
        keys = [
            (self._settings, framework, edition, table)
            for framework, edition in self._left[:1]
            for table in framework_of(framework).tables
        ]
        for key in _read.keys() - {*self._begun, *keys}:
            del _read[key]
        for key in keys:
            if key not in _read and (asked := beside.submit(_audited, *key)):
                _read[key] = asked
        self._left = self._left[1:]
        self._begun = keys


@contextmanager
def reading_ahead(settings: Settings, editions: Sequence[tuple[str, str]]) -> Iterator[Reader]:
    """Has tables read ahead while the block runs, if a second process pays; the first edition is
    begun at once. Within another such block what is read there already is not read again."""
    with beside.process(settings, editions):
        reader = Reader(settings, editions)
        reader.next_edition()
        try:
            yield reader
        finally:
            _read.clear()


def audited(
    settings: Settings, framework: str, edition: str, table: str, fingerprint: str
) -> Landing | None:
    """The table as it was read ahead, if it follows from what the fingerprint tells; else None.

    None also where reading failed: whoever reads it again meets the same and says it.
    """
    future = _read.pop((settings, framework, edition, table), None)
    if future is None:
        return None
    try:
        of, found = future.result()
    except Exception:
        return None
    return found if of == fingerprint else None


def _audited(settings: Settings, framework: str, edition: str, table: str) -> tuple[str, Landing]:
    """Reads and audits a table; says what it follows from. The files are read after that, and
    their checksums hold them to it."""
    declared = framework_of(framework)
    fingerprint = Provenance(settings, declared, {}).landed(table, edition).value
    return fingerprint, landing.audited(settings, declared, edition, table)
