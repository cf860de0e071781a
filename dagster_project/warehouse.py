"""The one writer: who may open data/warehouse.duckdb, and when.

DuckDB lets one process write, and then no other can even read. The lock belongs to the
kernel, which frees it when a process dies, however it dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from filelock import FileLock, Timeout

from dagster_project.progress import report
from dagster_project.settings import Settings

# Dagster's pool: it queues runs; the lock protects.
POOL = "duckdb"


@contextmanager
def exclusive(settings: Settings) -> Iterator[None]:
    """Holds the warehouse for this process; waits, and says so, while another holds it."""
    settings.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data / "warehouse.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report("waiting for another run to let go of the warehouse")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the warehouse, held exclusively."""
    with exclusive(settings):
        connection = duckdb.connect(str(settings.warehouse), read_only=True)
        try:
            yield connection
        finally:
            connection.close()
