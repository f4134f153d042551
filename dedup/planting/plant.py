"""Planting: documents of which it is known, paragraph by paragraph, what was put in and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import NamedTuple

from dedup.planting.articles import LONG_WORDS, Article
from dedup.planting.noises import Noise

BODY, BLOCK, PARAGRAPH = "body", "block", "paragraph"
LEVELS = (BODY, BLOCK, PARAGRAPH)
SAME, OTHER = "same", "other"
PLACES = (SAME, OTHER)
SEPARATOR = "\n\n"

BLOCK_PARAGRAPHS = (3, 6)
BLOCK_WORDS = 60
"""A block has at least this many; min_block_words is 40 by default."""
PARAGRAPH_WORDS = 20


class Kind(NamedTuple):
    """What was planted, how, and where."""

    noise: str
    level: str
    """`body`, `block` or `paragraph`."""
    place: str
    """Into the `same` document or an `other` one."""


class Part(NamedTuple):
    """One paragraph of a planted document."""

    text: str
    source: tuple[int, int]
    """Article and paragraph that it is, or is a copy of."""
    kind: Kind | None = None
    """None for a paragraph that was there."""
    changed: tuple[int, int] | None = None
    """Bytes of the text that the noise changed, from the first to the last; None if it changed nothing."""


@dataclass(frozen=True)
class Planted:
    """A document with copies in it, or without. What is made of the parts is made once: many settings ask for it."""

    name: str
    parts: tuple[Part, ...]

    @cached_property
    def text(self) -> bytes:
        """The document; every paragraph is followed by a blank line."""
        return "".join(part.text + SEPARATOR for part in self.parts).encode("utf-8", "surrogateescape")

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each part stands in the text, its separator included."""
        sizes = [len((part.text + SEPARATOR).encode("utf-8", "surrogateescape")) for part in self.parts]
        ends = list(accumulate(sizes))
        return list(zip([0, *ends], ends, strict=False))

    @cached_property
    def words(self) -> list[int]:
        """Words of each part, by white space."""
        return [len(part.text.split()) for part in self.parts]


def unplanted(articles: Sequence[Article]) -> list[Planted]:
    """The same documents with nothing planted."""
    return [Planted(article.name, _own_parts(number, article)) for number, article in enumerate(articles)]


def plant(articles: Sequence[Article], noises: Sequence[Noise], seed: int, round_number: int = 0) -> list[Planted]:
    """Plant one copy for every article or two: each noise at each level into the same and another document.

    Which article gets which kind is shuffled by the seed; the next round gives each another. An article is
    the source of at most one copy and the host of at most one; a host stands after its source.

    Args:
        articles: plantable ones, without repeats among them.
        noises: to take in turn.
        seed: with the round number it decides everything.
        round_number: from 0.
    """
    chance = Random(f"plant {seed} {round_number}")
    documents = [list(document.parts) for document in unplanted(articles)]
    free = list(range(len(articles)))
    chance.shuffle(free)
    kinds = [(noise, level, place) for noise in noises for level in LEVELS for place in PLACES]
    chance.shuffle(kinds)
    turn = 0
    while len(free) >= 2:
        noise, level, place = kinds[turn % len(kinds)]
        turn += 1
        source, host = free.pop(), -1
        if place == OTHER:
            source, host = sorted((source, free.pop()))
        kind = Kind(noise.name, level, place)
        last, copy = _copy(source, articles[source], noise, kind, Random(f"copy {seed} {round_number} {source}"))
        target = documents[host if place == OTHER else source]
        at = chance.randint(last if place == SAME else 0, len(target))
        target[at:at] = copy
    return [Planted(article.name, tuple(parts)) for article, parts in zip(articles, documents, strict=True)]


def _own_parts(number: int, article: Article) -> tuple[Part, ...]:
    return tuple(Part(text, (number, place)) for place, text in enumerate(article.paragraphs))


def _copy(number: int, article: Article, noise: Noise, kind: Kind, chance: Random) -> tuple[int, list[Part]]:
    """The last paragraph of a passage, and the passage with noise."""
    first, last = choose_passage(article, kind.level, chance)
    originals = article.paragraphs[first:last]
    changed = noise.change(originals, chance)
    places = {text: place for place, text in enumerate(originals, first)}
    parts = [
        Part(text, (number, places.get(text, place)), kind, find_change(original, text))
        for place, (text, original) in enumerate(zip(changed, originals, strict=True), first)
    ]
    return last, parts


def find_change(original: str, text: str) -> tuple[int, int] | None:
    """Where a text differs from another, as a span of its bytes; what was left out leaves an empty one.

    >>> find_change("rose by 12 pct", "rose by 15 pct"), find_change("was not so", "was so"), find_change("a", "a")
    ((9, 10), (4, 4), None)
    """
    if original == text:
        return None
    shorter = min(len(original), len(text))
    first = next((at for at in range(shorter) if original[at] != text[at]), shorter)
    rest = shorter - first
    same = next((at for at in range(rest) if original[-1 - at] != text[-1 - at]), rest)
    start, end = (len(text[:at].encode("utf-8", "surrogateescape")) for at in (first, len(text) - same))
    return start, end


def choose_passage(article: Article, level: str, chance: Random) -> tuple[int, int]:
    """First and one past the last paragraph to copy."""
    n = len(article.paragraphs)
    if level == BODY:
        return 0, n
    words = [len(text.split()) for text in article.paragraphs]
    if level == PARAGRAPH:
        long = [place for place in range(n) if words[place] >= PARAGRAPH_WORDS]
        long = long or [place for place in range(n) if words[place] >= LONG_WORDS]
        place = chance.choice(long)
        return place, place + 1
    first = chance.randrange(max(1, n - BLOCK_PARAGRAPHS[0] + 1))
    last = min(n, first + chance.randint(*BLOCK_PARAGRAPHS))
    while sum(words[first:last]) < BLOCK_WORDS and (first > 0 or last < n):
        first, last = max(0, first - 1), min(n, last + 1)
    return first, last
