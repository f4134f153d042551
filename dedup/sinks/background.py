"""Work that is done in the background of who asks for it, in order, in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from dedup.threads import started

WAITING = 2
"""Steps that may wait: what they hold bounds the memory. With none, a step is taken when the one before is done."""


class Background:
    """Does steps one after another in a thread; what a step raises comes out of the next call.

    The first step is done at once, if nothing else is said: small outputs need no thread.
    """

    def __init__(self, waiting: int = WAITING, *, at_once: bool = True) -> None:
        self._steps: queue.SimpleQueue[tuple[Callable[[], None], bool] | None] = queue.SimpleQueue()
        """And whether each takes room."""
        self._room = threading.Semaphore(waiting + 1)
        """For those that wait and the one that is being done."""
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._begun = not at_once

    def do(self, step: Callable[[], None]) -> None:
        """Have a step done after those before it."""
        self._raise()
        if not self._begun:
            self._begun = True
            step()
            return
        self._room.acquire()
        if self._error is not None:
            self._room.release()
            self._raise()
        self._put(step, True)

    def do_soon(self, step: Callable[[], None]) -> None:
        """Have a small step done after those before it, whatever room there is: it holds what is held anyway."""
        self._raise()
        self._put(step, False)

    def _put(self, step: Callable[[], None], takes_room: bool) -> None:
        if self._thread is None:
            self._thread = started(self._work, daemon=True)
        if self._thread is not None:
            self._steps.put((step, takes_room))
            return
        try:
            step()
        finally:
            if takes_room:
                self._room.release()

    def wait(self) -> None:
        """Until all steps are done. The next one starts anew."""
        if self._thread is not None:
            self._steps.put(None)
            self._thread.join()
            self._thread = None
        self._raise()

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        failed = False
        while (asked := self._steps.get()) is not None:
            step, takes_room = asked
            if not failed:  # else it is forgotten, so that nobody waits for room
                try:
                    step()
                except BaseException as error:  # handed to the caller's thread
                    self._error, failed = error, True
            del asked, step  # and what it holds
            if takes_room:
                self._room.release()
