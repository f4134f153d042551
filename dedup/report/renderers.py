"""Every format that a report can be written in. To add one: a module with `render`, and a row here."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple, cast

from dedup.errors import UsageError
from dedup.report.compiled import Pieces, rows_of
from dedup.report.content import LEVELS

if TYPE_CHECKING:
    from dedup.report.model import Report
    from dedup.sinks import Sink


AT_ONCE = 4
"""Files written side by side: some of them wait for the disk."""
SHARING = ("json", "jsonl", "md")
"""Formats that want the rows of the JSON report, or their digest."""


class Renderer(NamedTuple):
    """One format. Its module has `render(report: Report) -> Iterable[str]`.

    It may have `render_rows(report: Report, rows: Rows) -> Pieces`, which gives the same bytes from flat numbers,
    and `prepare()`, which loads what rendering takes long to load.
    """

    module: str
    """Imported when it is used, and not before."""
    endings: tuple[str, ...]
    """Names of files that mean this format."""
    texts: str
    """How much text of the findings it shows, one of `dedup.report.content.LEVELS`."""
    help: str


RENDERERS: dict[str, Renderer] = {
    "json": Renderer("dedup.report.json", (".json",), "full", "everything; every other format can be made from it"),
    "jsonl": Renderer("dedup.report.jsonl", (".jsonl", ".ndjson"), "full", "a finding a line, the summary last"),
    "text": Renderer("dedup.report.text", (".txt",), "excerpt", "a finding a line, for people and editors"),
    "html": Renderer("dedup.report.html", (".html", ".htm"), "full", "one page to read, with a map of the repeats"),
    "md": Renderer("dedup.report.markdown", (".md", ".markdown"), "excerpt", "Markdown to read or to post"),
    "csv": Renderer("dedup.report.csv", (".csv",), "none", "a row for each finding"),
    "sarif": Renderer("dedup.report.sarif", (".sarif", ".sarif.json"), "excerpt", "SARIF 2.1.0, for code scanning"),
    "junit": Renderer("dedup.report.junit", (".xml",), "excerpt", "JUnit XML, for test reports"),
    "github": Renderer("dedup.report.github", (), "none", "annotations of GitHub Actions"),
    "gitlab": Renderer("dedup.report.gitlab", (".gitlab.json",), "none", "GitLab's code quality report"),
    "badge": Renderer("dedup.report.badge", (".svg",), "none", "a small SVG with the share of repeated words"),
}


def format_of(path: str) -> str:
    """The format that a file's name asks for; a name without an ending (a device, a pipe) gets JSON.

    Raises:
        UsageError: no format has such an ending.
    """
    name = os.path.basename(path).lower()
    fitting = [(ending, format) for format, one in RENDERERS.items() for ending in one.endings if name.endswith(ending)]
    if fitting:
        return max(fitting, key=lambda pair: len(pair[0]))[1]
    if "." not in name:
        return "json"
    endings = ", ".join(ending for one in RENDERERS.values() for ending in one.endings)
    raise UsageError(
        f"no report format has the ending of {path}", f"Name the format, as in json:{path}, or end in one of {endings}."
    )


def level_for(formats: Iterable[str], asked: str = "auto") -> str:
    """How much text to collect for some formats: what was asked for, with `auto` as much as they show."""
    if asked != "auto":
        if asked not in LEVELS:
            raise UsageError(
                f"--report-text cannot be {asked!r}: it is auto, {', '.join(LEVELS[:-1])} or {LEVELS[-1]}",
                "For example: --report-text none (no text of the documents in the report).",
            )
        return asked
    return max((RENDERERS[one].texts for one in formats), key=LEVELS.index, default="none")


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

    With several threads files are written side by side, and the disk has each before it is committed: to wait for
    the disk took longer than to write.
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
        _SideBySide(report, files).write()


class _SideBySide:
    """Files written by several threads; those that share the rows of the JSON report wait until one has made them."""

    def __init__(self, report: Report, files: Sequence[tuple[str, Sink]]) -> None:
        self._report = report
        order = list(RENDERERS)
        longest_first = sorted(files, key=lambda job: order.index(job[0]))
        self._sharing = deque(job for job in longest_first if job[0] in SHARING)
        self._alone = deque(job for job in longest_first if job[0] not in SHARING)
        self._shared = Event()
        self._failed: list[BaseException] = []

    def write(self) -> None:
        """Write them all. Raises what the first of them raised."""
        many = len(self._sharing) + len(self._alone)
        helpers = [Thread(target=self._help) for _ in range(min(AT_ONCE, many) - 1)]
        for helper in helpers:
            helper.start()
        if self._sharing:
            with self._noted():
                self._report.digest  # noqa: B018 - makes the rows and keeps them
        self._shared.set()
        self._work(self._sharing)
        self._work(self._alone)
        for helper in helpers:
            helper.join()
        if self._failed:
            raise self._failed[0]

    def _help(self) -> None:
        self._work(self._alone)
        self._shared.wait()
        self._work(self._sharing)

    def _work(self, files: deque[tuple[str, Sink]]) -> None:
        while files and not self._failed:
            try:
                format, sink = files.popleft()
            except IndexError:  # another thread took the last one
                return
            with self._noted():
                write(self._report, format, sink)
                sink.prepare()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """An error in any thread is one for the caller's."""
        try:
            yield
        except BaseException as error:
            self._failed.append(error)


def prepare(requests: Iterable[Request]) -> Thread:
    """Load in a thread what reports will need, while the run reads and waits; join it before they are written."""
    thread = Thread(target=_load, args=({one.format for one in requests},))
    thread.start()
    return thread


def _load(formats: Iterable[str]) -> None:
    from importlib import import_module

    for format in formats:
        module = import_module(RENDERERS[format].module)
        with suppress(UsageError):  # what is missing will be missed when it is wanted
            getattr(module, "prepare", int)()


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


class Request(NamedTuple):
    """A report that was asked for."""

    format: str
    path: str
    """`-` is standard output."""


def parse_requests(given: Sequence[str], default: str | None = None) -> list[Request]:
    """Read `FILE` or `FORMAT:FILE` as often as it was given.

    Args:
        given: as on the command line.
        default: the format of what does not begin with one; by its ending if None.
    Raises:
        UsageError: a format cannot be told, or two reports are the same file.

    >>> parse_requests(["r.json"])
    [Request(format='json', path='r.json')]
    """
    requests = [_parse(one, default) for one in given]
    paths = [os.path.realpath(one.path) for one in requests if not one.path.startswith("/dev/")]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise UsageError(f"two reports are the same file: {twice}", "Give each report a name of its own.")
    return requests


def _parse(given: str, default: str | None) -> Request:
    format, colon, path = given.partition(":")
    if colon and format in RENDERERS:
        return Request(format, path)
    if default is not None and default not in RENDERERS:
        raise UsageError(f"there is no report format {default!r}", f"These are: {', '.join(RENDERERS)}.")
    if default is None and given == "-":
        raise UsageError("a report on standard output needs a format", "For example: --report json:-")
    return Request(default or format_of(given), given)
