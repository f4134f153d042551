"""The one loop: read, sketch, match, write; in batches, in order, with bounded memory."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dedup.batches import Batch, Piece
from dedup.engine.select import select
from dedup.errors import read_error
from dedup.findings import Block, Decided, DocumentTotals, Variant
from dedup.minhash import choose_bands
from dedup.paragraphs import Unit
from dedup.report.model import Outcome, Stream
from dedup.settings import Settings
from dedup.sinks import Sink
from dedup.sources.reader import BATCH_BYTES, Reader
from dedup.sources.text import Source
from dedup.spool import Spool
from dedup.workers import Task, Workers

if TYPE_CHECKING:
    from dedup.report.removed_map import RemovedMap

LARGEST = 10
"""Blocks that a summary may want to show."""


def run(
    sources: list[Source],
    sink: Sink,
    settings: Settings,
    *,
    details: bool = True,
    map_removed: bool = False,
    observe: Callable[[int], None] | None = None,
    batch_bytes: int = BATCH_BYTES,
) -> Outcome:
    """Clean documents into a sink, which the caller commits.

    Args:
        sources: documents in order; they are closed at the end.
        sink: gets the kept text as soon as it is decided.
        settings: validated.
        details: collect every block, and digests of what went in and came out.
        map_removed: collect where in the input the removed text lies.
        observe: called with bytes read.
        batch_bytes: size of a batch; the answer does not depend on it.
    Raises:
        ReadError, WriteError, ReaderGone: as sources and sinks say; the caller aborts the sink.
    """
    started = time.monotonic()
    engine = select(settings.engine, settings)
    threads = settings.threads or available_processors()
    reader = Reader(sources, engine, settings.unit, batch_bytes=batch_bytes, observe=observe)
    writer = _Writer(sink, details, map_removed)
    spool = Spool()
    try:
        matcher = _Run(engine, reader, writer, spool, Workers(engine, threads), details).drive()
    finally:
        reader.close()
        spool.close()
    return Outcome(
        names=[source.name for source in sources],
        documents=writer.documents,
        blocks=sorted(writer.blocks, key=lambda block: block.place),
        variants=sorted(writer.variants, key=lambda variant: variant.place),
        variants_by_rule=matcher.variants_by_rule,
        largest=matcher.largest(LARGEST),
        originals=matcher.originals,
        full_buckets=matcher.full_buckets,
        bands=choose_bands(settings.threshold, settings.recall),
        input=writer.input.stream(),
        output=writer.output.stream(),
        engine=engine.name,
        threads=threads,
        seconds=time.monotonic() - started,
        removed_map=writer.removed.shares(writer.input.bytes) if writer.removed else [],
    )


def available_processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


class _Run:
    """One run's engine, reader and writer, and the batches under way."""

    def __init__(
        self, engine: Any, reader: Reader, writer: _Writer, spool: Spool, workers: Workers, details: bool
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._writer = writer
        self._spool = spool
        self._workers = workers
        self._matcher = engine.matcher(details)
        self._under_way: deque[Task] = deque()

    def drive(self) -> Any:
        """Read everything, decide everything, write what is kept; gives the matcher."""
        for batch in self._reader:
            if batch is None:
                self._catch_up()
                continue
            self._under_way.append(self._workers.submit(batch))
            while len(self._under_way) >= self._workers.ahead:
                self._match_next()
        self._drain()
        self._writer.write(self._matcher.finish())
        return self._matcher

    def _drain(self) -> None:
        while self._under_way:
            self._match_next()

    def _catch_up(self) -> None:
        """The writer pauses: everything that is decided goes out."""
        self._drain()
        if self._reader.head and self._reader.document == 0:
            self._writer.write_early(self._reader.head, surely_kept(self._engine, self._reader.head))

    def _match_next(self) -> None:
        task = self._under_way.popleft()
        sketches = self._workers.result(task)
        self._spool.keep(task.batch)
        self._writer.expect(task.batch)
        try:
            decided = self._matcher.match(task.batch, sketches)
        except OSError as error:
            raise read_error("text that was read before, to verify a repeat", error) from error
        self._writer.write(decided)


def surely_kept(engine: Any, head: bytes) -> int:
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


class _Writer:
    """Turns decisions into writes: holds batches until all of their text is decided."""

    def __init__(self, sink: Sink, details: bool, map_removed: bool) -> None:
        self._sink = sink
        self._held: deque[Batch] = deque()
        self._until = 0
        self._early = 0
        self.documents: list[DocumentTotals] = []
        self.blocks: list[Block] = []
        self.variants: list[Variant] = []
        self.input = _Tally(details)
        self.output = _Tally(details)
        self.removed: RemovedMap | None = None
        if map_removed:
            from dedup.report.removed_map import RemovedMap

            self.removed = RemovedMap()

    def expect(self, batch: Batch) -> None:
        """Hold a batch whose decisions are about to come."""
        self._held.append(batch)
        self.input.add(memoryview(batch.text)[: batch.size])

    def write(self, decided: Decided) -> None:
        """Write what is kept, forget what is decided."""
        parts: list[memoryview] = []
        for start, end in decided.keep:
            if self.removed is not None and start > self._until:
                self.removed.add(self._until, start)
            self._until = end
            parts += self._slices(start, end)
        if self.removed is not None and decided.until > self._until:
            self.removed.add(self._until, decided.until)
        self._until = max(self._until, decided.until)
        if parts:
            self._sink.write_many(parts)
        while self._held and self._held[0].start + self._held[0].size <= decided.until:
            self._held.popleft()
        self.blocks += decided.blocks
        self.variants += decided.variants
        self.documents += decided.documents

    def write_early(self, head: bytes, kept: int) -> None:
        """Write the first `kept` bytes of the run now; they are skipped when they are decided."""
        if kept > self._early:
            self._sink.write(head[self._early : kept])
            self._early = kept

    def _slices(self, start: int, end: int) -> list[memoryview]:
        slices = []
        for batch in self._held:
            first, last = max(start, batch.start), min(end, batch.start + batch.size)
            if first < last:
                part = memoryview(batch.text)[first - batch.start : last - batch.start]
                self.output.add(part)
                if first < self._early:
                    part = part[min(len(part), self._early - first) :]
                slices.append(part)
            if batch.start >= end:
                break
        return slices


class _Tally:
    """Bytes that went by, with their digest where it is wanted."""

    def __init__(self, digest: bool) -> None:
        self.bytes = 0
        self._hash: Any = None
        if digest:
            import xxhash

            self._hash = xxhash.xxh3_128()

    def add(self, data: memoryview) -> None:
        """Count bytes."""
        self.bytes += len(data)
        if self._hash is not None:
            self._hash.update(data)

    def stream(self) -> Stream:
        """The sum; without a digest its text is empty."""
        return Stream(self.bytes, self._hash.hexdigest() if self._hash is not None else "")
