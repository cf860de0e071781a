"""A second process beside a run: what it can do meanwhile, and where nobody does it there.

It is for work that needs only files and gives the same wherever it is done: reading tables
(collection/ahead.py) and writing pages (site/build.py). Whoever runs editions holds it; in the
Dagster UI nobody does. Who gives it work does that work himself where there is no such process,
where it was killed or has failed, or has not begun when the result is needed.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from dagster_project.collection.manifest import edition_folder
from dagster_project.settings import Settings

# Bytes of the files of an edition from which on the process pays. It needs two to three seconds
# to start, and in those some MB are read and the pages of a small edition written.
SMALLEST = 1_000_000
# Objects of the graphs of dbt and Dagster, and of tables, stay: to look through them for garbage
# again and again is a fifth of the time of a process.
COLLECTED = (100_000, 50, 100)

Result = TypeVar("Result")


class _Process:
    """A process that does one thing after another."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._calls, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,))
        self._process.start()
        theirs.close()
        # One thread waits for it, so that a call that is not its turn yet can be taken back.
        self._turns = ThreadPoolExecutor(1)

    def submit(self, function: Callable[..., Result], *arguments: Any) -> Future[Result]:
        return self._turns.submit(self._call, function, arguments)

    def _call(self, function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
        self._calls.send((function, arguments))
        done, found = self._calls.recv()
        if not done:
            raise RuntimeError(found)
        result: Result = found
        return result

    def end(self) -> None:
        """Has it end, whatever it does, because it keeps nothing that would be lost; its libraries
        take their time to, which nobody needs to wait for."""
        self._turns.shutdown(wait=False, cancel_futures=True)
        self._process.terminate()


_held: list[_Process] = []


@contextmanager
def process(settings: Settings, editions: Sequence[tuple[str, str]]) -> Iterator[None]:
    """Holds a second process while the block runs, if one of the editions is large enough for it
    to pay; within another such block the one that is there."""
    if _held or not any(_pays(settings, *one) for one in editions):
        yield
        return
    _held.append(_Process())
    try:
        yield
    finally:
        _held.pop().end()


def submit(function: Callable[..., Result], *arguments: Any) -> Future[Result] | None:
    """Has the second process call a function of a module, after what it was given before; None
    if there is no such process."""
    return _held[-1].submit(function, *arguments) if _held else None


def done(asked: Future[Any] | None) -> bool:
    """Whether the second process did what it was given. Waits for what it has begun, and takes
    back what it has not."""
    return asked is not None and not asked.cancel() and asked.exception() is None


def _pays(settings: Settings, framework: str, edition: str) -> bool:
    folder = edition_folder(settings, framework, edition)
    return sum(path.stat().st_size for path in folder.glob("*")) >= SMALLEST


def _serve(calls: Connection) -> None:
    """The second process: answers calls until it is told to end."""
    _end_with_parent()
    ended = []

    def end(*_: object) -> None:
        ended.append(True)  # for the case that a library keeps the exit to itself
        sys.exit()

    signal.signal(signal.SIGTERM, end)
    gc.set_threshold(*COLLECTED)
    while not ended:
        function, arguments = calls.recv()
        try:
            answer = (True, function(*arguments))
        except Exception as error:
            answer = (False, f"{type(error).__name__}: {error}")
        calls.send(answer)


def _end_with_parent() -> None:
    """Lets this process end with the one that it works for: at an interrupt at once and without
    a word, and when that one was killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()
    assert parent is not None

    def end() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()
