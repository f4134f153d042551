"""One finding, many renderers: what every format shows, made from a report and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dedup.findings import Block, Place, Repeat, Variant
from dedup.origins import Origin, document_name
from dedup.report.content import Content, Texts
from dedup.report.repository import path_in_repository

if TYPE_CHECKING:
    from dedup.report.model import Report

BLOCK, PARAGRAPH, VARIANT = KINDS = ("block", "paragraph", "variant")
"""Several paragraphs that repeat a passage; one; one that is near to another and adds something."""


class Side(NamedTuple):
    """Where a finding or its original stands, in the words of its file."""

    file: str
    """Name of the document, as it was given."""
    document: int
    line: int
    last_line: int
    start: int
    """First byte in the document, from 0."""
    end: int
    record: int | None = None
    """Number of the record in its file, from 0; None where the file is one document."""
    record_id: str | None = None
    """What the record calls itself."""
    record_line: int = 0
    """Line of the file on which the record begins; 0 where a format has no lines."""
    in_bytes: bool = False
    """Whether its lines do not tell it from the other side, as in an article on one line."""

    @property
    def file_lines(self) -> tuple[int, int]:
        """First and last line in the file, for those who show the file: of a record the line it begins on."""
        if self.record is None:
            return self.line, max(self.line, self.last_line)
        line = max(1, self.record_line)
        return line, line

    @property
    def path(self) -> str:
        """The file as platforms want it: from the root of the repository."""
        return path_in_repository(self.file)

    @property
    def span(self) -> str:
        """`18-34`, or `18` for one line."""
        return f"{self.line}-{self.last_line}" if self.last_line > self.line else str(self.line)

    def __str__(self) -> str:
        """`a.txt:18-34`; of a record also the lines of its text: `news.jsonl:7 (id 12, text lines 3-5)`."""
        span = f"{'lines' if '-' in self.span else 'line'} {self.span}"
        if self.in_bytes:
            span = f"bytes {self.start}-{self.end}"
        if self.record is None:
            return f"{self.file}:{self.span}{f' ({span})' if self.in_bytes else ''}"
        name = document_name(self.file, Origin(0, self.record, None, self.record_line))
        known = f"id {self.record_id}, " if self.record_id else ""
        return f"{name} ({known}text {span})"


class Finding(NamedTuple):
    """A passage that repeats an earlier one, or is near to it."""

    id: str
    """Made from the text that is repeated: it stays when lines shift or files are renamed."""
    kind: str
    """One of `KINDS`."""
    rule: str
    """`exact` (the same words in the same order), `near`; of a variant what it adds: `figure`, `name`, ..."""
    place: Side
    original: Side
    paragraphs: int
    words: int
    removed_paragraphs: int
    removed_words: int
    similarity: float | None
    """Shingles in common by shingles in all, over all its paragraphs; None where only short ones repeat."""
    repeats: tuple[Repeat, ...] = ()
    """The paragraphs of a block one by one."""
    new: tuple[str, ...] = ()
    """The words or figures that a variant adds."""
    texts: Texts | None = None
    """What both sides say, if the report carries it."""

    @property
    def removed(self) -> bool:
        """Whether any of it is not in the output."""
        return self.removed_paragraphs > 0

    @property
    def base_id(self) -> str:
        """The id without what tells equal findings apart."""
        return self.id.partition("-")[0]


def findings(report: Report) -> list[Finding]:
    """All findings of a report in input order: blocks, paragraphs and variants; empty without details.

    Cost: about 5 microseconds each, once for a report: it keeps them for the next who asks.
    """
    if "findings" not in report.views:
        names, origins = report.names, report.origins
        report.views["findings"] = [finding(one, content, names, origins) for one, content in in_order(report)]
    found: list[Finding] = report.views["findings"]
    return found


def in_order(report: Report) -> list[tuple[Block | Variant, Content]]:
    """Blocks and variants with their contents, in input order."""
    found: list[Block | Variant] = [*report.blocks, *report.variants]
    pairs = zip(found, report.contents, strict=True)
    return sorted(pairs, key=lambda pair: pair[0].place)


def finding(
    found: Block | Variant,
    content: Content,
    names: Sequence[str],
    origins: Sequence[Origin] = (),
    sums: tuple[str, int, int] | None = None,
) -> Finding:
    """The view on one block or variant.

    Args:
        found: what it is.
        content: what it says.
        names, origins: of all documents.
        sums: what `add_up` gives of a block that has come without its repeats.
    """
    place, original = both_sides(found.place, found.original, names, origins)
    if isinstance(found, Block):
        return _of_block(found, content, place, original, sums or add_up(found.repeats))
    return _of_variant(found, content, place, original)


def _of_block(block: Block, content: Content, place: Side, original: Side, sums: tuple[str, int, int]) -> Finding:
    _, _, paragraphs, words, removed_paragraphs, removed_words, repeats = block
    rule, intersection, union = sums
    kind = PARAGRAPH if paragraphs == 1 else BLOCK
    counts = (paragraphs, words, removed_paragraphs, removed_words)
    similarity = _similarity(intersection, union)
    return Finding(content.id, kind, rule, place, original, *counts, similarity, repeats, (), content.texts)


def add_up(repeats: Iterable[Repeat]) -> tuple[str, int, int]:
    """The rule of a block, `near` if any repeat is, and the shingles of all: shared ones, and those of either side."""
    near, intersection, union = False, 0, 0
    for _, _, kind, _, shared, either, _ in repeats:
        near = near or kind == "near"
        intersection += shared
        union += either
    return "near" if near else "exact", intersection, union


def _of_variant(variant: Variant, content: Content, place: Side, original: Side) -> Finding:
    return Finding(
        id=content.id,
        kind=VARIANT,
        rule=variant.rule,
        place=place,
        original=original,
        paragraphs=1,
        words=variant.words,
        removed_paragraphs=0,
        removed_words=0,
        similarity=_similarity(variant.intersection, variant.union),
        new=variant.new,
        texts=content.texts,
    )


def side(place: Place, names: Sequence[str], origins: Sequence[Origin] = ()) -> Side:
    """A place with the name of its document's file, and the record."""
    document, start, end, line, last_line = place
    origin = origins[document] if origins else None
    if origin is None or origin.record is None:
        return Side(names[document], document, line, last_line, start, end)
    return Side(names[document], document, line, last_line, start, end, origin.record, origin.id, origin.line)


def both_sides(
    place: Place, original: Place, names: Sequence[str], origins: Sequence[Origin] = ()
) -> tuple[Side, Side]:
    """Where a repeat and its original stand; in bytes where they share a line."""
    here, there = side(place, names, origins), side(original, names, origins)
    if share_a_line(place, original):
        return here._replace(in_bytes=True), there._replace(in_bytes=True)
    return here, there


def share_a_line(place: Place, original: Place) -> bool:
    """Whether lines do not tell a repeat from its original, as in an article on one line."""
    return place.document == original.document and place.line <= original.last_line


def _similarity(intersection: int, union: int) -> float | None:
    return round(intersection / union, 4) if union else None
