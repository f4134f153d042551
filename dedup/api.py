"""The library: what the command does, for Python. Paths or bytes in, cleaned text and a `Report` out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeAlias

from dedup.errors import InputSkipped, ReadError, UsageError
from dedup.report.content import Reading
from dedup.report.model import Report
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.check.gates import Gates
    from dedup.check.known import Known
    from dedup.check.run import Verdict
    from dedup.check.suppress import Rule
    from dedup.report.renderers import Request
    from dedup.sinks import Sink, Target
    from dedup.sources.bundles import Bundle
    from dedup.sources.paths import Listing, Selection
    from dedup.sources.text import Source

Path = str | os.PathLike[str]
Input: TypeAlias = "Path | Sequence[Path] | Listing | bytes | bytearray | memoryview | BinaryIO"
Observer = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


def clean(
    source: Input,
    output: Target,
    *,
    settings: Settings | None = None,
    report: Path | Sequence[Path] | None = None,
    report_format: str | None = None,
    report_text: str = "auto",
    details: bool = True,
    map_removed: bool = False,
    observe: Observer | None = None,
) -> Report:
    """Write `source` to `output` without the blocks that repeat what stands before them.

    Args:
        source: a path or several (`-` is standard input), each a document; the text itself as
            bytes; or a binary file object, read to its end. A `str` is a path: for text see `clean_text`.
        output: a path (`-` is standard output) that appears whole or not at all, or a binary file object.
        settings: what counts as a repeat and what goes; the defaults if None.
        report: a path for a report, or several, committed together with the output. The ending tells the format,
            or a format before the path does: `sarif:found.json`.
        report_format: the format of reports that do not name theirs.
        report_text: how much text of the findings reports carry: `none`, `excerpt`, `full`, or `auto` for what
            their formats show.
        details: collect every block with its repeats, and digests of what went in and out; always so with
            `report`. Digests of reports can be compared where both have details.
        map_removed: fill `report.removed_map`, which shows where in the input the removed text lies.
        observe: called with bytes read, for a progress display; from the calling thread.
    Returns:
        The report; `report.skipped` lists inputs that could not be opened.
    Raises:
        UsageError: a setting is out of its range, or output and report are the same file.
        ReadError, WriteError: nothing was put in the place of output or report.
        ReaderGone: the output is a pipe that was closed by its reader.
    """
    from dedup.sinks import open_sink

    settings = (settings or Settings()).validate()
    requests = _requests(report, report_format, output)
    with _Sinks() as sinks:
        # Opened before the run: a missing directory shows now and not after an hour.
        report_sinks = [sinks.add(open_sink(one.path)) for one in requests]
        wanted = _Wanted(details or bool(requests), map_removed, observe, Reading(_level(requests, report_text)))
        result = _run(source, sinks.add(open_sink(output)), settings, wanted)
        if requests:
            from dedup.report.renderers import write_all

            write_all(result, requests, report_sinks)
        sinks.commit()
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

    `texts` is how much text of the findings the report carries, one of `dedup.report.content.LEVELS`.
    """
    from dedup.sinks.stream import NullSink

    wanted = _Wanted(details, map_removed, observe, Reading(texts))
    return _run(source, NullSink(), (settings or Settings()).validate(), wanted)


def check(
    source: Input,
    *,
    settings: Settings | None = None,
    gates: Gates | None = None,
    baseline: Path | None = None,
    update_baseline: bool = False,
    since: str | None = None,
    selection: Selection | None = None,
    rules: Sequence[Rule] = (),
    report: Path | Sequence[Path] | None = None,
    report_format: str | None = None,
    report_text: str = "auto",
    observe: Observer | None = None,
) -> Verdict:
    """Find repeats and hold them against limits. Writes nothing but reports, and the baseline if asked to.

    Args:
        source: as for `clean`.
        settings: what counts as a repeat; the defaults if None.
        gates: how much may repeat; nothing, if None.
        baseline: a file with the repeats that are known; only others count.
        update_baseline: write what there is now to `baseline`; nothing is new then.
        since: a git revision; only what came after it counts.
        selection: which files of folders belong to the input, for the files of that revision.
        rules: repeats that are accepted.
        report, report_format, report_text, observe: as for `clean`.
    Returns:
        The findings that count, which gates they do not pass, and how much is known or accepted.
    Raises:
        UsageError: as `clean`; or the baseline, git, the repository or the revision is missing.
        ReadError, WriteError: as `clean`.
    """
    from dedup.check.baseline import write_baseline
    from dedup.check.gates import Gates
    from dedup.check.known import Known
    from dedup.check.repeats import candidates
    from dedup.check.run import judge, reading
    from dedup.check.suppress import Suppressions
    from dedup.sinks import open_sink

    settings, suppressions = (settings or Settings()).validate(), Suppressions(list(rules))
    requests = _requests(report, report_format, baseline)
    level = "excerpt" if update_baseline else _level(requests, report_text)
    wanted = _Wanted(True, False, observe, reading(suppressions, level))
    known = _known(baseline, update_baseline, since)
    with _Sinks() as sinks:
        report_sinks = [sinks.add(open_sink(one.path)) for one in requests]
        baseline_sink = sinks.add(open_sink(baseline)) if update_baseline and baseline is not None else None
        scanned, before = _scan_since(source, since, selection, settings, wanted)
        if since is not None:
            known = Known.of(candidates(scanned if before is None else before))
        elif baseline_sink is not None:
            known = Known.of(candidates(scanned))
            write_baseline(known, baseline_sink)
        verdict = judge(scanned, gates or Gates(), known, suppressions)
        if requests:
            from dedup.report.renderers import write_all

            write_all(verdict.report, requests, report_sinks)
        sinks.commit()
    return verdict


