"""Where a long job says how far it is. The command line listens; in the UI nobody does."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Called with what is worked on (an edition) and what is done now (a step, `n of m`).
Listener = Callable[[str, str], None]

# dbt reports from threads of its own, which a context variable would not reach.
_listeners: list[Listener] = []
_subjects: list[str] = []


def report(message: str) -> None:
    """Says what is being done now."""
    for listener in _listeners:
        listener(" ".join(_subjects), message)


def tell(sentence: str) -> None:
    """Says, for good, something that was mended and that nobody asked for."""
    print(f"govindex: {sentence}", file=sys.stderr)


@contextmanager
def working_on(subject: str) -> Iterator[None]:
    """Names what the reports of this block are about."""
    _subjects.append(subject)
    try:
        yield
    finally:
        _subjects.remove(subject)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hands every report to a listener while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
