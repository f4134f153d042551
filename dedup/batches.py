"""The unit of work: some MiB of text of one or more documents, cut at paragraph boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count, repeat
from typing import TYPE_CHECKING, NamedTuple

from dedup.unit import Unit

if TYPE_CHECKING:
    from dedup.parts import Part


class Piece(NamedTuple):
    """A stretch of one document inside a batch; it begins and ends at paragraph boundaries."""

    start: int
    """First byte in the batch's text."""
    end: int
    document: int
    unit: Unit
    first: bool
    """The document begins here."""
    last: bool
    """The document ends here."""


def whole_pieces(borders: list[int], first: int, units: list[Unit]) -> Iterator[Piece]:
    """Pieces that are each a document, end to end: a record is no more work than that, so no bytecode runs for it.

    >>> list(whole_pieces([0, 5, 9], 7, [Unit.LINE, Unit.BLANK]))[1]
    Piece(start=5, end=9, document=8, unit=<Unit.BLANK: 1>, first=True, last=True)

    Args:
        borders: where the first of them begins, and where each ends.
        first: number of the first document.
        units: of each.
    """
    columns = zip(borders, borders[1:], count(first), units, repeat(True), repeat(True), strict=False)
    return map(partial(tuple.__new__, Piece), columns)


@dataclass(slots=True, eq=False, repr=False)
class Batch:
    """A flat buffer of text with the documents in it, and where the same bytes can be read again."""

    text: bytes | memoryview
    """May go on after the last piece; those bytes come again in the next batch."""
    pieces: list[Piece]
    start: int
    """Offset of the batch in the text of the whole run."""
    file: int = -1
    """Descriptor of a regular file that holds these bytes, or -1: the matcher keeps `text`."""
    file_offset: int = 0
    parts: list[Part] = field(default_factory=list)
    """Where the text came from, and how it goes out; some hold no text. Without text there are no pieces."""

    @property
    def size(self) -> int:
        """Bytes that belong to the batch."""
        return self.pieces[-1].end if self.pieces else 0
