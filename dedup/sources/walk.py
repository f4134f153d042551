"""Every batch of some inputs, without matching: for those who look at the text of a run again, or at a sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.batches import Batch
from dedup.errors import InputSkipped
from dedup.settings import Settings
from dedup.sources.bundles import open_each
from dedup.sources.paths import Listing
from dedup.sources.reader import Reader

if TYPE_CHECKING:
    from dedup.engine.contract import Engine


def walk(listing: Listing, settings: Settings, engine: Engine, skipped: list[InputSkipped]) -> Iterator[Batch]:
    """Read inputs as a run with these settings does: the same documents under the same numbers.

    Args:
        listing: the files.
        settings: say what they hold and what a paragraph is.
        engine: finds where paragraphs end.
        skipped: takes what cannot be read, at the end.
    Raises:
        ReadError: reading failed in the middle.
    """
    reader = Reader(open_each(listing), engine, settings)
    try:
        for batch in reader:
            if batch is not None:
                yield batch
    finally:
        reader.close()
        skipped += [*listing.skipped, *reader.skipped]
