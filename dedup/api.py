"""The library: what the command does, for Python. Paths or bytes in, cleaned text and a `Report` out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol, TypeAlias, TypeGuard

from dedup.errors import InputSkipped, ReadError, UsageError
from dedup.report.formats import Request, level_for, parse_requests
from dedup.report.model import Report
from dedup.report.reading import Reading
from dedup.settings import Settings

if TYPE_CHECKING:
    from threading import Thread

    from dedup.removals.file import Removals
    from dedup.report.jsonl import FindingLines
    from dedup.sinks import Sink, Target
    from dedup.sinks.outputs import Outputs
    from dedup.sinks.where import Held, Where
    from dedup.sources.bundles import Bundle
    from dedup.sources.paths import Listing
    from dedup.sources.source import Source

Path = str | os.PathLike[str]
Input: TypeAlias = "Path | Sequence[Path] | Listing | bytes | bytearray | memoryview | BinaryIO"
Observer = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


def clean(
    source: Input,
    output: Target | None = None,
    *,
    output_dir: Path | None = None,
    in_place: bool = False,
    backup: str = "",
    settings: Settings | None = None,
    report: Path | Sequence[Path] | None = None,
    report_format: str | None = None,
    report_text: str = "auto",
    removals: Path | None = None,
    strict: bool = False,
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
        in_place: instead of both: replace every input file that changes, all of them at the end.
        backup: with `in_place`, the suffix of the name under which the old file stays.
        settings: what counts as a repeat and what goes; the defaults if None.
        report: a path for a report, or several, committed together with the output. The ending tells the format,
            or a format before the path does: `sarif:found.json`.
            If the only one is JSON Lines, findings go to it as they are decided and not into what is returned.
        report_format: the format of reports that do not name theirs.
        report_text: how much text of the findings reports carry: `none`, `excerpt`, `full`, or `auto` for what
            their formats show.
        strict: an input that could not be read, or a record that was none, fails the run at its end.
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
        ReadError, WriteError: nothing was put in the place of any output or of the report.
        ReaderGone: the output is a pipe that was closed by its reader.
    """
    from dedup.sinks import open_sink
    from dedup.sinks.atomic import sync_directories_once
    from dedup.sinks.where import Where

    settings = (settings or Settings()).validate()
    where = Where(output, output_dir, in_place, backup).check()
    requests = _requests(report, report_format, output, removals)
    if where.output is not None and _is_paths(source):
        from dedup.sources.agree import refuse_mixed

        source = _list(source)
        refuse_mixed(source, settings)
    with _Sinks() as sinks:
        # Opened before the run: a missing directory shows now and not after an hour.
        report_sinks = [sinks.add(open_sink(one.path)) for one in requests]
        if len(requests) > 1:
            sync_directories_once(report_sinks)
        outputs, log = sinks.open_outputs(where, removals)
        reading = Reading(_level(requests, report_text))
        stream = _stream(requests, report_sinks, reading.level, settings)
        wanted = _Wanted(details or bool(requests), map_removed, observe, reading._replace(stream=stream))
        loading = _load(requests, settings)
        result = _run(source, outputs, settings, wanted)
        if strict:
            refuse_soft_errors(result)
        if log is not None:
            log.close()
        if stream is not None:
            stream.close(result)
        elif requests:
            from dedup.report.renderers import write_all

            if loading is not None:
                loading.join()
            write_all(result, requests, report_sinks, result.run.threads)
        sinks.commit()
    result.notes.extend(outputs.notes())
    return result


def scan(
    source: Input,
    *,
    settings: Settings | None = None,
    details: bool = True,
    texts: str = "none",
    map_removed: bool = False,
    observe: Observer | None = None,
) -> Report:
    """What `clean` would remove, without an output. Arguments and errors are those of `clean`.

    `texts` is how much text of the findings the report carries, one of `dedup.report.reading.LEVELS`.
    """
    from dedup.sinks.outputs import NoOutput

    wanted = _Wanted(details, map_removed, observe, Reading(texts))
    return _run(source, NoOutput(), (settings or Settings()).validate(), wanted)


def render_report(path: Path, output: Target, format: str) -> Report:
    """Write a stored JSON report in another format; gives the report.

    Args:
        path: of the JSON report; `-` is standard input.
        output: as for `clean`.
        format: one of `dedup.report.formats.RENDERERS`.
    Raises:
        ReadError, UsageError: the report cannot be read, or is none.
        WriteError, ReaderGone: as for `clean`.
    """
    from dedup.report.load import load_report
    from dedup.report.renderers import write
    from dedup.sinks import open_sink

    report = load_report(path)
    with _Sinks() as sinks:
        write(report, format, sinks.add(open_sink(output)))
        sinks.commit()
    return report


def clean_text(text: str, *, settings: Settings | None = None) -> tuple[str, Report]:
    """Clean one document held as a string; also gives the report.

    Lone surrogates (from `errors="surrogateescape"`) pass through unharmed.
    """
    import io

    output = io.BytesIO()
    report = clean(text.encode("utf-8", "surrogateescape"), output, settings=settings)
    return output.getvalue().decode("utf-8", "surrogateescape"), report


