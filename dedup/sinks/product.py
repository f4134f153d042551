"""Cleaned bytes of a file on their way to a sink, and what became of the bytes that were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.parts import Span
    from dedup.sinks import Data, Sink
    from dedup.sinks.removals import Removals
    from dedup.sources.encodings import Recoded


class ByteProduct:
    """Bytes kept and inserted go to a sink, many pieces in one call."""

    def __init__(self, sink: Sink, log: Removals | None) -> None:
        self.header: bytes | None = None
        self.changed = False
        """Something of the input is not in the output, or the other way round."""
        self._sink = sink
        self._log = log
        self._parts: list[Data] = []
        self._ahead = 0
        self._last = 10

    @property
    def at_line_start(self) -> bool:
        """Nothing was written yet, or a line end was the last."""
        return self._last == 10

    def take(self, text: memoryview, start: int, end: int, kept: Sequence[Span]) -> None:
        """Bytes [start, end) of a text, of which some spans stay, in order: `keep` and `drop` in one call."""
        if self._log is not None or self._ahead:
            self._take_each(text, start, end, kept)
            return
        pieces = [text[first:last] for first, last in kept]
        if sum(map(len, pieces)) < end - start:
            self.changed = True
        if pieces:
            self._last = pieces[-1][-1]
            self._parts += pieces

    def _take_each(self, text: memoryview, start: int, end: int, kept: Sequence[Span]) -> None:
        for first, last in kept:
            if first > start:
                self.drop(text[start:first])
            self.keep(text[first:last])
            start = last
        if end > start:
            self.drop(text[start:end])

    def keep(self, data: Data) -> None:
        """Bytes of the input that are in the output as well."""
        if self._log is not None:
            self._log.keep(data)
        if self._ahead:
            written = min(self._ahead, len(data))
            self._ahead -= written
            data = memoryview(data)[written:]
        if len(data):
            self._last = data[-1]
            self._parts.append(data)

    def drop(self, data: Data) -> None:
        """Bytes of the input that are not in the output."""
        self.changed = True
        if self._log is not None:
            self._log.drop(data)

    def insert(self, data: Data) -> None:
        """Bytes of the output that are not in the input."""
        self.changed = True
        if self._log is not None:
            self._log.insert(data)
        if len(data):
            self._last = data[-1]
            self._parts.append(data)

    def write_ahead(self, data: Data) -> None:
        """Write bytes now that will be kept, before anything else is."""
        self._sink.write(data)
        self._ahead += len(data)

    def end_file(self) -> None:
        """All of a file is decided."""
        self.flush()

    def facts(self) -> dict[str, Any]:
        """What the removals file has to know of the file besides."""
        return {}

    def close(self) -> None:
        """Nothing follows."""

    def abandon(self) -> None:
        """The run has failed: write nothing more."""

    def go_on_from(self, earlier: ByteProduct) -> None:
        """Take the place of the product of the file before, in the same output."""
        self.header = earlier.header
        self._last = earlier._last

    def flush(self) -> None:
        """Hand over what was gathered."""
        if self._parts:
            parts, self._parts = self._parts, []
            self._sink.write_many(parts)


class RecodedProduct(ByteProduct):
    """Takes UTF-8 and passes on the bytes of the file's own encoding."""

    def __init__(self, sink: Sink, log: Removals | None, recoding: Recoded) -> None:
        super().__init__(sink, log)
        self._recoding = recoding

    def take(self, text: memoryview, start: int, end: int, kept: Sequence[Span]) -> None:
        """One after another."""
        self._take_each(text, start, end, kept)

    def keep(self, data: Data) -> None:
        """The bytes that this text was made from stay."""
        super().keep(self._recoding.take(data))
        if len(data):
            self._last = data[-1]

    def drop(self, data: Data) -> None:
        """The bytes that this text was made from go."""
        for piece, stays in self._recoding.kept_of(self._recoding.take(data)):
            if stays:
                super().keep(piece)
            elif len(piece):
                super().drop(piece)

    def insert(self, data: Data) -> None:
        """New text in the file's encoding."""
        super().insert(self._recoding.encode(bytes(data)))
        self._last = data[-1] if len(data) else self._last

    def end_file(self) -> None:
        """Bytes behind the last text stay."""
        if rest := self._recoding.rest():
            super().keep(rest)
        self.flush()
