"""What matching finds: repeats, the blocks they form, and the totals of each document.

Both engines give these same values, so that a report does not tell which one ran. All positions are
relative to their document: bytes count from 0 and spans are half-open, lines count from 1 and both
ends belong to the span.
"""

# Without `from __future__ import annotations`, which would have every start compile each annotation from a string.

from array import array
from collections.abc import Sequence
from itertools import chain
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


MOST_INVALID = 4
"""Three are told by name, and that there are others."""


class DocumentTable(Sequence[DocumentTotals]):
    """The totals of many documents, in 120 bytes each: a tuple of numbers takes three times that."""

    def __init__(self, *, keep: bool = True) -> None:
        """
        Args:
            keep: False for the sums alone; then the table looks empty.
        """
        self.first_invalid: list[int] = []
        """The first documents with bytes that are not of their encoding, at most `MOST_INVALID`, kept or not."""
        self.taken = 0
        """Documents whose totals were taken, kept or not."""
        self._keep = keep
        self._numbers = array("q")
        self._units: list[str] = []
        """Names of units, by the number that stands for them."""
        self._sums = [0] * (_COLUMNS - 2)

    def __len__(self) -> int:
        return len(self._numbers) // _COLUMNS

    @overload
    def __getitem__(self, number: int) -> DocumentTotals: ...
    @overload
    def __getitem__(self, number: slice) -> list[DocumentTotals]: ...
    def __getitem__(self, number: int | slice) -> DocumentTotals | list[DocumentTotals]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        start = number % len(self) * _COLUMNS
        document, unit, *counts = self._numbers[start : start + _COLUMNS]
        return DocumentTotals(document, self._units[unit], *counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def extend(self, documents: Sequence[DocumentTotals]) -> None:
        """Take the totals of further documents."""
        self.taken += len(documents)
        if not documents:
            return
        numbers, units, *counts = zip(*documents, strict=True)
        self._sums = [one + sum(column) for one, column in zip(self._sums, counts, strict=True)]
        if any(counts[_INVALID]) and len(self.first_invalid) < MOST_INVALID:
            found = [number for number, invalid in zip(numbers, counts[_INVALID], strict=True) if invalid]
            self.first_invalid = (self.first_invalid + found)[:MOST_INVALID]
        if self._keep:
            self._units += [unit for unit in dict.fromkeys(units) if unit not in self._units]
            known = {unit: number for number, unit in enumerate(self._units)}
            rows = zip(numbers, [known[unit] for unit in units], *counts, strict=True)
            self._numbers.extend(chain.from_iterable(rows))

    def total(self, name: str) -> int:
        """The sum of one count over all documents."""
        return self._sums[DocumentTotals._fields.index(name) - 2]


_COLUMNS = len(DocumentTotals._fields)
_INVALID = DocumentTotals._fields.index("invalid_bytes") - 2


class Decided(NamedTuple):
    """What one call of `match` or `finish` settled."""

    until: int
    """Everything before this offset of the run's text is decided."""
    keep: list[tuple[int, int]]
    """Spans of the run's text to keep, in order, between the last call's `until` and this one's."""
    blocks: Sequence[Block]
    """Blocks closed by this call, by their first paragraph; empty unless details were asked for."""
    documents: list[DocumentTotals]
    """Documents that ended and are decided whole."""
    variants: Sequence[Variant] = ()
    """Near matches that stay, by their paragraph; empty unless details were asked for."""
