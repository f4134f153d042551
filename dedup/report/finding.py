"""One finding, many renderers: what every format shows, made from a report and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dedup.findings import Block, Place, Repeat, Variant
from dedup.report.content import Content, Texts

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

    @property
    def span(self) -> str:
        """`18-34`, or `18` for one line."""
        return f"{self.line}-{self.last_line}" if self.last_line > self.line else str(self.line)

    def __str__(self) -> str:
        return f"{self.file}:{self.span}"


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
    """All findings of a report in input order: blocks, paragraphs and variants; empty without details."""
    return list(iterate(report))


def iterate(report: Report) -> Iterator[Finding]:
    """As `findings`, one at a time."""
    found: list[Block | Variant] = [*report.blocks, *report.variants]
    pairs = zip(found, report.contents, strict=True)
    for one, content in sorted(pairs, key=lambda pair: pair[0].place):
        yield finding(one, content, report.names)


def finding(found: Block | Variant, content: Content, names: Sequence[str]) -> Finding:
    """The view on one block or variant."""
    return _of_block(found, content, names) if isinstance(found, Block) else _of_variant(found, content, names)


def _of_block(block: Block, content: Content, names: Sequence[str]) -> Finding:
    exact = all(repeat.kind != "near" for repeat in block.repeats)
    return Finding(
        id=content.id,
        kind=PARAGRAPH if block.paragraphs == 1 else BLOCK,
        rule="exact" if exact else "near",
        place=side(block.place, names),
        original=side(block.original, names),
        paragraphs=block.paragraphs,
        words=block.words,
        removed_paragraphs=block.removed_paragraphs,
        removed_words=block.removed_words,
        similarity=_similarity(
            sum(repeat.intersection for repeat in block.repeats), sum(repeat.union for repeat in block.repeats)
        ),
        repeats=block.repeats,
        texts=content.texts,
    )


def _of_variant(variant: Variant, content: Content, names: Sequence[str]) -> Finding:
    return Finding(
        id=content.id,
        kind=VARIANT,
        rule=variant.rule,
        place=side(variant.place, names),
        original=side(variant.original, names),
        paragraphs=1,
        words=variant.words,
        removed_paragraphs=0,
        removed_words=0,
        similarity=_similarity(variant.intersection, variant.union),
        new=variant.new,
        texts=content.texts,
    )


def side(place: Place, names: Sequence[str]) -> Side:
    """A place with the name of its document."""
    document, start, end, line, last_line = place
    return Side(names[document], document, line, last_line, start, end)


def _similarity(intersection: int, union: int) -> float | None:
    return round(intersection / union, 4) if union else None
