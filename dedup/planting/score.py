"""The score: of what was planted, how much was removed, and what else."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dedup.planting.plant import Kind, Part, Planted

Removed = list[list[tuple[int, int]]]
"""For every document the spans of bytes that were removed, in order."""


@dataclass(slots=True)
class Cell:
    """What became of the copies of one kind."""

    plants: int = 0
    paragraphs: int = 0
    words: int = 0
    removed_words: float = 0.0
    changed_paragraphs: int = 0
    """Paragraphs that the noise changed."""
    removed_changed: int = 0
    """Of those, how many lost what was changed."""

    @property
    def recall(self) -> float | None:
        """Share of the planted words that were removed; None if there are none."""
        return self.removed_words / self.words if self.words else None

    def add(self, other: Cell) -> None:
        """Add up."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Score:
    """What one way of cleaning made of planted documents."""

    cells: dict[Kind, Cell] = field(default_factory=lambda: defaultdict(Cell))
    other_words: int = 0
    """Words that were not planted."""
    false_words: float = 0.0
    """Of those, removed only because copies are there."""
    natural_words: float = 0.0
    """Of those, removed without any copies too."""

    def total(self, kinds: Iterable[Kind]) -> Cell:
        """The cells of some kinds together."""
        total = Cell()
        for kind in kinds:
            if kind in self.cells:
                total.add(self.cells[kind])
        return total

    def select(self, noise: str, level: str | None = None, place: str | None = None) -> Cell:
        """The cells of a noise at a level or at all, into a place or both."""
        return self.total(
            kind
            for kind in self.cells
            if kind.noise == noise and level in (None, kind.level) and place in (None, kind.place)
        )

    def merge(self, other: Score) -> None:
        """Add another round."""
        for kind, cell in other.cells.items():
            self.cells[kind].add(cell)
        self.other_words += other.other_words
        self.false_words += other.false_words
        self.natural_words += other.natural_words


def score(documents: Sequence[Planted], removed: Removed, natural: dict[tuple[int, int], float]) -> Score:
    """Count words, by white space, in what was planted and in the rest.

    Args:
        documents: with copies in them.
        removed: what went of each.
        natural: `shares` of the same documents without copies: what goes of a paragraph anyway.
    """
    result = Score()
    for document, spans in zip(documents, removed, strict=True):
        gone = _shares(document, spans)
        for part, words, place, share in zip(document.parts, document.words, document.spans, gone, strict=True):
            if part.kind is None:
                _count_other(result, words, share, natural.get(part.source, 0.0))
            else:
                _count_copy(result.cells[part.kind], part, words, share)
                result.cells[part.kind].removed_changed += _lost(part, place[0], spans)
        for kind in {part.kind for part in document.parts if part.kind is not None}:
            result.cells[kind].plants += 1
    return result


def _count_other(result: Score, words: int, share: float, anyway: float) -> None:
    result.other_words += words
    result.natural_words += words * anyway
    result.false_words += words * max(0.0, share - anyway)


def _count_copy(cell: Cell, part: Part, words: int, share: float) -> None:
    cell.paragraphs += 1
    cell.words += words
    cell.removed_words += words * share
    cell.changed_paragraphs += part.changed is not None


def _lost(part: Part, start: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the first or the last byte is removed that the noise changed; of what it left out, the place.

    Between two exchanged figures whole sentences may be as they were, and go.
    """
    if part.changed is None:
        return False
    first, end = part.changed
    return any(_covers(spans, start + at) for at in (first, max(first, end - 1)))


def _covers(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether one of the spans, which are in order, holds this byte."""
    before = bisect_right(spans, (at, 1 << 62))
    return before > 0 and at < spans[before - 1][1]


def shares(documents: Sequence[Planted], removed: Removed) -> dict[tuple[int, int], float]:
    """What share of each paragraph that was there went, by article and paragraph; those that stay are left out."""
    return {
        part.source: share
        for document, spans in zip(documents, removed, strict=True)
        for part, share in zip(document.parts, _shares(document, spans), strict=True)
        if share and part.kind is None
    }


def _shares(document: Planted, spans: Sequence[tuple[int, int]]) -> list[float]:
    """For each part of a document the share of its bytes that was removed. Spans are in order."""
    if not spans:
        return [0.0] * len(document.parts)
    found, at = [], 0
    for start, end in document.spans:
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        gone, look = 0, at
        while look < len(spans) and spans[look][0] < end:
            gone += min(end, spans[look][1]) - max(start, spans[look][0])
            look += 1
        found.append(gone / (end - start))
    return found
