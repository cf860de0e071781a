"""The second process: it does what it is given in turn, and nothing depends on it."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from multiprocessing import active_children

import pytest

from dagster_project import beside

EDITION = ("chile_egi", "2019")


@pytest.fixture
def large(settings, collect):
    collect({"websites.csv": ("websites", b"x" * beside.SMALLEST)}, *EDITION)
    return settings


@contextmanager
def held(settings):
    """A block with a second process; yields that."""
    before = active_children()
    with beside.process(settings, [EDITION]):
        [process] = set(active_children()).difference(before)
        yield process


def test_it_does_what_it_is_given_and_ends_with_the_block(large):
    with held(large) as process:
        first, second = beside.submit(divmod, 7, 2), beside.submit(divmod, 7, 0)
        assert first.result() == (3, 1)
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            second.result()
        assert (beside.done(first), beside.done(second)) == (True, False)
        assert beside.submit(max, 1, 2).result() == 2
    process.join(30)
    assert process.exitcode == 0


def test_within_a_block_there_is_one(large):
    with held(large):
        there = set(active_children())
        with beside.process(large, [EDITION]):
            assert set(active_children()) <= there
        assert beside.submit(max, 1, 2).result() == 2


def test_what_it_has_not_begun_is_taken_back(large):
    with held(large) as process:
        begun, waits = beside.submit(time.sleep, 60), beside.submit(max, 1, 2)
        start = time.monotonic()
        assert not beside.done(waits)
    process.join(30)
    assert begun.exception()
    assert time.monotonic() - start < 50


def test_one_that_is_killed_has_done_nothing(large):
    with beside.process(large, [EDITION]):
        last = beside.submit(signal.raise_signal, signal.SIGKILL)
        after = beside.submit(max, 1, 2)
        assert not beside.done(last)
        assert not beside.done(after)


def test_it_ends_with_one_that_is_killed(large):
    works = f"""
import sys, time
from pathlib import Path
from dagster_project import beside
from dagster_project.settings import Settings
with beside.process(Settings(Path({str(large.raw)!r}), Path({str(large.data)!r})), [{EDITION!r}]):
    beside.submit(max, 1, 2).result()
    beside.submit(time.sleep, 600)
    print("works", flush=True)
    time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", works], stdout=subprocess.PIPE) as worked_for:
        assert worked_for.stdout.readline() == b"works\n"
        worked_for.kill()
        # It holds the other end too, which is closed when both have ended.
        assert worked_for.communicate(timeout=60) == (b"", None)


def test_small_editions_start_none(settings, collect):
    collect({"websites.csv": ("websites", b"x")}, *EDITION)
    there = set(active_children())
    with beside.process(settings, [EDITION, ("chile_egi", "2016")]):
        assert set(active_children()) <= there
        assert beside.submit(max, 1, 2) is None
    assert not beside.done(None)
