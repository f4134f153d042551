"""The repeats that `check` judges: paragraphs with their fingerprints, in the blocks they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dedup.findings import Block, Place, Repeat
from dedup.report.content import Content, excerpts, part_of
from dedup.report.model import Report


class Paragraph(NamedTuple):
    """One repeated paragraph of a block."""

    repeat: Repeat
    fingerprint: str
    original: str
    """Fingerprint of what it repeats."""
    accepted: bool
    """A pattern for accepted paragraphs is in it."""

    @property
    def counts(self) -> bool:
        """Whether it can be new; short ones go with their block."""
        return self.repeat.kind != "short"


@dataclass(slots=True)
class Candidate:
    """A block, or what is left of it, that may become a finding."""

    block: Block
    content: Content
    paragraphs: list[Paragraph]

    @property
    def base_id(self) -> str:
        """The id of its text, whatever its number among equals."""
        return self.content.id.partition("-")[0]

    @property
    def words(self) -> int:
        """Words in its paragraphs."""
        return sum(one.repeat.words for one in self.paragraphs)

    def keep(self, wanted: Iterable[bool]) -> Candidate | None:
        """What is left of it with only the wanted paragraphs; None if only short ones would be.

        Short paragraphs stay with the paragraph before them, or at the beginning with the one after them.
        """
        left = list(_with_shorts(self.paragraphs, list(wanted)))
        if not any(one.counts for one in left):
            return None
        return self if len(left) == len(self.paragraphs) else Candidate(self.block, self.content, left)

    def as_block(self) -> Block:
        """The block that its paragraphs make."""
        if len(self.paragraphs) == len(self.block.repeats):
            return self.block
        repeats = tuple(one.repeat for one in self.paragraphs)
        removed = [repeat for repeat in repeats if repeat.removed]
        return Block(
            place=_stretch([repeat.place for repeat in repeats]),
            original=_stretch([repeat.original for repeat in repeats]),
            paragraphs=len(repeats),
            words=self.words,
            removed_paragraphs=len(removed),
            removed_words=sum(repeat.words for repeat in removed),
            repeats=repeats,
        )

    def as_content(self, level: str) -> Content:
        """What that block says, as far as a level shows it."""
        block, texts = self.as_block(), self.content.texts
        if texts is not None and block is not self.block:
            texts = part_of(texts, self.block, block)
        if texts is not None and level == "excerpt":
            texts = excerpts(block, texts)
        return Content(self.content.id, texts)


def candidates(report: Report) -> list[Candidate]:
    """The blocks of a report of which something would be removed; its contents must have members."""
    return [
        Candidate(block, content, [Paragraph(repeat, *member) for repeat, member in pairs])
        for block, content in zip(report.blocks, report.contents, strict=False)
        if block.removed_paragraphs
        for pairs in [zip(block.repeats, content.members, strict=True)]
    ]


def _with_shorts(paragraphs: list[Paragraph], wanted: list[bool]) -> Iterator[Paragraph]:
    first = next((want for one, want in zip(paragraphs, wanted, strict=True) if one.counts), False)
    before = first
    for one, want in zip(paragraphs, wanted, strict=True):
        before = want if one.counts else before
        if before and (want or not one.counts):
            yield one


def _stretch(places: list[Place]) -> Place:
    """From the first place to the last; where they do not follow each other in one document, the first."""
    first, last = places[0], places[-1]
    if (first.document, first.start) > (last.document, last.start) or first.document != last.document:
        return first
    return first._replace(end=last.end, last_line=last.last_line)
