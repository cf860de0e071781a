"""The one writer: who may open data/warehouse.duckdb, and when.

DuckDB lets one process write, and then no other can even read. The lock belongs to the
kernel, which frees it when a process dies, however it dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from dagster_project.progress import report
from dagster_project.settings import Settings

# Dagster's pool: it queues runs; the lock protects.
POOL = "duckdb"
LOCK = "warehouse.lock"


@contextmanager
def held(path: Path, whom: str) -> Iterator[None]:
    """Holds a lock file; waits, and says for whom, while another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(f"waiting for {whom}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def exclusive(settings: Settings) -> Iterator[None]:
    """Holds the warehouse for this process."""
    with held(settings.data / LOCK, "another run to let go of the warehouse"):
        yield


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the warehouse, held exclusively."""
    with exclusive(settings):
        connection = duckdb.connect(str(settings.warehouse), read_only=True)
        try:
            yield connection
        finally:
            connection.close()
