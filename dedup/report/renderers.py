"""Reports written in the formats of `dedup.report.formats`, one or several side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Thread
from typing import TYPE_CHECKING, cast

from dedup.report.compiled import Pieces, rows_of
from dedup.report.formats import RENDERERS, Request
from dedup.threads import started

if TYPE_CHECKING:
    from dedup.report.model import Report
    from dedup.sinks import Sink


SHARING = ("json", "jsonl", "md")
"""Formats that want the rows of the JSON report, or their digest."""


def render(report: Report, format: str) -> Iterable[str]:
    """A report in a format, in pieces."""
    from importlib import import_module

    return cast("Iterable[str]", import_module(RENDERERS[format].module).render(report))


def write(report: Report, format: str, sink: Sink) -> None:
    """Write a report to a sink in a format, as UTF-8; the caller commits it.

    A name or a text that is not UTF-8 gets replacement characters, except in JSON, which escapes it.
    """
    for piece in _pieces(report, format):
        sink.write(piece)


def _pieces(report: Report, format: str) -> Pieces:
    """The parts of a file, in C where that was built."""
    from importlib import import_module

    render_rows = getattr(import_module(RENDERERS[format].module), "render_rows", None)
    rows = rows_of(report) if render_rows and report.detailed else None
    if render_rows and rows is not None:
        yield from render_rows(report, rows)
        return
    for piece in batches(render(report, format)):
        yield piece.encode("utf-8", "replace")


def write_all(report: Report, requests: Sequence[Request], sinks: Sequence[Sink], threads: int = 1) -> None:
    """Write every report that was asked for, each to its own sink.

    With several threads files are written side by side, and nothing waits for the disk but their end.
    """
    from dedup.sinks.atomic import FileSink

    jobs = [(one.format, sink) for one, sink in zip(requests, sinks, strict=True)]
    files = [job for job in jobs if isinstance(job[1], FileSink)]
    if threads < 2 or len(files) < 2:
        files = []
    for format, sink in jobs:
        if (format, sink) not in files:  # two may go to one device: in order
            write(report, format, sink)
    if files:
        if report.detailed:
            rows_of(report)  # every renderer shares them
        _SideBySide(report, files).write(threads)


class _SideBySide:
    """Files written by several threads.

    Those that share the rows of the JSON report wait until these are made, and then come before all others: they are
    the largest, and the disk writes them while the others are made.
    """

    def __init__(self, report: Report, files: Sequence[tuple[str, Sink]]) -> None:
        self._report = report
        order = list(RENDERERS)
        longest_first = sorted(files, key=lambda job: order.index(job[0]))
        self._sharing = deque(job for job in longest_first if job[0] in SHARING)
        self._alone = deque(job for job in longest_first if job[0] not in SHARING)
        self._shared = not self._sharing
        self._changed = Condition()
        self._failed: list[BaseException] = []
        self._waiting: list[Thread] = []

    def write(self, threads: int) -> None:
        """Write them all. Raises what the first of them raised."""
        many = len(self._sharing) + len(self._alone)
        helpers = [helper for _ in range(min(threads, many) - 1) if (helper := started(self._work))]
        if self._sharing:
            with self._noted():
                self._report.digest  # noqa: B018 - makes the rows and keeps them
        with self._changed:
            self._shared = True
            self._changed.notify_all()
        self._work()
        for helper in helpers:
            helper.join()
        for waiting in self._waiting:
            waiting.join()
        if self._failed:
            raise self._failed[0]

    def _work(self) -> None:
        while job := self._next():
            format, sink = job
            with self._noted():
                write(self._report, format, sink)
                if waiting := started(self._settle, sink):
                    self._waiting.append(waiting)
                else:
                    self._settle(sink)

    def _settle(self, sink: Sink) -> None:
        """Wait for the disk, while others are written."""
        with self._noted():
            sink.prepare()

    def _next(self) -> tuple[str, Sink] | None:
        with self._changed:
            while not self._failed:
                if self._shared and self._sharing:
                    return self._sharing.popleft()
                if self._alone:
                    return self._alone.popleft()
                if self._shared:
                    break
                self._changed.wait()
        return None

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """An error in any thread is one for the caller's."""
        try:
            yield
        except BaseException as error:
            self._failed.append(error)


def prepare(requests: Iterable[Request]) -> Thread | None:
    """Load in a thread what reports will need, while the run reads and waits; join it before they are written."""
    return started(_load, {one.format for one in requests})


def _load(formats: Iterable[str]) -> None:
    from importlib import import_module

    for format in formats:
        getattr(import_module(RENDERERS[format].module), "prepare", int)()


def batches(pieces: Iterable[str], size: int = 1 << 16) -> Iterable[str]:
    """Join small pieces: a call to the system costs more than a copy."""
    held: list[str] = []
    room = size
    for piece in pieces:
        held.append(piece)
        room -= len(piece)
        if room <= 0:
            yield "".join(held)
            held, room = [], size
    yield "".join(held)
