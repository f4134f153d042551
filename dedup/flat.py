"""Many findings as flat numbers: 128 bytes a finding and 112 a repeat, where tuples of tuples take ten times that.

A table looks like the list of what it holds, and makes each `Block` or `Variant` when it is asked for. Renderers in
C (`dedup.report.rows`) read the numbers and never make one.
"""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Generic, Self, TypeVar, overload

from dedup.findings import Block, Place, Repeat, Variant

COLUMNS = 16
"""Of a finding: its place (document, start, end, line, last line), its original's, and six more.

A block has paragraphs, words, removed paragraphs, removed words, its first repeat and how many there are; a variant
the number of its rule, words, intersection, union, its first new word and how many there are.
"""
REPEAT_COLUMNS = 14
"""Of a repeat: start, end, line, last line, the place of its original, kind, words, intersection, union, removed."""
KINDS = ("exact", "near", "short")
RULES = ("figure", "name", "negation", "word", "order")
PARAGRAPHS, WORDS = 10, 11
"""Columns of a block; the first of its place and its original are DOCUMENT and ORIGINAL."""
DOCUMENT, ORIGINAL = 0, 5
FIRST, MANY = COLUMNS - 2, COLUMNS - 1
"""Columns of both: the first of its repeats or new words, and how many there are."""

Found = TypeVar("Found", Block, Variant)


class Table(Sequence[Found], Generic[Found]):
    """Findings of one sort."""

    def __init__(self) -> None:
        self.numbers = array("Q")
        """COLUMNS numbers for each."""

    def __len__(self) -> int:
        return len(self.numbers) // COLUMNS

    @overload
    def __getitem__(self, number: int) -> Found: ...
    @overload
    def __getitem__(self, number: slice) -> list[Found]: ...
    def __getitem__(self, number: int | slice) -> Found | list[Found]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._make(number % len(self) * COLUMNS)

    def __iter__(self) -> Iterator[Found]:
        return map(self._make, range(0, len(self.numbers), COLUMNS))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))

    def sort(self) -> array[int]:
        """Sort by place; findings at one place keep their order. Gives the number that each of them had before."""
        keys = list(zip(*(self.column(i) for i in range(5)), strict=True))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        size = COLUMNS * self.numbers.itemsize
        rows = memoryview(self.numbers).cast("B")
        self.numbers = array("Q", b"".join([rows[i * size : (i + 1) * size] for i in order]))
        return array("I", order)

    def column(self, number: int) -> Sequence[int]:
        """One number of every finding."""
        return self.numbers[number::COLUMNS]

    def part(self, first: int, last: int) -> Self:
        """The findings [first, last), with the repeats or words of all."""
        made = copy(self)
        made.numbers = self.numbers[first * COLUMNS : last * COLUMNS]
        return made

    @abstractmethod
    def tail(self, first: int) -> Self:
        """The findings from `first` on, with none but their own repeats or words, of a table that was not sorted."""

    def _numbers_from(self, first: int) -> tuple[array[int], int]:
        """The numbers of the findings from `first` on, and how many repeats or words before theirs are left out."""
        numbers = self.numbers[first * COLUMNS :]
        before = numbers[FIRST] if numbers else 0
        for i in range(FIRST, len(numbers), COLUMNS):
            numbers[i] -= before
        return numbers, before

    def _take(self, numbers: array[int], shift: int) -> None:
        """Append rows whose repeats or words were numbered from 0."""
        at = len(self.numbers) + FIRST
        self.numbers += numbers
        if shift:
            for i in range(at, len(self.numbers), COLUMNS):
                self.numbers[i] += shift

    @abstractmethod
    def _make(self, at: int) -> Found:
        """The finding whose numbers begin at `at`."""