def _known(baseline: Path | None, update: bool, since: str | None) -> Known | None:
    """The repeats of a baseline file, read before anything else is done."""
    if since is not None and baseline is not None:
        raise UsageError("--since and --baseline are two answers to one question", "Give one of them.")
    if update and baseline is None:
        raise UsageError("--update-baseline does not say which", "For example: --baseline .dedup-baseline")
    if baseline is None or update:
        return None
    from dedup.check.baseline import read_baseline

    return read_baseline(baseline)


def _scan_since(
    source: Input, since: str | None, selection: Selection | None, settings: Settings, wanted: _Wanted
) -> tuple[Report, Report | None]:
    """What there is now, and what there was in a revision; None if that is the same."""
    from dedup.sinks.stream import NullSink

    if since is None:
        return _run(source, NullSink(), settings, wanted), None
    from dedup.check.inputs import compare, in_order, old_sources
    from dedup.sources.paths import Listing, Selection

    if not isinstance(source, (str, os.PathLike, Listing, list, tuple)):
        raise UsageError("--since needs files: git knows nothing of what comes from elsewhere", "Give paths.")
    listing = _list(source)
    repository, change = compare(listing, selection or Selection(), since)
    before = None
    if change.changed:
        once = wanted._replace(observe=None)
        before = _run_sources(old_sources(repository, change), [], NullSink(), settings, once)
    return _run(in_order(change, listing), NullSink(), settings, wanted), before


def render_report(path: Path, output: Target, format: str) -> Report:
    """Write a stored JSON report in another format; gives the report.

    Args:
        path: of the JSON report; `-` is standard input.
        output: as for `clean`.
        format: one of `dedup.report.renderers.RENDERERS`.
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


class _Sinks:
    """Several sinks that are committed together, or all aborted when anything goes wrong before."""

    def __init__(self) -> None:
        self._open: list[Sink] = []

    def __enter__(self) -> _Sinks:
        return self

    def __exit__(self, *_error: object) -> None:
        for sink in self._open:
            sink.abort()

    def add(self, sink: Sink) -> Sink:
        self._open.append(sink)
        return sink

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


def _requests(report: Path | Sequence[Path] | None, format: str | None, output: Target | None) -> list[Request]:
    if report is None:
        return []
    from dedup.report.renderers import parse_requests

    given = [report] if isinstance(report, (str, os.PathLike)) else report
    requests = parse_requests([os.fspath(one) for one in given], format)
    for one in requests:
        _refuse_same(output, one.path)
    return requests


def _level(requests: list[Request], asked: str) -> str:
    if not requests:
        return "none"
    from dedup.report.renderers import level_for

    return level_for((one.format for one in requests), asked)


def _run(source: Input, sink: Sink, settings: Settings, wanted: _Wanted) -> Report:
    return _run_sources(*_open_sources(source, ahead=settings.threads != 1), sink, settings, wanted)


def _run_sources(
    sources: Iterable[Source | Bundle], skipped: list[InputSkipped], sink: Sink, settings: Settings, wanted: _Wanted
) -> Report:
    from dedup import pipeline

    outcome = pipeline.run(sources, sink, settings, **wanted._asdict())
    if skipped and not outcome.names:
        raise ReadError(*_nothing_read(skipped))
    return Report.build(settings, outcome, detailed=wanted.details, skipped=skipped)


def _open_sources(source: Input, ahead: bool) -> tuple[Iterable[Source | Bundle], list[InputSkipped]]:
    """One source for each document, opened when it is its turn, and the list of those that could not be."""
    from dedup.sources import bundles, text

    if isinstance(source, (bytes, bytearray, memoryview)):
        return [text.from_bytes(bytes(source), "<bytes>")], []
    if hasattr(source, "read"):
        file: Any = source
        return [text.from_file(file, str(getattr(file, "name", "<file>")))], []
    listing = _list(source)
    open_files = bundles.open_ahead if ahead and len(listing) > bundles.FEW else bundles.open_each
    return open_files(listing.paths(), listing.skipped), listing.skipped


def _list(source: Path | Sequence[Path] | Listing) -> Listing:
    from dedup.sources.paths import Listing, list_files

    if isinstance(source, Listing):
        return source
    if isinstance(source, (str, os.PathLike)):
        return list_files([os.fspath(source)])
    return list_files([os.fspath(path) for path in source])


def _refuse_same(output: Target | None, report: Path) -> None:
    """One file cannot be both; a device can."""
    if not isinstance(output, (str, os.PathLike)):
        return
    first, second = os.fspath(output), os.fspath(report)
    same = first == second or os.path.realpath(first) == os.path.realpath(second)
    if same and not first.startswith("/dev/"):
        raise UsageError(f"output and report are the same file: {first}", "Give the report a name of its own.")


def _nothing_read(skipped: list[InputSkipped]) -> tuple[str, str]:
    reasons = "; ".join(f"{one.path}: {one.reason}" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return f"no input could be read: {reasons}{more}", "Check the names and the permissions, then run again."
