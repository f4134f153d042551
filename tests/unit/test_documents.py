"""One large text document on its way to batches."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.engine.select import select
from dedup.settings import Settings
from dedup.sources.documents import FIRST_SHARE, OWN_FILE_BATCHES
from dedup.sources.reader import Reader
from dedup.sources.source import PathSource

LINE = b"A line of a large file, which is read again where it lies.\n"


@pytest.mark.parametrize("batch_bytes", [1, 1000, 16_000])
def test_batches_of_a_large_file_grow_and_tile_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, batch_bytes: int
) -> None:
    """The first is small, so that threads have work soon; none is larger than two of the others', or than one line."""
    path = tmp_path / "large.txt"
    path.write_bytes(LINE * 4000)
    monkeypatch.setattr("dedup.sources.reader.OWN_FILE_BYTES", path.stat().st_size)
    settings = Settings(unit="line")
    reader = Reader([PathSource(str(path))], select(engine, settings), settings, batch_bytes=batch_bytes)
    sizes, ends, most = [], [0], OWN_FILE_BATCHES * batch_bytes
    for batch in reader:
        assert batch is not None
        assert (batch.start, batch.file_offset) == (ends[-1], ends[-1])
        sizes.append(batch.size)
        ends.append(batch.start + batch.size)
    reader.close()
    assert ends[-1] == path.stat().st_size
    assert sizes[0] <= max(most // FIRST_SHARE, 2 * len(LINE))
    assert max(sizes) <= max(most, 2 * len(LINE))
    assert all(size > most - len(LINE) for size in sizes[3:-1])
