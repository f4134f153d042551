"""The library: what the command does, for Python. Paths or bytes in, cleaned text and a `Report` out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol

from dedup.errors import InputSkipped, ReadError, UsageError
from dedup.report.model import Report
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.removals import Removals
    from dedup.sinks import Sink, Target
    from dedup.sinks.outputs import Outputs
    from dedup.sources.text import Source

Path = str | os.PathLike[str]
Input = Path | Sequence[Path] | bytes | bytearray | memoryview | BinaryIO
Observer = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


def clean(
    source: Input,
    output: Target | None = None,
    *,
    output_dir: Path | None = None,
    settings: Settings | None = None,
    report: Path | None = None,
    removals: Path | None = None,
    details: bool = True,
    map_removed: bool = False,
    observe: Observer | None = None,
) -> Report:
    """Write `source` without the blocks that repeat what stands before them.

    Args:
        source: a path or several (`-` is standard input), each a text or a file of records; the contents
            of one as bytes; or a binary file object, read to its end. A `str` is a path: for text see `clean_text`.
        output: a path (`-` is standard output) that appears whole or not at all, or a binary file object.
            Compressed if the path ends with .gz, .bz2, .xz or .zst.
        output_dir: instead of `output`: a folder that gets a file for each input, with its name and compression.
        settings: what counts as a repeat and what goes; the defaults if None.
        report: a path for the JSON report, committed together with the output.
        removals: a path for what `restore` needs to give the input back.
        details: collect every block with its repeats, and digests of what went in and out; always so with
            `report`. Digests of reports can be compared where both have details.
        map_removed: fill `report.removed_map`, which shows where in the input the removed text lies.
        observe: called with bytes read, for a progress display; from the calling thread.
    Returns:
        The report; `report.skipped` lists inputs that could not be opened, and `report.files` what was read,
        with records that were passed through as they are because they hold no text to look at.
    Raises:
        UsageError: a setting is out of its range, two outputs are the same file, or inputs of different
            formats would go into one output.
        ReadError, WriteError: nothing was put in the place of output or report; in `output_dir` the files
            that were complete by then stay.
        ReaderGone: the output is a pipe that was closed by its reader.
    """
    from dedup.sinks import open_sink

    settings = (settings or Settings()).validate()
    _refuse_same(output, report, removals)
    with _Sinks() as sinks:
        # Opened before the run: a missing directory shows now and not after an hour.
        report_sink = sinks.add(open_sink(report)) if report is not None else None
        outputs, log = sinks.open_outputs(output, output_dir, removals)
        wanted = _Wanted(details or report is not None, map_removed, observe)
        result = _run(source, outputs, settings, wanted)
        if log is not None:
            log.close()
        if report_sink is not None:
            from dedup.report.json import write_report

            write_report(result, report_sink)
        sinks.commit()
    return result


def scan(
    source: Input,
    *,
    settings: Settings | None = None,
    details: bool = True,
    map_removed: bool = False,
    observe: Observer | None = None,
) -> Report:
    """What `clean` would remove, without an output. Arguments and errors are those of `clean`."""
    from dedup.sinks.stream import NullSink

    wanted = _Wanted(details, map_removed, observe)
    return _run(source, NullSink(), (settings or Settings()).validate(), wanted)


def clean_text(text: str, *, settings: Settings | None = None) -> tuple[str, Report]:
    """Clean one document held as a string; also gives the report.

    Lone surrogates (from `errors="surrogateescape"`) pass through unharmed.
    """
    import io

    output = io.BytesIO()
    report = clean(text.encode("utf-8", "surrogateescape"), output, settings=settings)
    return output.getvalue().decode("utf-8", "surrogateescape"), report


class _Held(Protocol):
    """What is committed or aborted; see `Sink`."""

    def prepare(self) -> None: ...

    def commit(self) -> None: ...

    def abort(self) -> None: ...


class _Sinks:
    """Several sinks that are committed together, or all aborted when anything goes wrong before."""

    def __init__(self) -> None:
        self._open: list[_Held] = []

    def __enter__(self) -> _Sinks:
        return self

    def __exit__(self, *_error: object) -> None:
        for sink in self._open:
            sink.abort()

    def add(self, sink: Sink) -> Sink:
        self._open.append(sink)
        return sink

    def open_outputs(
        self, output: Target | None, output_dir: Path | None, removals: Path | None
    ) -> tuple[Outputs, Removals | None]:
        """Where the products go, and the removals file; it is committed before them."""
        from dedup.sinks import open_sink
        from dedup.sinks.outputs import OneOutput, TreeOutput

        if (output is None) == (output_dir is None):
            raise UsageError("an output and an output directory exclude each other", "Give one of them.")
        sink = None if output is None else self.add(open_sink(output, compress=True))
        log = None
        if removals is not None:
            from dedup.removals import Removals

            log = Removals(self.add(open_sink(removals)))
        if sink is not None:
            return OneOutput(sink, log), log
        tree = TreeOutput(os.fspath(output_dir or ""), log)
        self._open.append(tree)
        return tree, log

    def commit(self) -> None:
        """Prepare all before committing any: a full disk leaves every target as it was."""
        for sink in self._open:
            sink.prepare()
        while self._open:
            self._open[-1].commit()
            self._open.pop()


class _Wanted(NamedTuple):
    """What the caller wants to know besides the totals."""

    details: bool
    map_removed: bool
    observe: Observer | None


def _run(source: Input, sink: Sink | Outputs, settings: Settings, wanted: _Wanted) -> Report:
    from dedup import pipeline

    outcome = pipeline.run(_sources(source), sink, settings, **wanted._asdict())
    if outcome.skipped and not outcome.files:
        raise ReadError(*_nothing_read(outcome.skipped))
    return Report.build(settings, outcome, detailed=wanted.details)


def _sources(source: Input) -> list[Source]:
    """One source for each file, opened when its turn comes."""
    from dedup.sources import text

    if isinstance(source, (bytes, bytearray, memoryview)):
        return [text.from_bytes(bytes(source), "<bytes>")]
    if hasattr(source, "read"):
        file: Any = source
        return [text.from_file(file, str(getattr(file, "name", "<file>")))]
    return [text.PathSource(path) for path in _paths(source)]


def _paths(source: Path | Sequence[Path]) -> list[str]:
    if isinstance(source, (str, os.PathLike)):
        return [os.fspath(source)]
    return [os.fspath(path) for path in source]


def _refuse_same(output: Target | None, report: Path | None, removals: Path | None) -> None:
    """One file cannot be two; a device can."""
    named = {"output": output, "report": report, "removals file": removals}
    paths = {name: os.fspath(path) for name, path in named.items() if isinstance(path, (str, os.PathLike))}
    for (one, first), (other, second) in combinations(paths.items(), 2):
        same = first == second or os.path.realpath(first) == os.path.realpath(second)
        if same and not first.startswith("/dev/"):
            raise UsageError(f"{one} and {other} are the same file: {first}", f"Give the {other} a name of its own.")


def _nothing_read(skipped: list[InputSkipped]) -> tuple[str, str]:
    reasons = "; ".join(f"{one.path}: {one.reason}" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return (
        f"no input could be read: {reasons}{more}",
        "Check the names, the permissions and the options, then run again.",
    )
