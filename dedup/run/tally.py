"""How many bytes went in and came out, and their digests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import Any

from dedup.batches import Batch
from dedup.parts import Span
from dedup.report.model import Stream
from dedup.run.deferred import Deferred, Step


class Tally:
    """Bytes that went by, with their digest where it is wanted."""

    def __init__(self, digest: bool) -> None:
        """`digest`: it is wanted."""
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


class InputTally(Tally):
    """The text that is read: every batch is counted by the thread that sketches it, and not by the one all wait for."""

    def __init__(self, digest: bool) -> None:
        super().__init__(digest)
        self._lock = Lock()
        self._early: dict[int, memoryview] = {}
        """Batches that were there before one before them, by their starts."""

    def take(self, batch: Batch) -> None:
        """Count a batch, and those that waited for it; from any thread."""
        if not batch.size:  # an empty file's begins where the next one does
            return
        with self._lock:
            self._early[batch.start] = memoryview(batch.text)[: batch.size]
            while (text := self._early.pop(self.bytes, None)) is not None:
                self.add(text)


class OutputTally(Tally):
    """The text that is kept: digested by whoever is free, and not by the one all wait for."""

    def __init__(self, digest: bool, later: Callable[[Step], None]) -> None:
        """`later`: has a thread that is free call something."""
        super().__init__(digest)
        self._deferred = Deferred(later)
        self._pieces: list[memoryview] = []

    def take(self, text: memoryview, kept: Sequence[Span]) -> None:
        """Count what stays of a text; its digest waits."""
        self.bytes += sum([end - start for start, end in kept])
        if self._hash is not None:
            self._pieces += [text[start:end] for start, end in kept]

    def hand_on(self) -> None:
        """Have digested what was counted."""
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._deferred.add(partial(self._digest, pieces))

    def stream(self) -> Stream:
        """The sum, when all is digested."""
        self.hand_on()
        self._deferred.finish()
        return super().stream()

    def _digest(self, pieces: list[memoryview]) -> None:
        for piece in pieces:
            self._hash.update(piece)
