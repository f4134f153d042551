"""Articles to plant copies of: whole documents of a moderate size, or stretches of a long one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple, TypeVar

from dedup.paragraphs import HEAD_BYTES

T = TypeVar("T")

MOST_PARAGRAPHS = 24
"""A longer document is cut into stretches of this many."""
FEWEST_LONG = 3
LONG_WORDS = 12
"""A paragraph of fewer words by white space is not counted on to match on its own."""


class Article(NamedTuple):
    """A text as its paragraphs, each on one line."""

    name: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> int:
        """By white space."""
        return sum(len(text.split()) for text in self.paragraphs)


def make_articles(name: str, text: bytes, engine: Any, unit: str = "auto") -> Iterator[Article]:
    """Split one document into articles of at most 24 paragraphs.

    Args:
        name: of the document.
        text: in UTF-8; other bytes become U+FFFD.
        engine: splits, as it does for `clean`.
        unit: what a paragraph is.
    """
    what = engine.resolve_unit(unit, text[:HEAD_BYTES], len(text) <= HEAD_BYTES)
    starts = engine.split(text, what, True)
    for number, first in enumerate(range(0, len(starts) - 1, MOST_PARAGRAPHS)):
        spans = pairwise(starts[first : first + MOST_PARAGRAPHS + 1])
        article = make_article(f"{name}:{number}" if number else name, [text[start:end] for start, end in spans])
        if article.paragraphs:
            yield article


def make_article(name: str, paragraphs: Iterable[bytes]) -> Article:
    """An article of paragraphs as they stand in a text; each is put on one line, blank ones are left out."""
    lines = (" ".join(text.decode("utf-8", "replace").split()) for text in paragraphs)
    return Article(name, tuple(line for line in lines if line))


def is_plantable(article: Article) -> bool:
    """Whether there is enough in an article to plant a body, a block and a paragraph of it."""
    return sum(len(text.split()) >= LONG_WORDS for text in article.paragraphs) >= FEWEST_LONG


def without_exact_repeats(articles: Iterable[Article]) -> Iterator[Article]:
    """The articles without paragraphs that stood, in the same words, in one before.

    What is a repeat already would count as lost text when it is removed, or be planted twice.
    """
    seen: set[str] = set()
    for article in articles:
        fresh = []
        for text in article.paragraphs:
            words = " ".join(text.casefold().split())
            if words not in seen:
                seen.add(words)
                fresh.append(text)
        if fresh:
            yield Article(article.name, tuple(fresh))


def sample(things: Iterable[T], most: int, seed: int) -> list[T]:
    """At most so many things, each as likely as any other, in their order.

    Source: Vitter 1985, reservoir sampling (algorithm R).
    """
    chance = Random(f"sample {seed}")
    kept: list[tuple[int, T]] = []
    for number, thing in enumerate(things):
        if len(kept) < most:
            kept.append((number, thing))
        elif (place := chance.randrange(number + 1)) < most:
            kept[place] = (number, thing)
    return [thing for _, thing in sorted(kept, key=lambda entry: entry[0])]


def count_words(articles: Sequence[Article]) -> int:
    """Words by white space."""
    return sum(article.words for article in articles)
