"""A seeded sample of articles from inputs of any size, read once and from the beginning to the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dedup.batches import Batch
from dedup.errors import InputSkipped
from dedup.planting.articles import (
    MOST_PARAGRAPHS,
    Article,
    is_plantable,
    make_article,
    sample,
    without_repeats,
)
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.engine.contract import Engine
    from dedup.sources.paths import Listing

STRETCH_BYTES = 4 << 10
"""Of a long document; a stretch ends with the paragraph that makes it this long."""


class Stretch(NamedTuple):
    """Some paragraphs in a row of one document."""

    document: int
    paragraphs: list[bytes]


class Sample(NamedTuple):
    """What was taken, and of how much."""

    articles: list[Article]
    bytes: int
    """Of the inputs."""
    stretches: int
    """That the inputs have; each could have become an article."""


def sample_articles(
    listing: Listing,
    settings: Settings,
    engine: Engine,
    most: int,
    seed: int,
    skipped: list[InputSkipped],
    *,
    short: bool = False,
) -> Sample:
    """Take at most so many articles.

    Args:
        listing: the inputs.
        settings: say what they hold, and what a paragraph is.
        engine: splits.
        most: articles at most.
        seed: decides which.
        skipped: takes what cannot be read.
        short: take articles that are too short to plant copies of, and near repeats, too.
    Raises:
        ReadError: reading failed in the middle.
    Cost: one pass; memory for the sample alone.
    """
    from dedup.sources.walk import walk

    seen = _Seen()
    taken = sample(seen.stretches(walk(listing, settings, engine, skipped), engine), most, seed)
    articles = (make_article(str(one.document), one.paragraphs) for one in taken)
    fresh = without_repeats(articles, near=not short)
    return Sample([one for one in fresh if short or is_plantable(one)], seen.bytes, seen.count)


class _Seen:
    """Counts what goes by."""

    def __init__(self) -> None:
        self.bytes = 0
        self.count = 0

    def stretches(self, batches: Iterable[Batch], engine: Engine) -> Iterator[Stretch]:
        """Cut batches into stretches; a short document is one."""
        for batch in batches:
            self.bytes += batch.size
            for piece in batch.pieces:
                text = bytes(batch.text[piece.start : piece.end])
                for paragraphs in _cut(text, engine.split(text, piece.unit, True)):
                    self.count += 1
                    yield Stretch(piece.document, paragraphs)


def _cut(text: bytes, starts: Sequence[int]) -> Iterator[list[bytes]]:
    """Paragraphs in groups of MOST_PARAGRAPHS or STRETCH_BYTES, whichever comes first; blank ones do not count."""
    group: list[bytes] = []
    size = 0
    for start, end in pairwise(starts):
        paragraph = text[start:end]
        if paragraph.isspace():
            continue
        group.append(paragraph)
        size += end - start
        if len(group) == MOST_PARAGRAPHS or size >= STRETCH_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
