"""What matching finds: repeats, the blocks they form, and the totals of each document.

Both engines give these same values, so that a report does not tell which one ran. All positions are
relative to their document: bytes count from 0 and spans are half-open, lines count from 1 and both
ends belong to the span.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple, overload


class Place(NamedTuple):
    """Where a paragraph or a run of paragraphs stands."""

    document: int
    """Number of the document in the run, from 0."""
    start: int
    """First byte in the document."""
    end: int
    """One past the last byte, the separator after the text included."""
    line: int
    """First line."""
    last_line: int
    """Last line that holds text (blank lines after it do not count)."""


class Repeat(NamedTuple):
    """One paragraph that repeats an earlier one."""

    place: Place
    original: Place
    kind: str
    """`exact` (the same words in the same order), `near`, or `short` (goes with its block)."""
    words: int
    intersection: int
    """Shingles that both have; 0 for `short`."""
    union: int
    """Shingles that either has; 0 for `short`."""
    removed: bool


class Block(NamedTuple):
    """A run of repeats parallel to one earlier passage."""

    place: Place
    original: Place
    paragraphs: int
    """Repeats in the block, short ones included."""
    words: int
    removed_paragraphs: int
    removed_words: int
    repeats: tuple[Repeat, ...]
    """Every repeat in order; empty where details were not asked for."""


class Variant(NamedTuple):
    """One paragraph that is near to an earlier one and stays, because it adds something to it."""

    place: Place
    original: Place
    """The most similar original that it was compared with; the earliest of several."""
    rule: str
    """What it adds: `figure`, `name`, `negation`, `word` or `order`."""
    new: tuple[str, ...]
    """The words or figures that the original does not have, as they stand in the text."""
    words: int
    intersection: int
    union: int


class DocumentTotals(NamedTuple):
    """What was counted in one document."""

    document: int
    unit: str
    bytes: int
    paragraphs: int
    words: int
    removed_bytes: int
    removed_paragraphs: int
    removed_words: int
    removed_exact: int
    """Paragraphs removed with the same words as their original."""
    removed_near: int
    removed_short: int
    kept_repeats: int
    """Repeats of another document that stand too alone to be removed."""
    blocks: int
    """Blocks of which at least one paragraph was removed."""
    invalid_bytes: int
    """Bytes that are not UTF-8; they are kept as they are."""
    variants: int = 0
    """Paragraphs near to an earlier one that stay because they add something."""


class DocumentTable(Sequence[DocumentTotals]):
    """The totals of many documents in 112 bytes each."""

    _WIDTH = len(DocumentTotals._fields)

    def __init__(self) -> None:
        self._numbers = array("q")
        self._units: list[str] = []

    @classmethod
    def of(cls, documents: Sequence[DocumentTotals]) -> DocumentTable:
        """A table of these; they themselves if they are one."""
        if isinstance(documents, cls):
            return documents
        table = cls()
        table.add(documents)
        return table

    def add(self, documents: Iterable[DocumentTotals]) -> None:
        """Append documents."""
        for document in documents:
            number, unit, *rest = document
            if unit not in self._units:
                self._units.append(unit)
            self._numbers.extend((number, self._units.index(unit), *rest))

    def total(self, name: str) -> int:
        """The sum of a number over all documents."""
        return sum(self._numbers[DocumentTotals._fields.index(name) :: self._WIDTH])

    def __len__(self) -> int:
        return len(self._numbers) // self._WIDTH

    @overload
    def __getitem__(self, number: int) -> DocumentTotals: ...
    @overload
    def __getitem__(self, number: slice) -> list[DocumentTotals]: ...
    def __getitem__(self, number: int | slice) -> DocumentTotals | list[DocumentTotals]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        position = range(len(self))[number] * self._WIDTH
        document, unit, *rest = self._numbers[position : position + self._WIDTH]
        return DocumentTotals(document, self._units[unit], *rest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as of a list


class Decided(NamedTuple):
    """What one call of `match` or `finish` settled."""

    until: int
    """Everything before this offset of the run's text is decided."""
    keep: list[tuple[int, int]]
    """Spans of the run's text to keep, in order, between the last call's `until` and this one's."""
    blocks: list[Block]
    """Blocks closed by this call, by their first paragraph; empty unless details were asked for."""
    documents: list[DocumentTotals]
    """Documents that ended and are decided whole."""
    variants: Sequence[Variant] = ()
    """Near matches that stay, by their paragraph; empty unless details were asked for."""