class Blocks(Table[Block]):
    """Blocks with their repeats."""

    def __init__(self, found: Iterable[Block] = ()) -> None:
        super().__init__()
        self.repeats = array("Q")
        """REPEAT_COLUMNS numbers for each repeat of all blocks."""
        self.extend(found)

    @classmethod
    def of(cls, numbers: array[int], repeats: array[int]) -> Blocks:
        """A table from arrays of type "Q"."""
        table = cls()
        table.numbers, table.repeats = numbers, repeats
        return table

    def extend(self, found: Iterable[Block]) -> None:
        """Append blocks. Raises OverflowError or ValueError for what the engines cannot find."""
        if not isinstance(found, Blocks):
            for block in found:
                self._append(block)
            return
        shift = len(self.repeats) // REPEAT_COLUMNS
        self.repeats += found.repeats
        self._take(found.numbers, shift)

    def tail(self, first: int) -> Blocks:
        """See `Table.tail`."""
        numbers, before = self._numbers_from(first)
        return Blocks.of(numbers, self.repeats[before * REPEAT_COLUMNS :] if numbers else array("Q"))

    def _append(self, block: Block) -> None:
        first = len(self.repeats) // REPEAT_COLUMNS
        for place, original, kind, words, shared, either, removed in block.repeats:
            counts = (KINDS.index(kind), words, shared, either, int(removed))
            self.repeats.extend((*place[1:], *original, *counts))
        self.numbers.extend((*block.place, *block.original, *block[2:6], first, len(block.repeats)))

    def without_repeats(self, number: int) -> Block:
        """A block with none of its repeats, of which there may be thousands."""
        at = number * COLUMNS
        place, original = Place(*self.numbers[at : at + 5]), Place(*self.numbers[at + 5 : at + 10])
        paragraphs, words, removed_paragraphs, removed_words = self.numbers[at + PARAGRAPHS : at + FIRST]
        return Block(place, original, paragraphs, words, removed_paragraphs, removed_words, ())

    def _make(self, at: int) -> Block:
        block = self.without_repeats(at // COLUMNS)
        first, many = self.numbers[at + FIRST], self.numbers[at + MANY]
        repeats = self.repeats[first * REPEAT_COLUMNS : (first + many) * REPEAT_COLUMNS].tolist()
        rows = (repeats[i : i + REPEAT_COLUMNS] for i in range(0, len(repeats), REPEAT_COLUMNS))
        return block._replace(repeats=tuple(_repeat(block.place.document, row) for row in rows))


def _repeat(document: int, row: list[int]) -> Repeat:
    start, end, line, last_line, origin, first, last, above, below, kind, words, intersection, union, removed = row
    place, original = Place(document, start, end, line, last_line), Place(origin, first, last, above, below)
    return Repeat(place, original, KINDS[kind], words, intersection, union, removed > 0)


class Variants(Table[Variant]):
    """Variants with their new words."""

    def __init__(self, found: Iterable[Variant] = ()) -> None:
        super().__init__()
        self.ends = array("Q")
        """Where each new word ends in `words`."""
        self.words = bytearray()
        """The new words of all, in UTF-8, end to end."""
        self.extend(found)

    @classmethod
    def of(cls, numbers: bytes, words: bytearray, ends: array[int]) -> Variants:
        """A table from native numbers of 64 bits, and the new words of all: in UTF-8, end to end."""
        table = cls()
        table.numbers.frombytes(numbers)
        table.words, table.ends = words, ends
        return table

    def extend(self, found: Iterable[Variant]) -> None:
        """Append variants. Raises OverflowError or ValueError for what the engines cannot find."""
        if not isinstance(found, Variants):
            for variant in found:
                self._append(variant)
            return
        shift, size = len(self.ends), len(self.words)
        self.words += found.words
        self.ends.extend([end + size for end in found.ends])
        self._take(found.numbers, shift)

    def tail(self, first: int) -> Variants:
        """See `Table.tail`."""
        table = Variants()
        table.numbers, before = self._numbers_from(first)
        if table.numbers:
            start = self.ends[before - 1] if before else 0
            table.words = self.words[start:]
            table.ends.extend([end - start for end in self.ends[before:]])
        return table

    def without_words(self) -> Variants:
        """The same variants without what they say: their new words."""
        made, none = Variants(), array("Q", bytes(self.numbers.itemsize * len(self)))
        made.numbers = self.numbers[:]
        made.numbers[FIRST::COLUMNS] = made.numbers[MANY::COLUMNS] = none
        return made

    def _append(self, variant: Variant) -> None:
        place, original, rule, new, *counts = variant
        self.numbers.extend((*place, *original, RULES.index(rule), *counts, len(self.ends), len(new)))
        self._append_words(new)

    def _append_words(self, words: Iterable[str]) -> None:
        for word in words:
            self.words += word.encode("utf-8")
            self.ends.append(len(self.words))

    def _make(self, at: int) -> Variant:
        numbers = self.numbers
        place, original = Place(*numbers[at : at + 5]), Place(*numbers[at + 5 : at + 10])
        rule, *counts, first, many = numbers[at + 10 : at + COLUMNS]
        new = tuple(map(self._word, range(first, first + many)))
        return Variant(place, original, RULES[rule], new, *counts)

    def _word(self, number: int) -> str:
        start = self.ends[number - 1] if number else 0
        return self.words[start : self.ends[number]].decode("utf-8")
