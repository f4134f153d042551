"""Articles as they are: what is removed of paragraphs that are all different, to be read by eye."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dedup.findings import Place
from dedup.planting.articles import Article
from dedup.planting.cleaning import run
from dedup.planting.plant import unplanted
from dedup.settings import Settings


class Removal(NamedTuple):
    """One paragraph that went, and what it was taken to repeat."""

    text: str
    original: str
    similarity: float
    same_document: bool


def take_paragraphs(articles: Sequence[Article], most: int) -> list[Article]:
    """The first articles with about so many paragraphs together."""
    taken, paragraphs = [], 0
    for article in articles:
        if paragraphs >= most:
            break
        taken.append(article)
        paragraphs += len(article.paragraphs)
    return taken


def find_removals(articles: Sequence[Article], settings: Settings) -> list[Removal]:
    """What a run removes of them, the least similar first; short paragraphs that go with a block are left out."""
    documents = unplanted(articles)
    texts = [document.text for document in documents]

    def text(place: Place) -> str:
        return texts[place.document][place.start : place.end].decode("utf-8", "surrogateescape").strip()

    found = [
        Removal(
            text(one.place),
            text(one.original),
            one.intersection / one.union,
            one.place.document == one.original.document,
        )
        for block in run(documents, settings).blocks
        for one in block.repeats
        if one.removed and one.union
    ]
    return sorted(found, key=lambda removal: removal.similarity)
