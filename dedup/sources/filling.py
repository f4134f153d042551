"""The batch in hand: what the reader gathers until it is worth sketching."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dedup.batches import Batch, Piece
from dedup.parts import Part

MOST_PIECES = 1 << 14
"""Records in a batch, however short they are: each is an object while the batch is under way."""
MOST_PARTS = 4096
"""Parts without text that may wait for a batch."""


class Filling:
    """Texts with their pieces and parts; gives batches, each with its place in the text of the run."""

    def __init__(self, batch_bytes: int, observe: Callable[[int], None] | None = None) -> None:
        """
        Args:
            batch_bytes: size of a batch.
            observe: called with the bytes of each batch.
        """
        self.pieces: list[Piece] = []
        self.parts: list[Part] = []
        self._batch_bytes = batch_bytes
        self._observe = observe
        self._texts: list[bytes | memoryview] = []
        """One that fills the batch alone is not copied."""
        self._bytes = 0
        self._offset = 0
        """Where the batch in hand begins in the text of the run."""

    @property
    def size(self) -> int:
        """Bytes of its text: where the next one begins."""
        return self._bytes

    @property
    def is_full(self) -> bool:
        """It has the text of a batch."""
        return self._bytes >= self._batch_bytes

    @property
    def is_nearly_full(self) -> bool:
        """What comes next would make it too large: too much text, or too many pieces or parts.

        Blocks of whole lines are a little smaller than what was asked for: two of them would make a large batch.
        """
        much = self._bytes >= self._batch_bytes - self._batch_bytes // 4
        return much or len(self.pieces) >= MOST_PIECES or len(self.parts) >= MOST_PARTS

    def append(self, text: bytes | memoryview) -> int:
        """Add text; gives where it begins in the batch."""
        start = self._bytes
        self._bytes += len(text)
        self._texts.append(text)
        return start

    def flush(self) -> Iterator[Batch]:
        """The batch, if there is anything in it; the next one is empty."""
        if self.pieces or self.parts:
            text = self._texts[0] if len(self._texts) == 1 else b"".join(self._texts)
            pieces, parts = self.pieces, self.parts
            self._texts, self._bytes, self.pieces, self.parts = [], 0, [], []
            yield self.batch_of(text, len(text), pieces, parts)

    def batch_of(self, text: bytes | memoryview, size: int, pieces: list[Piece], parts: list[Part]) -> Batch:
        """A batch of `size` bytes of a text, which follows all before; call it with nothing in hand."""
        start = self._offset
        for part in parts:
            part.place(text, start)
        self._offset += size
        if self._observe is not None:
            self._observe(size)
        return Batch(text, pieces, start, parts=parts)
