"""Tables that another process reads and audits before their turn comes.

A run over several editions has the tables of the next one read while the one before is computed;
those of the first while the project is loaded. Nothing is landed and nothing recorded there: the
asset does both when its turn comes, and reads a table itself if what was read is not there or
follows from other files than today's. Small files are read sooner than a process starts, so they
are not read ahead.
"""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from dagster_project.collection import landing
from dagster_project.collection.landing import Landing
from dagster_project.collection.manifest import edition_folder
from dagster_project.frameworks import framework as framework_of
from dagster_project.provenance import Provenance
from dagster_project.settings import Settings

# Bytes of the files of an edition. In the seconds that a process needs to start, some MB are read.
SMALLEST = 1_000_000

# A table of an edition of a framework, and what it follows from.
_Key = tuple[Settings, str, str, str]
_read: dict[_Key, Future[tuple[str, Landing]]] = {}


class Reader:
    """Reads the tables of editions in their order, one edition ahead."""

    def __init__(
        self, settings: Settings, editions: Sequence[tuple[str, str]], pool: ProcessPoolExecutor
    ) -> None:
        self._settings = settings
        self._left = list(editions)
        self._pool = pool
        self._begun: list[_Key] = []

    def next_edition(self) -> None:
        """Begins to read the tables of the next edition, and lets go of what was read of those
        before the one begun last."""
        for key in _read.keys() - self._begun:
            del _read[key]
        self._begun = []
        if not self._left:
            return
        framework, edition = self._left.pop(0)
        folder = edition_folder(self._settings, framework, edition)
        if sum(path.stat().st_size for path in folder.glob("*")) < SMALLEST:
            return
        for table in framework_of(framework).tables:
            key = (self._settings, framework, edition, table)
            try:
                _read[key] = self._pool.submit(_audited, *key)
            except BrokenExecutor:  # was killed: every table is read when its turn comes
                return
            self._begun.append(key)


@contextmanager
def reading_ahead(settings: Settings, editions: Sequence[tuple[str, str]]) -> Iterator[Reader]:
    """A process that reads ahead while the block runs; the first edition is begun at once."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_end_with_parent) as pool:
        reader = Reader(settings, editions, pool)
        reader.next_edition()
        try:
            yield reader
        finally:
            _read.clear()
            pool.shutdown(cancel_futures=True)


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


def _end_with_parent() -> None:
    """Lets the worker end with the process that it works for: at an interrupt at once and without
    a word, and when that one was killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()
    assert parent is not None

    def end() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()
