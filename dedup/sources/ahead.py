"""Work that runs a few steps ahead of who uses it, in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
STEPS = 1


class Ahead(Generic[T]):
    """An iterator whose next values are made while the last one is used; values come in order.

    The thread starts with the second value, so that a small file does without.
    """

    def __init__(self, values: Iterator[T]) -> None:
        self._values = values
        self._ready: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(STEPS)
        self._given = 0
        self._stopped = False
        self._thread: threading.Thread | None = None

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        self._given += 1
        if self._given == 1:
            return next(self._values)
        if self._given == 2:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        value, error = self._ready.get()
        if error is not None:
            self._given += 1
            raise error
        return value  # type: ignore[return-value]  # without an error there is one

    def close(self) -> None:
        """Stop the thread at its next step, and wait until it has let go of what it reads."""
        self._stopped = True
        while not self._ready.empty():
            self._ready.get()
        if self._thread is not None:
            self._thread.join()  # there is room for the one value that it may still put

    def _work(self) -> None:
        while not self._stopped:
            try:
                self._ready.put((next(self._values), None))
            except BaseException as error:  # handed to the user's thread, StopIteration as well
                self._ready.put((None, error))
                return
