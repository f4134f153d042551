"""The one loop: read, sketch, match, write; in batches, in order, with bounded memory."""

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dedup.batches import Batch, Piece
from dedup.engine.select import select
from dedup.errors import ReadError, read_error
from dedup.findings import Block, Decided, DocumentTotals, Variant
from dedup.flat import Blocks, Variants
from dedup.minhash import choose_bands
from dedup.report.model import LARGEST, Outcome
from dedup.report.reading import Reading, RunText
from dedup.run.deferred import Deferred
from dedup.run.spool import Spool
from dedup.run.tally import InputTally, OutputTally
from dedup.run.workers import Task, Workers, available_processors
from dedup.run.writer import Writer
from dedup.settings import Settings
from dedup.sinks import Sink
from dedup.sinks.outputs import OneOutput, Outputs
from dedup.sources.bundles import Bundle
from dedup.sources.reader import BATCH_BYTES, Reader
from dedup.sources.source import Source
from dedup.unit import Unit

if TYPE_CHECKING:
    from dedup.engine.contract import Engine, Matcher
    from dedup.protection import Protection
    from dedup.report.content import Content
    from dedup.report.early_reader import EarlyReader
    from dedup.report.markers import Marker

_NOTHING = Reading()


def run(
    sources: Iterable[Source | Bundle],
    sink: Sink | Outputs,
    settings: Settings,
    *,
    details: bool = True,
    reading: Reading = _NOTHING,
    map_removed: bool = False,
    observe: Callable[[int], None] | None = None,
    batch_bytes: int = BATCH_BYTES,
) -> Outcome:
    """Clean documents into a sink, which the caller commits.

    Args:
        sources: files in order, each opened when its turn comes and closed at the end.
        sink: gets what is kept as soon as it is decided: one for all files, or outputs that know one for each.
        settings: validated.
        details: collect every block, and digests of what went in and came out.
        reading: what to collect of the text of the findings.
        map_removed: collect where in the input the removed text lies.
        observe: called with bytes read.
        batch_bytes: size of a batch; the answer does not depend on it.
    Raises:
        ReadError, WriteError, ReaderGone: as sources and sinks say; the caller aborts the sink.
    """
    setup = Setup.of(settings)
    outputs = sink if isinstance(sink, Outputs) else OneOutput(sink)
    reader = Reader(
        sources,
        setup.engine,
        settings,
        batch_bytes=batch_bytes,
        observe=observe,
        merge=outputs.merges,
        output=outputs.identity,
        accept=outputs.accept,
    )
    spool, read = Spool(), InputTally(details)
    workers = Workers(setup.engine, setup.threads, _each(spool.write, read.take))
    kept = OutputTally(details, workers.beside)
    writer = Writer(outputs, reader.containers, read, kept, details=details, map_removed=map_removed)
    try:
        loop = Loop(setup.engine, reader, writer, spool, workers, details)
        if details and reading.stream is None and not reading.members:
            loop.read_beside(reading)
        if reading.stream is not None:
            reading.stream.begin(reader.origins.names, loop.text_of)
            writer.stream = reading.stream
        matcher = loop.drive()
        reader.check_unchanged()
        blocks, variants = writer.found()
        contents = loop.read_contents(blocks, variants, reading) if details else []
        markers = loop.read_markers(writer.documents) if reading.markers else []
        spool.close_aside()  # nothing is read again
        outputs.finish()
    except BaseException:
        outputs.abandon()
        raise
    finally:
        workers.close()
        reader.close()
        spool.close()
    found = Findings(writer.documents, blocks, variants, contents, markers, matcher.largest(LARGEST))
    return setup.outcome(reader, writer, matcher, found)


class Setup(NamedTuple):
    """What a run works with, and when it began."""

    settings: Settings
    engine: Engine
    threads: int
    started: float
    """By `time.monotonic`."""
    notes: Sequence[str] = ()
    """What to say of the settings."""

    @classmethod
    def of(cls, settings: Settings) -> Setup:
        """Begin now. Raises EngineUnavailable, UsageError."""
        started = time.monotonic()
        protection, notes = _protection(settings)
        engine = select(settings.engine, settings, protection)
        return cls(settings, engine, settings.threads or available_processors(), started, notes)

    def outcome(self, reader: Reader, writer: Writer, matcher: Matcher, found: Findings) -> Outcome:
        """Put together what a run hands over at its end."""
        found = found._replace(notes=[*self.notes, *found.notes])
        return Outcome(
            **found._asdict(),
            names=reader.origins.names,
            origins=reader.origins,
            files=reader.containers,
            skipped=reader.skipped,
            variants_by_rule=matcher.variants_by_rule,
            originals=matcher.originals,
            full_buckets=matcher.full_buckets,
            bands=choose_bands(self.settings.threshold, self.settings.recall),
            input=writer.input.stream(),
            output=writer.output.stream(),
            engine=self.engine.name,
            threads=self.threads,
            seconds=time.monotonic() - self.started,
            removed_map=writer.removed_map(),
        )


def _protection(settings: Settings) -> tuple[Protection | None, list[str]]:
    """What is protected, and what to say of the list. Raises UsageError."""
    if not settings.keep_pattern and not settings.protect:
        return None, []
    from dedup.run.protection import protection_notes, read_protection

    return read_protection(settings), protection_notes(settings)


class Findings(NamedTuple):
    """What a run found; the fields are those of `Outcome`."""

    documents: Sequence[DocumentTotals]
    blocks: Sequence[Block]
    variants: Sequence[Variant]
    contents: Sequence[Content]
    markers: Sequence[Marker]
    largest: list[Block]
    notes: Sequence[str] = ()


