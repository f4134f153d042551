"""From decisions to outputs: what of the text goes to which file, and what is counted on the way."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING

from dedup.batches import Batch
from dedup.findings import Decided, DocumentTable
from dedup.flat import Blocks, Variants
from dedup.parts import Part, Span, left_of
from dedup.report.reading import FindingStream
from dedup.run.tally import InputTally, OutputTally
from dedup.sinks.outputs import Outputs
from dedup.sinks.product import ByteProduct
from dedup.sources.container import Container

if TYPE_CHECKING:
    from dedup.report.compiled import Gathered
    from dedup.report.removed_map import RemovedMap


class Writer:
    """Turns decisions into writes: holds parts of files until their text is decided."""

    def __init__(
        self,
        outputs: Outputs,
        containers: list[Container],
        input: InputTally,
        output: OutputTally,
        *,
        details: bool,
        map_removed: bool,
    ) -> None:
        """
        Args:
            outputs: get what is kept.
            containers: the files that are read; grows with the run.
            input: counts what is read; others do that.
            output: counts what is kept.
            details: keep the totals of each document.
            map_removed: note where in the input the removed text lies.
        """
        self.documents = DocumentTable(keep=details)
        self.input = input
        self.output = output
        self.stream: FindingStream | None = None
        """Takes the findings, if they are not to be collected."""
        self._outputs = outputs
        self._containers = containers
        self._held: deque[Part] = deque()
        self._until = 0
        """Everything before this offset of the run's text is written or left out."""
        self._early = 0
        """Bytes that were written ahead of the decisions about them."""
        self._file = -1
        self._product: ByteProduct | None = None
        self._gathered: Gathered | None = None
        self._removed: RemovedMap | None = None
        if map_removed:
            from dedup.report.removed_map import RemovedMap

            self._removed = RemovedMap()

    def expect(self, batch: Batch) -> None:
        """Hold the parts of a batch whose decisions are about to come; it was counted as input before."""
        self._held.extend(batch.parts)

    def pass_on(self, batch: Batch) -> None:
        """A batch without text goes out when all text before it has."""
        self._held.extend(batch.parts)
        self._finish_parts()
        self._flush()

    def write(self, decided: Decided) -> None:
        """Write what is kept, forget what is decided."""
        if self._removed is not None:
            for gone in left_of(self._until, decided.until, decided.keep):
                self._removed.add(*gone)
        self._decide(decided.keep, decided.until)
        self._finish_parts()
        self._flush()
        self.output.hand_on()
        self._collect(decided)

    def _collect(self, decided: Decided) -> None:
        """Keep what was found, or hand it on."""
        self.documents.extend(decided.documents)
        if self.stream is not None:
            self.stream.take(decided)
            return
        if decided.blocks or decided.variants:
            self._gather().add(decided.blocks, decided.variants)

    def _gather(self) -> Gathered:
        if self._gathered is None:
            from dedup.report.compiled import gathered

            self._gathered = gathered()
        return self._gathered

    def found(self) -> tuple[Blocks, Variants]:
        """All findings, unless a stream took them; to be asked for once."""
        return (Blocks(), Variants()) if self._gathered is None else self._gathered.tables()

    def removed_map(self) -> list[float]:
        """Where in the input the removed text lies, as `RemovedMap.shares` has it; empty if that was not asked for."""
        return [] if self._removed is None else self._removed.shares(self.input.bytes)

    def write_early(self, head: bytes, kept: int) -> None:
        """Write the first `kept` bytes of the run now; they are skipped when they are decided."""
        if kept > self._early:
            self._open(0).write_ahead(head[self._early : kept])
            self._early = kept

    def _decide(self, keep: list[Span], until: int) -> None:
        """Tell the parts up to `until` what of their text stays."""
        begun = 0
        while self._until < until:
            self._finish_parts()
            part = self._held[0]
            stop = min(until, part.end)
            end = bisect_left(keep, (stop,), begun)  # the first that begins behind
            kept = _within(keep[begun:end], self._until, stop, part.start)
            part.decide(self._until - part.start, stop - part.start, kept, self._open(part.file))
            self.output.take(part.text, kept)
            begun = end - 1 if end > begun and keep[end - 1][1] > stop else end
            self._until = stop

    def _finish_parts(self) -> None:
        while self._held and self._held[0].end <= self._until:
            self._finish(self._held.popleft())

    def _finish(self, part: Part) -> None:
        product = self._open(part.file)
        part.finish(product)
        if part.last:
            self._outputs.end(self._containers[part.file])

    def _open(self, file: int) -> ByteProduct:
        """The product of a file; files are written one after another."""
        if self._product is None or file != self._file:
            self._flush()
            self._file = file
            self._product = self._outputs.begin(self._containers[file])
        return self._product

    def _flush(self) -> None:
        if self._product is not None:
            self._product.flush()


def _within(spans: list[Span], start: int, stop: int, base: int) -> list[Span]:
    """Spans that meet [start, stop), cut to it and counted from `base`."""
    within = [(first - base, last - base) for first, last in spans]
    if within:  # the first and the last can reach beyond
        within[0] = max(within[0][0], start - base), within[0][1]
        within[-1] = within[-1][0], min(within[-1][1], stop - base)
    return within