def refuse_soft_errors(report: Report) -> None:
    """Raise ReadError if inputs were skipped or records passed through unread: what `strict` asks for."""
    if not report.exit_status:
        return
    passed = sum(sum(file.passed.values()) for file in report.files)
    reasons = [f"{one.path}: {one.reason}" for one in report.skipped[:3]]
    reasons += [f"{file.name}: {reason}" for file in report.files if file.passed for reason in file.passed][:3]
    raise ReadError(
        f"inputs skipped: {len(report.skipped):,}, records not understood: {passed:,} ({'; '.join(reasons[:3])})",
        "With --strict this fails the run; no file was replaced.",
    )


class _Sinks:
    """Several sinks that are committed together, or all aborted when anything goes wrong before."""

    def __init__(self) -> None:
        self._open: list[Held] = []

    def __enter__(self) -> _Sinks:
        return self

    def __exit__(self, *_error: object) -> None:
        for sink in self._open:
            sink.abort()

    def add(self, sink: Sink) -> Sink:
        self._open.append(sink)
        return sink

    def open_outputs(self, where: Where, removals: Path | None) -> tuple[Outputs, Removals | None]:
        """Where the products go, and the removals file, which is committed before them: it is the way back."""
        from dedup.sinks import open_sink

        log = None
        if removals is not None:
            from dedup.removals.file import Removals

            log = Removals(self.add(open_sink(removals)))
        outputs, held = where.open(log)
        self._open.insert(0, held)
        return outputs, log

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
    reading: Reading = Reading()


def _requests(
    report: Path | Sequence[Path] | None, format: str | None, output: Target | None, removals: Path | None
) -> list[Request]:
    if report is None:
        _refuse_same(output, None, removals)
        return []
    given = [report] if isinstance(report, (str, os.PathLike)) else report
    requests = parse_requests([os.fspath(one) for one in given], format)
    for one in requests:
        _refuse_same(output, one.path, removals)
    return requests


def _stream(requests: list[Request], sinks: list[Sink], level: str, settings: Settings) -> FindingLines | None:
    """Where findings go while the run goes on: so that a run whose only report has a line each keeps none."""
    if [one.format for one in requests] != ["jsonl"] or settings.prefer != "first":
        return None
    from dedup.report.jsonl import FindingLines

    return FindingLines(sinks[0], level)


def _load(requests: list[Request], settings: Settings) -> Thread | None:
    """What reports need is loaded while the run reads and waits, if it may have more than one thread."""
    if not requests or settings.threads == 1:
        return None
    from dedup.report.renderers import prepare

    return prepare(requests)


def _level(requests: list[Request], asked: str) -> str:
    return level_for((one.format for one in requests), asked) if requests else "none"


def _run(source: Input, sink: Sink | Outputs, settings: Settings, wanted: _Wanted) -> Report:
    return _run_inputs(_Inputs(source, settings), sink, settings, wanted)


def _run_inputs(opened: Opened, sink: Sink | Outputs, settings: Settings, wanted: _Wanted) -> Report:
    from dedup.run import pipeline

    if settings.prefer == "first":
        outcome = pipeline.run(opened.sources(), sink, settings, **wanted._asdict())
    else:
        from dedup.run import prefer
        from dedup.sinks.outputs import OneOutput, Outputs

        prefer.check(settings)
        outputs = sink if isinstance(sink, Outputs) else OneOutput(sink)
        outcome = prefer.run(opened.sources, outputs, settings, **wanted._asdict())
    skipped = [*opened.skipped, *outcome.skipped]
    if skipped and not outcome.files:
        raise ReadError(*_nothing_read(skipped))
    detailed = wanted.details and wanted.reading.stream is None
    return Report.build(settings, outcome, detailed=detailed, skipped=opened.skipped)


class Opened(Protocol):
    """What is read."""

    skipped: list[InputSkipped]

    def sources(self) -> Iterable[Source | Bundle]:
        """All inputs from the beginning."""


class _Inputs:
    """What is read: files opened one after the other, each when its turn comes."""

    def __init__(self, source: Input, settings: Settings) -> None:
        self._source = source
        self._settings = settings
        self.skipped: list[InputSkipped] = []
        """Folders that could not be read."""

    def sources(self) -> Iterable[Source | Bundle]:
        """All inputs from the beginning. Raises ReadError with `on_error=stop`."""
        from dedup.sources import bundles
        from dedup.sources.source import from_bytes, from_file

        source, settings = self._source, self._settings
        if isinstance(source, (bytes, bytearray, memoryview)):
            return [from_bytes(bytes(source), "<bytes>")]
        if not _is_paths(source):
            file: Any = source
            return [from_file(file, str(getattr(file, "name", "<file>")))]
        self._source = listing = _list(source)
        self.skipped = listing.skipped
        if settings.on_error == "stop" and listing.skipped:
            raise ReadError(*_nothing_read(listing.skipped[:1]))
        opened = bundles.open_each(listing)
        if settings.threads == 1 or len(listing) <= bundles.FEW:
            return opened
        from dedup.sources.ahead import Ahead

        return Ahead(opened)


def _is_paths(source: Input) -> TypeGuard[Path | Sequence[Path] | Listing]:
    return not isinstance(source, (bytes, bytearray, memoryview)) and not hasattr(source, "read")


def _list(source: Path | Sequence[Path] | Listing) -> Listing:
    from dedup.sources.paths import Listing, list_files

    if isinstance(source, Listing):
        return source
    if isinstance(source, (str, os.PathLike)):
        return list_files([os.fspath(source)])
    return list_files([os.fspath(path) for path in source])


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
    remedy = "Check the names, the permissions and the options, then run again."
    return f"no input could be read: {reasons}{more}", remedy