def _each(*steps: Callable[[Batch], None]) -> Callable[[Batch], None]:
    """Several steps with a batch, as one."""

    def take(batch: Batch) -> None:
        for step in steps:
            step(batch)

    return take


class Taker(Protocol):
    """What a run hands its decisions to."""

    def expect(self, batch: Batch) -> None:
        """A batch whose decisions are about to come."""

    def pass_on(self, batch: Batch) -> None:
        """A batch without text."""

    def write(self, decided: Decided) -> None:
        """What was decided."""

    def write_early(self, head: bytes, kept: int) -> None:
        """The first bytes of the run, of which `kept` will stay."""


class Loop:
    """The loop of one run: its engine, reader and writer, and the batches under way."""

    def __init__(
        self, engine: Engine, reader: Reader, writer: Taker, spool: Spool, workers: Workers, details: bool
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._writer = writer
        self._spool = spool
        self._workers = workers
        self._matcher = engine.matcher(details, workers.announce)
        self._under_way: deque[Task] = deque()
        self._early_reader: EarlyReader | None = None
        self._starts = array("Q")
        """Where each document begins in the run's text."""
        self._end = 0

    def drive(self) -> Matcher:
        """Read everything, decide everything, write what is kept; gives the matcher."""
        for batch in self._reader:
            if batch is None:
                self._catch_up()
                continue
            self._spool.assign(batch)
            self._under_way.append(self._workers.submit(batch) if batch.pieces else Task(batch))
            while len(self._under_way) >= self._workers.ahead:
                self._match_next()
        self._drain()
        self._hand_over(self._matcher.finish(), Batch(b"", [], self._end))
        return self._matcher

    def read_beside(self, reading: Reading) -> None:
        """Have findings read while the run goes on, if the engine lets other threads read."""
        from dedup.report.compiled import beside

        again = beside()
        if again is not None and hasattr(self._matcher, "reader"):
            from dedup.report.early_reader import EarlyReader

            self._early_reader = EarlyReader(
                again, reading, self._matcher, self._starts, Deferred(self._workers.beside)
            )

    def read_contents(self, blocks: Blocks, variants: Variants, reading: Reading) -> Sequence[Content]:
        """Ids and texts of what was found, at the end of the run; puts it in order."""
        from dedup.report.compiled import contents_of, sort

        orders = sort(blocks), sort(variants)
        reader = getattr(self._matcher, "reader", None)
        text = RunText(self._matcher.text, self._starts + array("Q", [self._end]), reader and reader())
        try:
            before = None if self._early_reader is None else (self._early_reader.finish(), *orders)
            return contents_of(blocks, variants, text, reading, self._workers.threads, before)
        except OSError as error:
            raise _unreadable(error) from error

    def read_markers(self, documents: Sequence[DocumentTotals]) -> list[Marker]:
        """The marks in the documents."""
        from dedup.report.markers import read_markers

        return read_markers(documents, self.text_of)

    def text_of(self, document: int, start: int, end: int) -> bytes:
        """Bytes [start, end) of a document again; what lies past its end is left out."""
        base, following = self._starts[document], document + 1
        last = self._starts[following] if following < len(self._starts) else self._end
        try:
            return self._matcher.text(base + start, min(base + end, last))
        except OSError as error:
            raise _unreadable(error) from error

    def _drain(self) -> None:
        while self._under_way:
            self._match_next()

    def _catch_up(self) -> None:
        """The writer pauses: everything that is decided goes out."""
        self._drain()
        if self._reader.head and self._reader.document == 0 and self._reader.containers[0].recoding is None:
            self._writer.write_early(self._reader.head, surely_kept(self._engine, self._reader.head))

    def _match_next(self) -> None:
        task = self._under_way.popleft()
        if not task.batch.pieces:
            self._writer.pass_on(task.batch)
            return
        sketches = self._workers.result(task)
        self._writer.expect(task.batch)
        self._starts.extend([task.batch.start + piece.start for piece in task.batch.pieces if piece.first])
        self._end = task.batch.start + task.batch.size
        try:
            decided = self._matcher.match(task.batch, sketches)
        except OSError as error:
            raise read_error("text that was read before, to verify a repeat", error) from error
        self._hand_over(decided, task.batch)

    def _hand_over(self, decided: Decided, batch: Batch) -> None:
        if self._early_reader is not None:
            self._early_reader.take(decided, batch, self._end)
        self._writer.write(decided)


def _unreadable(error: OSError) -> ReadError:
    return read_error("text that was read before, to report it", error)


def surely_kept(engine: Engine, head: bytes) -> int:
    """How many leading bytes of the run stay whatever unit `auto` will decide for.

    A pipe may pause before its first 64 KiB have come. Every unit is tried on what is there; the start
    on which all agree may go out. The first paragraph always stays.
    """
    kept = len(head)
    for unit in (Unit.LINE, Unit.BLANK, Unit.INDENT, Unit.SENTENCE, Unit.SENTENCE_WRAPPED):
        whole = engine.split(head, unit, False)[-1]
        if not whole:
            continue  # its first paragraph still goes on
        batch = Batch(head, [Piece(0, whole, 0, unit, True, False)], 0)
        keep = engine.matcher(False).match(batch, engine.sketch(batch)).keep
        kept = min(kept, keep[0][1] if keep and keep[0][0] == 0 else 0)
    return kept
