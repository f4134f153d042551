"""Which of several like documents survives: the longest or the newest, where the order of the input does not say.

The files are read twice. The first time every document's text goes to a file without a name, with what it is
ranked by; then the documents are matched in the order of preference, which is the contract's own walk over
another order; the second time the files are read in their own order and written without what was removed.
"""

from __future__ import annotations

import os
import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import IO, TYPE_CHECKING, Any

from dedup.batches import Batch
from dedup.engine.select import select
from dedup.errors import ReadError, UsageError, changed_error, read_error, write_error
from dedup.findings import Block, Decided, DocumentTable, DocumentTotals, Place, Variant
from dedup.flat import Blocks, Variants
from dedup.minhash import choose_bands
from dedup.report.compiled import contents_of
from dedup.report.model import Outcome
from dedup.report.reading import Reading
from dedup.run import pipeline
from dedup.run.dates import OLDEST, read_date
from dedup.run.spool import Spool
from dedup.run.workers import Workers
from dedup.settings import Settings
from dedup.sinks.outputs import Outputs
from dedup.sinks.stream import write_all
from dedup.sources.bundles import BUNDLE_BYTES, SMALL_BYTES, Bundle
from dedup.sources.container import Container
from dedup.sources.reader import BATCH_BYTES, Reader
from dedup.sources.text import Source

if TYPE_CHECKING:
    from dedup.report.markers import Marker

_NOTHING = Reading()
Sources = Callable[[], Iterable[Source | Bundle]]


def check(settings: Settings) -> None:
    """Raise UsageError where a preference makes no sense."""
    if settings.prefer == "first":
        return
    if settings.unit != "document":
        raise UsageError(f"--prefer {settings.prefer} chooses between whole documents", "Give --unit document with it.")
    if settings.prefer == "newest" and not settings.date_field:
        raise UsageError("--prefer newest needs to know where a record has its date", "For example: --date-field date")


def run(
    sources: Sources,
    outputs: Outputs,
    settings: Settings,
    *,
    details: bool = True,
    reading: Reading = _NOTHING,
    map_removed: bool = False,
    observe: Callable[[int], None] | None = None,
    batch_bytes: int = BATCH_BYTES,
) -> Outcome:
    """Clean documents as `pipeline.run` does, with originals chosen by preference.

    Args:
        sources: gives the inputs from the beginning, every time it is called.
        outputs: get what is kept, in the order of the input.
        settings: validated; `prefer` is not `first`.
        details, reading, map_removed, batch_bytes: as in `pipeline.run`.
        observe: called with the bytes read, the first time.
    Raises:
        UsageError: an input cannot be read twice.
        ReadError: an input is not the same the second time; and as `pipeline.run`.
    """
    started = time.monotonic()
    engine = select(settings.engine, settings)
    threads = settings.threads or pipeline.available_processors()
    with _Survey(settings) as survey:
        survey.read(sources(), engine, batch_bytes, observe)
        order = survey.order()
        matching = _Matching(survey, order)
        matcher = matching.drive(engine, settings, threads, details, batch_bytes)
        blocks, variants = matching.blocks, matching.variants
        blocks.sort()
        variants.sort()
        contents = contents_of(blocks, variants, survey.text_of, reading) if details else []
        markers = survey.read_markers(matching.totals()) if reading.markers else []
    reader = Reader(sources(), engine, settings, batch_bytes=batch_bytes, merge=outputs.merges, output=outputs.identity)
    writer = pipeline._Writer(outputs, reader.containers, details, map_removed)
    try:
        _write(reader, writer, matching.removed)
        _refuse_changed(survey.containers, reader.containers)
        outputs.finish()
    except BaseException:
        outputs.abandon()
        raise
    finally:
        reader.close()
    return Outcome(
        names=reader.origins.names,
        origins=reader.origins,
        files=reader.containers,
        skipped=reader.skipped,
        documents=matching.totals(),
        blocks=blocks,
        variants=variants,
        variants_by_rule=matcher.variants_by_rule,
        contents=contents,
        markers=markers,
        largest=[matching.renumber_block(block) for block in matcher.largest(pipeline.LARGEST)],
        originals=matcher.originals,
        full_buckets=matcher.full_buckets,
        bands=choose_bands(settings.threshold, settings.recall),
        input=writer.input.stream(),
        output=writer.output.stream(),
        engine=engine.name,
        threads=threads,
        seconds=time.monotonic() - started,
        removed_map=writer.removed.shares(writer.input.bytes) if writer.removed else [],
        notes=survey.notes(),
    )


