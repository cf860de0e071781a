"""Where a long step says how far it is. The command line listens; in the UI nobody does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str], None]

# dbt reports from threads of its own, which a context variable would not reach.
_listeners: list[Listener] = []


def report(message: str) -> None:
    """Says what is being done now, as `step, n of m`."""
    for listener in _listeners:
        listener(message)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hands every report to a listener while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
