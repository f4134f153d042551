"""Work that runs a few steps ahead of who uses it, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from dedup.threads import started

if TYPE_CHECKING:
    from queue import Queue

T = TypeVar("T")
STEPS = 1
"""Values that may be ready and wait; what they hold bounds the memory."""


class Prefetch(Generic[T]):
    """An iterator whose next values are made while the last one is used; values come in order.

    The thread starts with the second value, so that a small file does without, and without a queue.
    """

    def __init__(self, values: Iterator[T]) -> None:
        self._values = values
        self._ready: Queue[tuple[T | None, BaseException | None]] | None = None
        self._fresh = True
        """Nothing was asked for yet."""
        self._stopped = False
        self._thread: threading.Thread | None = None

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        if self._fresh:
            self._fresh = False
            return next(self._values)
        ready = self._ready or self._begin()
        if ready is None:
            return next(self._values)
        value, error = ready.get()
        if error is not None:
            raise error
        return value  # type: ignore[return-value]  # without an error there is one

    def close(self) -> None:
        """Stop the thread at its next step, and wait until it has let go of what it reads."""
        self._stopped = True
        if self._ready is None or self._thread is None:
            return
        while not self._ready.empty():
            self._ready.get()
        self._thread.join()  # there is room for the one value that it may still put

    def _begin(self) -> Queue[tuple[T | None, BaseException | None]] | None:
        """The queue that a thread fills; None if there can be no thread."""
        from queue import Queue

        ready: Queue[tuple[T | None, BaseException | None]] = Queue(STEPS)
        self._thread = started(self._work, ready, daemon=True)
        if self._thread is not None:
            self._ready = ready
        return self._ready

    def _work(self, ready: Queue[tuple[T | None, BaseException | None]]) -> None:
        while not self._stopped:
            try:
                ready.put((next(self._values), None))
            except BaseException as error:  # handed to the user's thread, StopIteration as well
                ready.put((None, error))
                return
