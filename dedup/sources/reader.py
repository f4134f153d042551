"""From documents to batches: blocks read in order, cut at paragraph boundaries."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Protocol

from dedup.batches import Batch, Piece
from dedup.errors import read_error
from dedup.paragraphs import HEAD_BYTES, Unit
from dedup.sources.bundles import Bundle
from dedup.sources.text import Source

BATCH_BYTES = 1 << 20
OWN_FILE_BYTES = 4 << 20
"""From this size on a file is read again where it lies; smaller ones share batches and are spooled."""
MOST_OWN_FILES = 64
DEPENDS_ON_TEXT = ("auto", "sentence")
"""Units that the beginning of a document decides: sentences may go over line ends or not."""


class Cutter(Protocol):
    """What the reader wants of an engine."""

    def cut(self, text: bytes | bytearray, unit: int) -> int:
        """Offset of a late paragraph boundary of `text`, 0 if there is none."""

    def resolve_unit(self, name: str, head: bytes, whole: bool) -> Unit:
        """The unit of a document that begins with `head`."""


class Reader:
    """Gives batches; None where the writer at the other end of a pipe pauses."""

    def __init__(
        self,
        sources: Iterable[Source | Bundle],
        engine: Cutter,
        unit: str,
        *,
        batch_bytes: int = BATCH_BYTES,
        observe: Callable[[int], None] | None = None,
    ) -> None:
        self._sources = sources
        self._open: list[Source] = []
        self._engine = engine
        self._unit = unit
        self._fixed_unit = None if unit in DEPENDS_ON_TEXT else engine.resolve_unit(unit, b"", True)
        self._batch_bytes = batch_bytes
        self._observe = observe
        self._offset = 0
        self._text = bytearray()
        self._pieces: list[Piece] = []
        self.head = b""
        """The start of the document in hand while its unit is not decided."""
        self.document = 0
        self.names: list[str] = []
        """Of the documents so far: a source is opened when the one before it has been read."""

    def __iter__(self) -> Iterator[Batch | None]:
        for source in self._sources:
            if isinstance(source, Bundle):
                yield from self._flush()
                yield self._from_bundle(source)
                continue
            self.document = len(self.names)
            self.names.append(source.name)
            if source.whole is not None and len(source.whole) <= self._batch_bytes:
                self._add_whole(source.whole)
                if len(self._text) >= self._batch_bytes:
                    yield from self._flush()
                continue
            self._open.append(source)
            if source.descriptor >= 0 and self._rereadable(source):
                yield from self._flush()
                yield from self._from_file(source)
                source.check_unchanged()
            else:
                yield from self._from_stream(source)
                source.check_unchanged()
                self._open.pop().close()
        yield from self._flush()

    def close(self) -> None:
        """Close what is open: files that are read again where they lie, and the one that was being read."""
        while self._open:
            self._open.pop().close()

    def check_unchanged(self) -> None:
        """Say so if a file that was read again has changed since: repeats may have been verified on other text.

        Raises:
            ReadError: names the file.
        """
        for source in self._open:
            source.check_unchanged()

    def _rereadable(self, source: Source) -> bool:
        return (source.document_bytes or 0) >= OWN_FILE_BYTES and len(self._open) <= MOST_OWN_FILES

    def _resolve(self, head: bytes, whole: bool) -> Unit:
        """The unit of a document that begins with `head`."""
        if self._fixed_unit is not None:
            return self._fixed_unit
        return self._engine.resolve_unit(self._unit, head, whole)

    def _saw(self, size: int) -> None:
        if self._observe is not None:
            self._observe(size)

    # ---- A large regular file: each block is read where the last batch ended; nothing is copied. ----

    def _from_file(self, source: Source) -> Iterator[Batch]:
        at, want, first = 0, self._batch_bytes, True
        head = self._block(source, 0, HEAD_BYTES)
        unit = self._resolve(head, len(head) < HEAD_BYTES)
        while True:
            text = self._block(source, at, want)
            last = len(text) < want
            size = len(text) if last else self._engine.cut(text, unit)
            if not last and not size:
                want *= 2  # one paragraph fills the block
                continue
            yield Batch(
                text,
                [Piece(0, size, self.document, unit, first, last)],
                self._advance(size),
                source.descriptor,
                at,
            )
            if last:
                return
            at, want, first = at + size, self._batch_bytes, False

    def _block(self, source: Source, at: int, size: int) -> bytes:
        """All bytes in [at, at + size) that the file has: a short read is no end."""
        try:
            parts = [os.pread(source.descriptor, size, at)]
            while 0 < len(parts[-1]) < size:
                size -= len(parts[-1])
                at += len(parts[-1])
                parts.append(os.pread(source.descriptor, size, at))
        except OSError as error:
            raise read_error(source.name, error) from error
        return parts[0] if len(parts) <= 2 and not parts[-1] else b"".join(parts)

    def _advance(self, size: int) -> int:
        start = self._offset
        self._offset += size
        self._saw(size)
        return start

    # ---- Small documents, read already: they share a batch. ----

    def _from_bundle(self, bundle: Bundle) -> Batch:
        pieces, end, document, text = [], 0, len(self.names), bundle.text
        for size, *_ in bundle.facts:
            start, end = end, end + size
            unit = self._fixed_unit
            if unit is None:
                unit = self._resolve(text[start : min(end, start + HEAD_BYTES)], size < HEAD_BYTES)
            pieces.append(Piece(start, end, document, unit, True, True))
            document += 1
        self.names += bundle.names
        return Batch(text, pieces, self._advance(len(text)))

    def _add_whole(self, text: bytes) -> None:
        start = len(self._text)
        self._text += text
        unit = self._resolve(text[:HEAD_BYTES], len(text) < HEAD_BYTES)
        self._pieces.append(Piece(start, start + len(text), self.document, unit, True, True))

    # ---- Everything else: bytes as they come. ----

    def _from_stream(self, source: Source) -> Iterator[Batch | None]:
        unread = bytearray()
        ended = yield from self._read_head(source, unread)
        unit = self._resolve(bytes(unread[:HEAD_BYTES]), ended)
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
                self._add(unread, size, unit, first, ended)
                first = False
                del unread[:size]
            elif len(unread) >= self._batch_bytes:  # one paragraph fills the batch
                ended = not self._read_more(source, unread, len(unread))
                continue
            paused = not ended and len(unread) + size < self._batch_bytes
            if paused or len(self._text) >= self._batch_bytes:
                yield from self._flush()
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
        wanted = HEAD_BYTES if self._fixed_unit is None else 1
        while len(unread) < wanted:
            part = source.read(max(wanted, self._batch_bytes) - len(unread))
            if not part:
                return True
            unread += part
            if len(unread) < wanted and source.pauses():
                self.head = bytes(unread)
                yield from self._flush()
                yield None
        return False

    def _add(self, unread: bytearray, size: int, unit: Unit, first: bool, last: bool) -> None:
        start = len(self._text)
        self._text += unread if size == len(unread) else memoryview(unread)[:size]
        self._pieces.append(Piece(start, start + size, self.document, unit, first, last))

    def _flush(self) -> Iterator[Batch]:
        if self._pieces:
            text, pieces = bytes(self._text), self._pieces
            self._text, self._pieces = bytearray(), []
            yield Batch(text, pieces, self._advance(len(text)))
