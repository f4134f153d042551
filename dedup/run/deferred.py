"""Steps of a run that nothing waits for until its end, taken in order by whichever thread is free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock

MOST_WAITING = 4
"""Steps that wait; each holds the text of a batch in memory."""
Step = Callable[[], None]


class Deferred:
    """Takes steps one at a time, in the order in which they were given."""

    def __init__(self, later: Callable[[Step], None]) -> None:
        """`later`: has a thread that is free call something."""
        self._later = later
        self._waiting: deque[Step] = deque()
        self._taking = Lock()
        self._error: BaseException | None = None

    def add(self, step: Step) -> None:
        """Have a step taken: here, with those before it, if too many wait."""
        self._waiting.append(step)
        if len(self._waiting) > MOST_WAITING:
            with self._taking:
                self._take_waiting()
        else:
            self._later(self._work)

    def finish(self) -> None:
        """Take what waits. Raises what a step has raised; those behind it were left out."""
        with self._taking:
            self._take_waiting()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        # Whoever comes while another is at it leaves the work to that one, which looks again after it has let go.
        while self._waiting and self._taking.acquire(blocking=False):
            try:
                self._take_waiting()
            finally:
                self._taking.release()

    def _take_waiting(self) -> None:
        while self._waiting:
            step = self._waiting.popleft()
            if self._error is None:
                try:
                    step()
                except Exception as error:  # of a thread that nobody waits for: told at the end
                    self._error = error
