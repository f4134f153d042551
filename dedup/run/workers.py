"""Threads that sketch batches ahead of the matching, which goes in input order."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from dedup.batches import Batch
from dedup.threads import started


class Sketcher(Protocol):
    """What the workers want of an engine."""

    def sketch(self, batch: Batch, /) -> Any:
        """Sketch a batch; called from any thread."""


class Task:
    """A batch on its way to being sketched."""

    __slots__ = ("batch", "done", "error", "sketches")

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.done = threading.Event()
        self.sketches: Any = None
        self.error: BaseException | None = None


class Workers:
    """`threads - 1` threads beside the caller's, which sketches too when it would have to wait."""

    def __init__(self, engine: Sketcher, threads: int, prepare: Callable[[Batch], None]) -> None:
        """
        Args:
            engine: sketches.
            threads: how many there may be, the caller's among them.
            prepare: called with each batch before it is sketched, from the same thread.
        """
        self._engine = engine
        self._prepare = prepare
        self.threads = threads
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._todo: deque[Callable[[], None]] = deque()
        self._waiting = threading.Semaphore(0)

    @property
    def ahead(self) -> int:
        """Batches worth keeping under way."""
        return 1 if self.threads == 1 else self.threads + 1

    def submit(self, batch: Batch) -> Task:
        """Queue a batch; a thread is started only for a second batch under way."""
        task = Task(batch)
        self._todo.append(partial(self._sketch, task))
        if len(self._threads) < self.threads - 1 and len(self._todo) > 1:
            self._start_one()
        if self._threads:
            self._waiting.release()
        return task

    def _start_one(self) -> None:
        if thread := started(self._work, daemon=True):
            self._threads.append(thread)
            self._waiting.release()  # for the batch that was there before the thread
        else:
            self.threads = len(self._threads) + 1  # no more than there are

    def announce(self, take_part: Callable[[], None]) -> None:
        """Let every thread that is free call `take_part`, before it sketches anything more."""
        for _ in self._threads:
            self._todo.appendleft(take_part)
            self._waiting.release()

    def beside(self, step: Callable[[], None]) -> None:
        """Have a step done by whoever is free first; at once where there is one thread. It must not raise."""
        if not self._threads:
            step()
            return
        self._todo.append(step)
        self._waiting.release()

    def result(self, task: Task) -> Any:
        """The sketches of a batch, made here if nobody has begun; raises what sketching raised."""
        while not task.done.is_set():
            step = self._next()
            if step is None:
                task.done.wait()
            else:
                step()
        if task.error is not None:
            raise task.error
        return task.sketches

    def close(self) -> None:
        """End the threads, each after the step it is at; what waits is left undone."""
        self._closed = True
        for _ in self._threads:
            self._waiting.release()
        for thread in self._threads:
            thread.join()

    def _next(self) -> Callable[[], None] | None:
        """What waits longest, unless another thread was faster."""
        try:
            return self._todo.popleft()
        except IndexError:
            return None

    def _work(self) -> None:
        while True:
            self._waiting.acquire()
            if self._closed:
                return
            step = self._next()
            if step is not None:
                step()
            del step  # and what it holds

    def _sketch(self, task: Task) -> None:
        try:
            self._prepare(task.batch)
            task.sketches = self._engine.sketch(task.batch)
        except BaseException as error:  # handed to the caller's thread
            task.error = error
        task.done.set()


def available_processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
