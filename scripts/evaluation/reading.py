"""Articles from a folder, from text files, and from JSON Lines (the field `text`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from dedup.planting.articles import Article, is_plantable, make_articles, sample, without_exact_repeats

RECORDS = (".jsonl", ".jsonl.zst", ".ndjson")


def read_articles(
    paths: Iterable[Path], engine: Any, unit: str, most: int, seed: int, *, short: bool = False
) -> list[Article]:
    """A seeded sample of the articles in files and folders, none of whose paragraphs repeats another word for word.

    Args:
        paths: files and folders.
        engine: splits.
        unit: what a paragraph is.
        most: articles at most.
        seed: decides which.
        short: take articles too that are too short to plant copies of.
    """
    documents = chain.from_iterable(_documents(path) for path in paths)
    articles = chain.from_iterable(make_articles(name, text, engine, unit) for name, text in documents)
    fresh = without_exact_repeats(articles)
    return sample(fresh if short else filter(is_plantable, fresh), most, seed)


def _documents(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for inside in sorted(one for one in path.rglob("*") if one.is_file()):
            yield from _documents(inside)
    elif path.name.endswith(RECORDS):
        yield from _records(path)
    else:
        yield str(path), path.read_bytes()


def _records(path: Path) -> Iterator[tuple[str, bytes]]:
    with _open(path) as lines:
        for number, line in enumerate(lines):
            text = json.loads(line).get("text")
            if isinstance(text, str):
                yield f"{path.name}#{number}", text.encode("utf-8", "surrogatepass")


def _open(path: Path) -> Any:
    if path.suffix != ".zst":
        return path.open(encoding="utf-8")
    import zstandard

    return zstandard.open(path, "rt", encoding="utf-8")