class _Survey:
    """The first reading: the texts end to end in a file without a name, and what each document is ranked by."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._by_date = settings.prefer == "newest"
        self.file: IO[bytes] | None = None
        self.containers: list[Container] = []
        self.ends = array("q")
        """Where each document ends in the file."""
        self._ranks: list[float] = []

    def __enter__(self) -> _Survey:
        import tempfile

        try:
            self.file = tempfile.TemporaryFile(prefix="dedup-", buffering=0)
        except OSError as error:
            raise write_error(f"a copy in {os.environ.get('TMPDIR', '/tmp')}", error) from error
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.file is not None
        self.file.close()

    def read(
        self,
        sources: Iterable[Source | Bundle],
        engine: Any,
        batch_bytes: int,
        observe: Callable[[int], None] | None,
    ) -> None:
        """Read everything. Raises UsageError for what cannot be read again."""
        # The date comes as the id of the record.
        settings = replace(self._settings, id_field=self._settings.date_field) if self._by_date else self._settings
        reader = Reader(sources, engine, settings, batch_bytes=batch_bytes, observe=observe)
        self.containers = reader.containers
        size = 0
        try:
            for batch in reader:
                if reader.containers:
                    self._refuse_once_only(reader.containers[-1])
                if batch is None:
                    continue
                self._keep(batch)
                for piece in batch.pieces:
                    size += piece.end - piece.start
                    if piece.last:
                        self.ends.append(size)
            reader.check_unchanged()
        finally:
            reader.close()
        if self._by_date:
            self._ranks = [self._date(reader, number) for number in range(len(self.ends))]

    def order(self) -> list[int]:
        """The documents, the preferred first; among equals the earlier."""
        if not self._by_date:
            starts = [0, *self.ends[:-1]]
            self._ranks = [end - start for start, end in zip(starts, self.ends, strict=True)]
        return sorted(range(len(self._ranks)), key=lambda number: -self._ranks[number])

    def notes(self) -> list[str]:
        """How many records have no date."""
        undated = self._ranks.count(OLDEST)
        if not undated:
            return []
        records, name = len(self._ranks), self._settings.date_field
        return [f"{undated:,} of {records:,} records have no date in {name}: they count as the oldest"]

    def text(self, number: int) -> bytes:
        """The text of a document, read again."""
        start, size = self.span(number)
        return self.part(start, size)

    def read_markers(self, documents: DocumentTable) -> list[Marker]:
        """The marks in the documents."""
        from dedup.report.markers import read_markers

        return read_markers((one.bytes for one in documents), self.text_of)

    def text_of(self, document: int, start: int, end: int) -> bytes:
        """Bytes [start, end) of a document; what lies past its end is left out."""
        first, size = self.span(document)
        return self.part(first + start, min(end, size) - start)

    def span(self, number: int) -> tuple[int, int]:
        """Where a document begins in the file, and its size."""
        start = self.ends[number - 1] if number else 0
        return start, self.ends[number] - start

    def part(self, start: int, size: int) -> bytes:
        """Some bytes of the file. Raises ReadError."""
        assert self.file is not None
        try:
            parts = []
            while size and (part := os.pread(self.file.fileno(), size, start)):
                parts.append(part)
                start, size = start + len(part), size - len(part)
        except OSError as error:
            raise read_error("the copy in the temporary directory", error) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _keep(self, batch: Batch) -> None:
        assert self.file is not None
        text = memoryview(batch.text)[: batch.size]
        write_all(self.file.fileno(), text, "a copy in the temporary directory (TMPDIR)")

    def _date(self, reader: Reader, number: int) -> float:
        origin = reader.origins[number]
        date = read_date(origin.id)
        if date == OLDEST and origin.record is None:
            raise UsageError(
                f"{reader.origins.name(number)} is a text and has no date: --prefer newest chooses between records",
                "Use --prefer longest, or records: JSON Lines, CSV, TSV or Parquet.",
            )
        return date

    def _refuse_once_only(self, container: Container) -> None:
        if container.facts is None and not container.is_buffer:
            raise UsageError(
                f"{container.name} can be read once only, and --prefer {self._settings.prefer} reads twice",
                "Write it to a file first.",
            )


class _PreferredReader(Reader):
    """Reads the documents of a survey in another order."""

    def __init__(self, survey: _Survey, order: list[int], engine: Any, settings: Settings, batch_bytes: int) -> None:
        super().__init__((), engine, settings, batch_bytes=batch_bytes, merge=True)
        self._survey = survey
        self._order = order

    def __iter__(self) -> Iterator[Batch | None]:
        texts: list[bytes] = []
        size = 0
        for number in self._order:
            start, document_bytes = self._survey.span(number)
            if document_bytes > SMALL_BYTES:
                yield from self._from_texts(texts)
                texts, size = [], 0
                source = _CopySource(self._survey, start, document_bytes)
                yield from self._from_container(Container(source, format_name="text", compression="", encoding="utf-8"))
                continue
            texts.append(self._survey.text(number))
            size += document_bytes
            if size >= BUNDLE_BYTES:
                yield from self._from_texts(texts)
                texts, size = [], 0
        yield from self._from_texts(texts)
        yield from self._filling.flush()

    def _from_texts(self, texts: list[bytes]) -> Iterator[Batch]:
        facts = [(len(text), 0, 0, 0) for text in texts]
        yield from self._from_plain(Bundle("", [""] * len(texts), b"".join(texts), facts), 0, len(texts))


class _CopySource(Source):
    """A large document of a survey."""

    def __init__(self, survey: _Survey, start: int, size: int) -> None:
        self.name = "a document"
        self._survey = survey
        self._at = start
        self._end = start + size

    def read(self, size: int) -> bytes:
        """The next bytes."""
        part = self._survey.part(self._at, min(size, self._end - self._at))
        self._at += len(part)
        return part


class _Matching:
    """The second step: documents matched in the order of preference, and what was found, by their own numbers."""

    def __init__(self, survey: _Survey, order: list[int]) -> None:
        self._survey = survey
        self._order = order
        self._starts = [0, *accumulate(survey.span(number)[1] for number in order)]
        self._until = 0
        self.removed: dict[int, list[tuple[int, int]]] = {}
        """For each document, what of its text goes, in order."""
        self.blocks = Blocks()
        self.variants = Variants()
        self._totals: list[DocumentTotals] = []

    def drive(self, engine: Any, settings: Settings, threads: int, details: bool, batch_bytes: int) -> Any:
        """Match everything; gives the matcher."""
        reader = _PreferredReader(self._survey, self._order, engine, settings, batch_bytes)
        spool = Spool()
        try:
            return pipeline._Run(engine, reader, self, spool, Workers(engine, threads, spool.write), details).drive()
        finally:
            spool.close()

    def expect(self, batch: Batch) -> None:
        """Nothing: nothing is written yet."""

    def pass_on(self, batch: Batch) -> None:
        """Nothing."""

    def write_early(self, head: bytes, kept: int) -> None:
        """Nothing: no pipe waits."""

    def write(self, decided: Decided) -> None:
        """Take down what is removed."""
        for start, end in [*decided.keep, (decided.until, decided.until)]:
            self._remove(self._until, start)
            self._until = max(self._until, end)
        self.blocks.extend(map(self.renumber_block, decided.blocks))
        self.variants.extend(map(self._renumber_variant, decided.variants))
        self._totals += decided.documents

    def _remove(self, start: int, end: int) -> None:
        rank = bisect_right(self._starts, start) - 1
        while start < end:
            first, last = self._starts[rank], min(end, self._starts[rank + 1])
            if last > start:
                self.removed.setdefault(self._order[rank], []).append((start - first, last - first))
            start = max(start, last)
            rank += 1

    def totals(self) -> DocumentTable:
        """The totals of the documents, in the order of the input."""
        numbered = [one._replace(document=self._order[one.document]) for one in self._totals]
        table = DocumentTable()
        table.extend(sorted(numbered))
        return table

    def renumber_block(self, block: Block) -> Block:
        """A block with the numbers that documents have in the input."""
        repeats = (
            repeat._replace(place=self._renumber(repeat.place), original=self._renumber(repeat.original))
            for repeat in block.repeats
        )
        return block._replace(
            place=self._renumber(block.place), original=self._renumber(block.original), repeats=tuple(repeats)
        )

    def _renumber_variant(self, variant: Variant) -> Variant:
        return variant._replace(place=self._renumber(variant.place), original=self._renumber(variant.original))

    def _renumber(self, place: Place) -> Place:
        return place._replace(document=self._order[place.document])


def _write(reader: Reader, writer: pipeline._Writer, removed: dict[int, list[tuple[int, int]]]) -> None:
    """The second reading: everything goes out but what is removed."""
    at: dict[int, int] = {}
    for batch in reader:
        if batch is None:
            continue
        if not batch.pieces:
            writer.pass_on(batch)
            continue
        keep: list[tuple[int, int]] = []
        for piece in batch.pieces:
            begun = at.pop(piece.document, 0)  # of the document before this piece
            size = piece.end - piece.start
            for start, end in _kept(removed.get(piece.document, []), begun, begun + size):
                keep.append((batch.start + piece.start + start - begun, batch.start + piece.start + end - begun))
            if not piece.last:
                at[piece.document] = begun + size
        writer.input.take(batch)
        writer.expect(batch)
        writer.write(Decided(batch.start + batch.size, keep, [], []))
    reader.check_unchanged()


def _kept(removed: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left of [start, end) without the removed spans, which are in order."""
    for first, last in removed:
        if last <= start:
            continue
        if first >= end:
            break
        if first > start:
            yield start, first
        start = last
    if start < end:
        yield start, end


def _refuse_changed(before: list[Container], now: list[Container]) -> None:
    """The two readings must have seen the same. Raises ReadError."""
    for one, other in zip(before, now, strict=False):
        if one.name != other.name:
            raise changed_error(other.name, "it was not there before, or could not be read before")
        if one.facts is not None and other.facts is not None:
            one.facts.refuse_changed(one.name, other.facts)
    if len(before) != len(now):
        raise ReadError(
            f"{len(before):,} files could be read the first time, {len(now):,} the second",
            "Run again when nobody writes to them; no target was replaced.",
        )
