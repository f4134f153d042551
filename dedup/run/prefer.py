"""Which of several like documents survives where the order of the input does not say: the longest, newest or oldest.

The files are read twice. The first time every document's text goes to a file without a name, with what it is
ranked by; then the documents are matched in the order of preference, which is the contract's own walk over
another order; the second time the files are read in their own order and written without what was removed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import TYPE_CHECKING

from dedup.batches import Batch
from dedup.errors import ReadError, UsageError, changed_error
from dedup.findings import Block, Decided, DocumentTable, DocumentTotals, Place, Variant
from dedup.flat import Blocks, Variants
from dedup.parts import left_of
from dedup.report.compiled import contents_of
from dedup.report.model import LARGEST, Outcome
from dedup.report.reading import Reading
from dedup.run.pipeline import Findings, Loop, Setup
from dedup.run.spool import Spool
from dedup.run.survey import PreferredReader, Survey
from dedup.run.tally import InputTally, OutputTally
from dedup.run.workers import Workers
from dedup.run.writer import Writer
from dedup.settings import Settings
from dedup.sinks.outputs import Outputs
from dedup.sources.bundles import Bundle
from dedup.sources.container import Container
from dedup.sources.reader import BATCH_BYTES, Reader
from dedup.sources.source import Source

if TYPE_CHECKING:
    from dedup.engine.contract import Matcher

_NOTHING = Reading()
Sources = Callable[[], Iterable[Source | Bundle]]


def check(settings: Settings) -> None:
    """Raise UsageError where a preference makes no sense; `first` is none."""
    if settings.unit != "document":
        raise UsageError(f"--prefer {settings.prefer} chooses between whole documents", "Give --unit document with it.")
    if settings.prefer in ("newest", "oldest") and not settings.date_field:
        raise UsageError(
            f"--prefer {settings.prefer} needs to know where a record has its date", "For example: --date-field date"
        )


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
    setup = Setup.of(settings)
    with Survey(settings) as survey:
        survey.read(sources(), setup.engine, batch_bytes, observe, outputs.accept)
        matching = _Matching(survey, survey.order())
        matcher = matching.drive(setup, details, batch_bytes)
        found = matching.findings(matcher, reading, details)
    reader = Reader(
        sources(),
        setup.engine,
        settings,
        batch_bytes=batch_bytes,
        merge=outputs.merges,
        output=outputs.identity,
        accept=outputs.accept,
    )
    tallies = InputTally(details), OutputTally(details, lambda step: step())
    writer = Writer(outputs, reader.containers, *tallies, details=details, map_removed=map_removed)
    try:
        _write(reader, writer, matching.removed)
        _refuse_changed(survey.containers, reader.containers)
        outputs.finish()
    except BaseException:
        outputs.abandon()
        raise
    finally:
        reader.close()
    return setup.outcome(reader, writer, matcher, found)


class _Matching:
    """The second step: documents matched in the order of preference, and what was found, by their own numbers."""

    def __init__(self, survey: Survey, order: list[int]) -> None:
        self._survey = survey
        self._order = order
        self._starts = [0, *accumulate(survey.span(number)[1] for number in order)]
        self._until = 0
        self.removed: dict[int, list[tuple[int, int]]] = {}
        """For each document, what of its text goes, in order."""
        self._blocks = Blocks()
        self._variants = Variants()
        self._totals: list[DocumentTotals] = []

    def drive(self, setup: Setup, details: bool, batch_bytes: int) -> Matcher:
        """Match everything; gives the matcher."""
        reader = PreferredReader(self._survey, self._order, setup.engine, setup.settings, batch_bytes)
        spool = Spool()
        workers = Workers(setup.engine, setup.threads, spool.write)
        try:
            return Loop(setup.engine, reader, self, spool, workers, details).drive()
        finally:
            workers.close()
            spool.close()

    def findings(self, matcher: Matcher, reading: Reading, details: bool) -> Findings:
        """What was found, in the order of the input, with the texts that are wanted of it."""
        self._blocks.sort()
        self._variants.sort()
        totals, text_of = self._totals_in_order(), self._survey.text_of
        return Findings(
            documents=totals,
            blocks=self._blocks,
            variants=self._variants,
            contents=contents_of(self._blocks, self._variants, text_of, reading) if details else [],
            markers=self._survey.read_markers(totals) if reading.markers else [],
            largest=[self._renumber_block(block) for block in matcher.largest(LARGEST)],
            notes=self._survey.notes(),
        )

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
        self._blocks.extend(map(self._renumber_block, decided.blocks))
        self._variants.extend(map(self._renumber_variant, decided.variants))
        self._totals += decided.documents

    def _remove(self, start: int, end: int) -> None:
        rank = bisect_right(self._starts, start) - 1
        while start < end:
            first, last = self._starts[rank], min(end, self._starts[rank + 1])
            if last > start:
                self.removed.setdefault(self._order[rank], []).append((start - first, last - first))
            start = max(start, last)
            rank += 1

    def _totals_in_order(self) -> DocumentTable:
        numbered = [one._replace(document=self._order[one.document]) for one in self._totals]
        table = DocumentTable()
        table.extend(sorted(numbered))
        return table

    def _renumber_block(self, block: Block) -> Block:
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


def _write(reader: Reader, writer: Writer, removed: dict[int, list[tuple[int, int]]]) -> None:
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
            until = begun + piece.end - piece.start
            spans = removed.get(piece.document, [])
            gone = [(max(first, begun), min(last, until)) for first, last in spans if first < until and last > begun]
            shift = batch.start + piece.start - begun
            keep += [(shift + start, shift + end) for start, end in left_of(begun, until, gone)]
            if not piece.last:
                at[piece.document] = until
        writer.input.take(batch)
        writer.expect(batch)
        writer.write(Decided(batch.start + batch.size, keep, [], []))
    reader.check_unchanged()


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
