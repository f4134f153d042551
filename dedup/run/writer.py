"""From decisions to outputs: what of the text goes to which file, and what is counted on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dedup.batches import Batch
from dedup.findings import Decided, DocumentTable
from dedup.flat import Blocks, Variants
from dedup.parts import Part
from dedup.report.reading import FindingStream
from dedup.run.tally import InputTally, OutputTally
from dedup.sinks.outputs import Outputs
from dedup.sinks.product import ByteProduct
from dedup.sources.container import Container

if TYPE_CHECKING:
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
        self._blocks = Blocks()
        self._variants = Variants()
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
        for start, end in decided.keep:
            if start > self._until:
                self._remove(self._until, start)
            self._keep(start, end)
        if decided.until > self._until:
            self._remove(self._until, decided.until)
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
        if decided.blocks:
            from dedup.report.compiled import extend

            extend(self._blocks, decided.blocks)
        self._variants.extend(decided.variants)

    def found(self) -> tuple[Blocks, Variants]:
        """All findings, unless a stream took them."""
        return self._blocks, self._variants

    def removed_map(self) -> list[float]:
        """Where in the input the removed text lies, as `RemovedMap.shares` has it; empty if that was not asked for."""
        return [] if self._removed is None else self._removed.shares(self.input.bytes)

    def write_early(self, head: bytes, kept: int) -> None:
        """Write the first `kept` bytes of the run now; they are skipped when they are decided."""
        if kept > self._early:
            self._open(0).write_ahead(head[self._early : kept])
            self._early = kept

    def _keep(self, start: int, end: int) -> None:
        for part, first, last in self._stretches(start, end):
            self.output.add(part.text[first:last])
            part.decide(first, last, True, self._open(part.file))
        self._until = end

    def _remove(self, start: int, end: int) -> None:
        if self._removed is not None:
            self._removed.add(start, end)
        for part, first, last in self._stretches(start, end):
            part.decide(first, last, False, self._open(part.file))
        self._until = end

    def _stretches(self, start: int, end: int) -> Iterable[tuple[Part, int, int]]:
        """The parts that hold text [start, end), and where in them; those before are finished."""
        part = self._held[0]
        if part.start <= start and end <= part.end:  # as most do
            return ((part, start - part.start, end - part.start),)
        return self._stretches_of_many(start, end)

    def _stretches_of_many(self, start: int, end: int) -> Iterator[tuple[Part, int, int]]:
        while start < end:
            part = self._held[0]
            if part.end <= start:
                self._finish(self._held.popleft())
                continue
            stop = min(end, part.end)
            yield part, start - part.start, stop - part.start
            start = stop

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
