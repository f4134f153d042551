"""Articles to plant copies of: whole documents of a moderate size, or stretches of a long one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeVar

T = TypeVar("T")

MOST_PARAGRAPHS = 24
"""A longer document is cut into stretches of this many."""
FEWEST_LONG = 3
LONG_WORDS = 12
"""A paragraph of fewer words by white space is not counted on to match on its own."""


RUN_WORDS = 5


class Article(NamedTuple):
    """A text as its paragraphs, each on one line."""

    name: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> int:
        """By white space."""
        return sum(len(text.split()) for text in self.paragraphs)


def make_article(name: str, paragraphs: Iterable[bytes]) -> Article:
    """An article of paragraphs as they stand in a text; each is put on one line, blank ones are left out."""
    lines = (" ".join(text.decode("utf-8", "replace").split()) for text in paragraphs)
    return Article(name, tuple(line for line in lines if line))


def is_plantable(article: Article) -> bool:
    """Whether there is enough in an article to plant a body, a block and a paragraph of it."""
    return sum(len(text.split()) >= LONG_WORDS for text in article.paragraphs) >= FEWEST_LONG


def without_repeats(articles: Iterable[Article], *, near: bool) -> Iterator[Article]:
    """The articles without paragraphs that stood, in the same words, in one before.

    What is a repeat already would count as lost text when it is removed; and of two articles that are nearly the
    same, the changed copy of one may repeat the changed copy of the other.

    Args:
        articles: in order.
        near: leave out those too of which half the runs of five words stood before.
    """
    seen: set[str] = set()
    for article in articles:
        fresh = []
        for text in article.paragraphs:
            words = text.casefold().split()
            runs = _runs(words) if near else {" ".join(words)}
            if 2 * len(runs & seen) < len(runs) or not runs:
                fresh.append(text)
            seen |= runs
        if fresh:
            yield Article(article.name, tuple(fresh))


def _runs(words: list[str]) -> set[str]:
    """The runs of five words, or all words where there are fewer."""
    return {" ".join(words[start : start + RUN_WORDS]) for start in range(max(1, len(words) - RUN_WORDS + 1))}


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
