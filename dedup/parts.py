"""Parts: stretches of an input file on their way to the output, with the text that was found in them.

A part knows which bytes of its file it holds and how to write them with some of the text left out. The
pipeline tells it span by span what becomes of its text, and at the end that all of it is decided.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

Data = bytes | bytearray | memoryview
Span = tuple[int, int]


class Product(Protocol):
    """What parts write to: it takes what becomes of a file, in order. Those that there are belong to `dedup.sinks`."""

    header: bytes | None
    """How the first file of the output begins, as its format has it; None until a part of it says so."""

    @property
    def at_line_start(self) -> bool:
        """Nothing was written yet, or a line end was the last."""

    def take(self, text: memoryview, start: int, end: int, kept: Sequence[Span], /) -> None:
        """Bytes [start, end) of a text, of which some spans stay, in order."""

    def keep(self, data: Data, /) -> None:
        """Bytes of the input that are in the output as well."""

    def drop(self, data: Data, /) -> None:
        """Bytes of the input that are not in the output."""

    def insert(self, data: Data, /) -> None:
        """Bytes of the output that are not in the input."""


class Edit(NamedTuple):
    """Bytes [start, end) of a stretch of a file give way to others."""

    start: int
    end: int
    new: bytes = b""


class Part:
    """A stretch of one file, with its text."""

    def __init__(self, file: int, start: int, end: int, *, last: bool = False) -> None:
        self.file = file
        """Number of the file in the run."""
        self.start = start
        """Where its text begins: in the batch, and from `place` on in the text of the run."""
        self.end = end
        self.last = last
        """Nothing more of its file follows."""
        self.text = memoryview(b"")

    def place(self, batch_text: bytes | memoryview, batch_start: int) -> None:
        """Its batch is complete and has its place in the run."""
        self.text = memoryview(batch_text)[self.start : self.end]
        self.start += batch_start
        self.end += batch_start

    def decide(self, start: int, end: int, kept: Sequence[Span], product: Product) -> None:
        """Of text [start, end) the spans `kept` stay, all relative to the part. Called in order, without a gap."""

    def finish(self, product: Product) -> None:
        """All of its text is decided."""


class TextPart(Part):
    """Text that is in the file as it is: it goes on as soon as it is decided."""

    def decide(self, start: int, end: int, kept: Sequence[Span], product: Product) -> None:
        """Write what stays."""
        product.take(self.text, start, end, kept)


class RawPart(Part):
    """Bytes that hold no text and are in every output: blank lines, lines that are no record."""

    def __init__(self, file: int, raw: Data, at: int, *, last: bool = False) -> None:
        super().__init__(file, at, at, last=last)
        self._raw = raw

    def finish(self, product: Product) -> None:
        """Write them."""
        if len(self._raw):
            product.keep(self._raw)


class Records:
    """A stretch of a file of records; the texts of the records end to end are its text."""

    ends: list[int]
    """Where the text of each record ends in the text of all."""

    def write(self, removed: dict[int, list[Span]], product: Product) -> None:
        """Write all records.

        Args:
            removed: for each record of which text is removed, the spans in its own text, in order.
            product: takes them.
        """
        raise NotImplementedError


class RecordsPart(Part):
    """Records, or one piece of a record that is too large for a batch."""

    def __init__(self, file: int, records: Records, start: int, end: int, *, offset: int, whole: bool) -> None:
        """
        Args:
            file: number of the file in the run.
            records: shared by the parts that its text was cut into.
            start, end: its text in the batch.
            offset: of `start` in the text of the records.
            whole: it is the last of those parts.
        """
        super().__init__(file, start, end)
        self._records = records
        self._offset = offset
        self._whole = whole
        self._removed: list[Span] = []

    def follow(self, earlier: RecordsPart) -> None:
        """It goes on where an earlier part of the same records ends."""
        self._removed = earlier._removed

    def decide(self, start: int, end: int, kept: Sequence[Span], product: Product) -> None:
        """Remember what goes."""
        for first, last in left_of(start, end, kept):
            first, last = first + self._offset, last + self._offset
            if self._removed and self._removed[-1][1] == first:
                first = self._removed.pop()[0]
            self._removed.append((first, last))

    def finish(self, product: Product) -> None:
        """Write the records once all of them are decided."""
        if self._whole:
            self._records.write(by_record(self._removed, self._records.ends), product)


def left_of(start: int, end: int, spans: Iterable[Span]) -> Iterator[Span]:
    """What is left of [start, end) without some spans of it, which are in order.

    >>> list(left_of(0, 9, [(0, 2), (3, 5)]))
    [(2, 3), (5, 9)]
    """
    for first, last in spans:
        if first > start:
            yield start, first
        start = last
    if end > start:
        yield start, end


def is_emptied(text: Data, spans: Sequence[Span]) -> bool:
    """Whether a text of which spans are removed has nothing left but white space.

    >>> is_emptied(b"One.", [(0, 4)]), is_emptied(b"\\n\\nOne.", [(2, 6)]), is_emptied(b"1. One.", [(3, 7)])
    (True, True, False)
    """
    view = memoryview(text)
    left = (str(view[start:end], "utf-8", "replace") for start, end in left_of(0, len(view), spans))
    return bool(spans) and all(piece.isspace() for piece in left)


def by_record(removed: list[Span], ends: Sequence[int]) -> dict[int, list[Span]]:
    """Cut spans of a text at the borders of its records.

    >>> by_record([(2, 7), (9, 10)], [5, 5, 20])
    {0: [(2, 5)], 2: [(0, 2), (4, 5)]}
    """
    found: dict[int, list[Span]] = {}
    for start, end in removed:
        record = bisect_right(ends, start)
        while start < end:
            first = ends[record - 1] if record else 0
            stop = min(end, ends[record])
            if stop > start:
                found.setdefault(record, []).append((start - first, stop - first))
            start = stop
            record += 1
    return found


def write_edited(raw: Data, edits: Sequence[Edit], product: Product) -> None:
    """Write bytes with edits, which are in order and do not overlap."""
    view, position = memoryview(raw), 0
    for start, end, new in edits:
        if start > position:
            product.keep(view[position:start])
        if end > start:
            product.drop(view[start:end])
        if new:
            product.insert(new)
        position = end
    if position < len(view):
        product.keep(view[position:])
