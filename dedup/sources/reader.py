"""From documents to batches: blocks read in order, cut at paragraph boundaries."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from typing import Protocol

from dedup.batches import Batch, Piece
from dedup.errors import read_error
from dedup.paragraphs import HEAD_BYTES, Unit
from dedup.sources.text import Source

BATCH_BYTES = 1 << 20
OWN_FILE_BYTES = 4 << 20
"""From this size on a file is read again where it lies; smaller ones share batches and are spooled."""
MOST_OWN_FILES = 64


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
        sources: list[Source],
        engine: Cutter,
        unit: str,
        *,
        batch_bytes: int = BATCH_BYTES,
        observe: Callable[[int], None] | None = None,
    ) -> None:
        self._sources = sources
        self._engine = engine
        self._unit = unit
        self._batch_bytes = batch_bytes
        self._observe = observe
        self._offset = 0
        self._own_files = 0
        self._text = bytearray()
        self._pieces: list[Piece] = []
        self.head = b""
        """The start of the document in hand while its unit is not decided."""
        self.document = 0

    def __iter__(self) -> Iterator[Batch | None]:
        for number, source in enumerate(self._sources):
            self.document = number
            if source.descriptor >= 0 and self._rereadable(source):
                yield from self._flush()
                yield from self._from_file(source)
            else:
                yield from self._from_stream(source)
        yield from self._flush()

    def close(self) -> None:
        """Close every source."""
        for source in self._sources:
            source.close()

    def _rereadable(self, source: Source) -> bool:
        if (source.document_bytes or 0) < OWN_FILE_BYTES or self._own_files >= MOST_OWN_FILES:
            return False
        self._own_files += 1
        return True

    def _saw(self, size: int) -> None:
        if self._observe is not None:
            self._observe(size)

    # ---- A large regular file: each block is read where the last batch ended; nothing is copied. ----

    def _from_file(self, source: Source) -> Iterator[Batch]:
        at, want, first = 0, self._batch_bytes, True
        head = self._block(source, 0, HEAD_BYTES)
        unit = self._engine.resolve_unit(self._unit, head, len(head) < HEAD_BYTES)
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

    # ---- Everything else: bytes as they come; small documents share a batch. ----

    def _from_stream(self, source: Source) -> Iterator[Batch | None]:
        unread = bytearray()
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
                source.close()
                return

    @staticmethod
    def _read_more(source: Source, unread: bytearray, size: int) -> bool:
        """Read at most `size` bytes more; False at the end."""
        part = source.read(size)
        unread += part
        return bool(part)

    def _read_head(self, source: Source, unread: bytearray) -> Generator[Batch | None, None, bool]:
        """Read until the unit can be decided; returns whether the document ended. (A generator for its pauses.)"""
        wanted = HEAD_BYTES if self._unit in ("auto", "sentence") else 1
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
