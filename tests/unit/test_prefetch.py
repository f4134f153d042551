"""Work that runs a few steps ahead."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from dedup.sources.prefetch import STEPS, Prefetch


def test_values_come_in_order_and_the_first_without_a_thread() -> None:
    """A small file does without one."""
    makers: list[str] = []

    def values() -> Iterator[int]:
        for number in range(50):
            makers.append(threading.current_thread().name)
            yield number

    assert list(Prefetch(values())) == list(range(50))
    assert makers[0] == threading.current_thread().name
    assert len(set(makers)) == 2


def test_an_error_comes_in_its_place() -> None:
    """After the values before it."""

    def values() -> Iterator[int]:
        yield from (1, 2, 3)
        raise OSError("torn")

    prefetch = Prefetch(values())
    assert [next(prefetch), next(prefetch), next(prefetch)] == [1, 2, 3]
    with pytest.raises(OSError, match="torn"):
        next(prefetch)


def test_closing_waits_until_nothing_more_is_made() -> None:
    """Who closes it may close what it reads."""
    made: list[int] = []
    threads: set[threading.Thread] = set()

    def values() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            threads.add(threading.current_thread())
            yield number

    prefetch = Prefetch(values())
    assert [next(prefetch), next(prefetch)] == [0, 1]
    prefetch.close()
    assert len(made) <= 2 + STEPS + 2
    assert [thread.is_alive() for thread in threads - {threading.current_thread()}] == [False]
