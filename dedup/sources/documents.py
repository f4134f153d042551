"""One text document on its way to batches: a large file, a stream or a pipe, cut where paragraphs end."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from dedup.batches import Batch, Piece
from dedup.errors import read_error
from dedup.parts import TextPart
from dedup.sources.container import Container
from dedup.sources.filling import Filling
from dedup.sources.pages import Pages
from dedup.sources.source import Source
from dedup.sources.stretches import Cutter, Stretch, cut_stretches
from dedup.unit import HEAD_BYTES, Unit, wanted_head

OWN_FILE_BATCHES = 2
"""So many times as large are the batches of a large file: there is little beside its text to be held."""
FIRST_SHARE = 8
"""The first batch of a large file is so much smaller, and the next ones grow: every thread has work soon."""


class TextReader:
    """Reads text documents one after another; all of them and what is not text share the batch in hand."""

    def __init__(self, filling: Filling, engine: Cutter, unit: str, batch_bytes: int) -> None:
        """
        Args:
            filling: the batch in hand.
            engine: cuts text.
            unit: the option.
            batch_bytes: size of a batch.
        """
        self._filling = filling
        self._engine = engine
        self._unit = unit
        self._batch_bytes = batch_bytes
        self._pages = Pages()
        self._file = 0
        self.document = 0
        """Number of the document in hand."""
        self.head = b""
        """The start of the document in hand while its unit is not decided."""

    def begin(self, file: int, document: int) -> None:
        """What is read from now on is a document of that number, in the file of that number."""
        self._file, self.document = file, document

    # ---- A large regular file: each block is read where the last batch ended; nothing is copied. ----

    def from_file(self, container: Container) -> Iterator[Batch]:
        """Batches of a file that is read again where it lies."""
        source = container.source
        most = OWN_FILE_BATCHES * self._batch_bytes
        batch_bytes = max(most // FIRST_SHARE, 1)
        at, want, first = 0, batch_bytes, True
        head = self._block(source, 0, HEAD_BYTES)
        unit = self._engine.resolve_unit(self._unit, head, len(head) < HEAD_BYTES)
        while True:
            text = self._block(source, at, want)
            last = len(text) < want
            size = len(text) if last else self._engine.cut(text, unit)
            if not last and not size:
                want *= 2  # one paragraph fills the block
                continue
            batch = self._batch_of(container, Stretch(text, size, unit, last), first)
            batch.file, batch.file_offset = source.descriptor, at
            yield batch
            if last:
                return
            batch_bytes = min(2 * batch_bytes, most)
            at, want, first = at + size, batch_bytes, False

    def _batch_of(self, container: Container, stretch: Stretch, first: bool) -> Batch:
        """A batch that one stretch of a document fills."""
        text, size, unit, last = stretch
        container.bytes += size
        piece = Piece(0, size, self.document, unit, first, last)
        return self._filling.batch_of(text, size, [piece], [TextPart(self._file, 0, size, last=last)])

    def _block(self, source: Source, at: int, size: int) -> memoryview:
        """All bytes in [at, at + size) that the file has."""
        try:
            return self._pages.read(source.descriptor, size, at)
        except OSError as error:
            raise read_error(source.name, error) from error

    # ---- Other text that does not pause: small, compressed or recoded. Small documents share a batch. ----

    def stretches(self, source: Source) -> Iterator[Stretch]:
        """Cut a document that comes in a stream."""
        return cut_stretches(source, self._engine, self._unit, OWN_FILE_BATCHES * self._batch_bytes)

    def from_stream(self, container: Container, stretches: Iterator[Stretch]) -> Iterator[Batch]:
        """Batches of a document of which these are the stretches."""
        first = True
        for stretch in stretches:
            if first and stretch.last:
                yield from self._add_whole(container, stretch)
                return
            if first:
                yield from self._filling.flush()
            yield self._batch_of(container, stretch, first)
            first = False

    def _add_whole(self, container: Container, stretch: Stretch) -> Iterator[Batch]:
        """A small document."""
        container.bytes += stretch.size
        self._add(stretch.text, stretch.size, stretch.unit, True, True)
        if self._filling.is_full:
            yield from self._filling.flush()

    # ---- A pipe: bytes as they come, and what is decided goes out while its writer pauses. ----

    def from_pipe(self, container: Container) -> Iterator[Batch | None]:
        """Batches of a pipe; None where its writer pauses."""
        source, unread = container.source, bytearray()
        ended = yield from self._read_head(source, unread)
        unit = self._engine.resolve_unit(self._unit, bytes(unread[:HEAD_BYTES]), ended)
        self.head = b""
        first, fresh = True, bool(unread)
        while True:
            while not ended and len(unread) < self._batch_bytes:
                if fresh and source.pauses():
                    break
                ended = not self._read_more(source, unread, self._batch_bytes - len(unread))
                fresh = True
            size = len(unread) if ended else self._engine.cut(unread, unit)
            if size or ended:
                container.bytes += size
                self._add(unread, size, unit, first, ended)
                first = False
                del unread[:size]
            elif len(unread) >= self._batch_bytes:  # one paragraph fills the batch
                ended = not self._read_more(source, unread, len(unread))
                continue
            paused = not ended and len(unread) + size < self._batch_bytes
            if paused or self._filling.is_full:
                yield from self._filling.flush()
            if paused:
                yield None
                fresh = False
            if ended:
                return

    @staticmethod
    def _read_more(source: Source, unread: bytearray, size: int) -> bool:
        """Read at most `size` bytes more; False at the end."""
        part = source.read(size)
        unread += part
        return bool(part)

    def _read_head(self, source: Source, unread: bytearray) -> Generator[Batch | None, None, bool]:
        """Read until the unit can be decided; returns whether the document ended. (A generator for its pauses.)"""
        wanted = wanted_head(self._unit)
        while len(unread) < wanted:
            part = source.read(max(wanted, self._batch_bytes) - len(unread))
            if not part:
                return True
            unread += part
            if len(unread) < wanted and source.pauses():
                self.head = bytes(unread)
                yield from self._filling.flush()
                yield None
        return False

    def _add(self, text: bytes | bytearray | memoryview, size: int, unit: Unit, first: bool, last: bool) -> None:
        start = self._filling.append(bytes(text) if size == len(text) else bytes(memoryview(text)[:size]))
        self._filling.pieces.append(Piece(start, start + size, self.document, unit, first, last))
        self._filling.parts.append(TextPart(self._file, start, start + size, last=last))
