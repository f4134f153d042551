"""Steps beside a run are taken in their order, by whoever is free, and their errors are told at its end."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest

from dedup.run.deferred import MOST_WAITING, Deferred
from dedup.run.workers import Workers

Step = Callable[[], None]


def test_too_many_are_taken_by_who_brings_them() -> None:
    """Each holds a batch in memory; so there is a bound."""
    taken: list[int] = []
    deferred = Deferred(lambda step: None)
    for number in range(MOST_WAITING):
        deferred.add(lambda number=number: taken.append(number))
    assert taken == []
    deferred.add(lambda: taken.append(MOST_WAITING))
    assert taken == list(range(MOST_WAITING + 1))


def test_the_order_is_kept_whoever_takes_them() -> None:
    """Several threads may come for the work at once."""
    todo: list[Step] = []
    taken: list[int] = []
    deferred = Deferred(todo.append)
    for number in range(400):
        deferred.add(lambda number=number: taken.append(number))

    def work() -> None:
        while todo:
            try:
                todo.pop()()
            except IndexError:
                return

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deferred.finish()
    assert taken == list(range(400))


def test_an_error_is_told_at_the_end() -> None:
    """By whom it was met does not matter; what follows it is left out."""
    taken: list[int] = []

    def fail() -> None:
        raise OSError(5, "gone")

    deferred = Deferred(lambda step: step())
    for step in (lambda: taken.append(1), fail, lambda: taken.append(2)):
        deferred.add(step)
    with pytest.raises(OSError, match="gone"):
        deferred.finish()
    assert taken == [1]


def test_one_thread_does_it_at_once() -> None:
    """There is nobody to leave it to."""
    done: list[int] = []
    workers = Workers(engine=None, threads=1, prepare=lambda batch: None)  # type: ignore[arg-type]
    workers.beside(lambda: done.append(1))
    assert done == [1]
