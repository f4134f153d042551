"""Every batch of some inputs, without matching: for those who look at the text of a run again, or at a sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dedup.batches import Batch
from dedup.errors import InputSkipped
from dedup.settings import Settings
from dedup.sources.reader import Reader
from dedup.sources.text import open_source


def walk(paths: Sequence[str], settings: Settings, engine: Any, skipped: list[InputSkipped]) -> Iterator[Batch]:
    """Read inputs as a run with these settings does: the same documents under the same numbers.

    Args:
        paths: as for `clean`; `-` is standard input.
        settings: for the unit.
        engine: finds where paragraphs end.
        skipped: takes what cannot be opened.
    Raises:
        ReadError: reading failed in the middle.
    """
    sources = []
    for path in paths:
        try:
            sources.append(open_source(path))
        except InputSkipped as reason:
            skipped.append(reason)
    reader = Reader(sources, engine, settings.unit)
    try:
        for batch in reader:
            if batch is not None:
                yield batch
    finally:
        reader.close()
