"""Articles to plant copies of: whole documents of a moderate size, or stretches of a long one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from random import Random
from typing import Any, NamedTuple

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
    what = engine.resolve_unit(unit, text[: 1 << 16], len(text) <= 1 << 16)
    spans = pairwise(engine.split(text, what, True))
    paragraphs = (" ".join(text[start:end].decode("utf-8", "replace").split()) for start, end in spans)
    filled = (paragraph for paragraph in paragraphs if paragraph)
    stretches = iter(lambda: tuple(islice(filled, MOST_PARAGRAPHS)), ())
    for number, stretch in enumerate(stretches):
        yield Article(f"{name}:{number}" if number else name, stretch)


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


def sample(articles: Iterable[Article], most: int, seed: int) -> list[Article]:
    """At most so many articles, each as likely as any other, in their order.

    Source: Vitter 1985, reservoir sampling (algorithm R).
    """
    chance = Random(f"sample {seed}")
    kept: list[tuple[int, Article]] = []
    for number, article in enumerate(articles):
        if len(kept) < most:
            kept.append((number, article))
        elif (place := chance.randrange(number + 1)) < most:
            kept[place] = (number, article)
    return [article for _, article in sorted(kept, key=lambda entry: entry[0])]


def count_words(articles: Sequence[Article]) -> int:
    """Words by white space."""
    return sum(article.words for article in articles)
