"""The unit of work: some MiB of text of one or more documents, cut at paragraph boundaries."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(slots=True, eq=False, repr=False)
class Batch:
    """A flat buffer of text with the documents in it, and where the same bytes can be read again."""

    text: bytes
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
