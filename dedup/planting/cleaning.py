"""Cleaning planted documents with the package itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dedup.planting.plant import Planted
from dedup.planting.score import Removed

if TYPE_CHECKING:
    from dedup.report.model import Outcome
    from dedup.settings import Settings


def clean_planted(documents: Sequence[Planted], settings: Settings) -> Removed:
    """The spans that are removed of each document under these settings."""
    return removed_spans(run(documents, settings), len(documents))


def run(documents: Sequence[Planted], settings: Settings) -> Outcome:
    """One run over the documents, with all blocks."""
    from dedup.run import pipeline
    from dedup.sinks.stream import NullSink
    from dedup.sources.source import from_bytes

    sources = [from_bytes(document.text, document.name) for document in documents]
    return pipeline.run(sources, NullSink(), settings, details=True)


def removed_spans(outcome: Outcome, documents: int) -> Removed:
    """What was removed of each document."""
    spans: Removed = [[] for _ in range(documents)]
    for block in outcome.blocks:
        for repeat in block.repeats:
            if repeat.removed:
                spans[repeat.place.document].append((repeat.place.start, repeat.place.end))
    return [sorted(set(one)) for one in spans]
