"""Memory that blocks of a file are read into."""

import os
from pathlib import Path

import pytest

from dedup.sources import pages
from dedup.sources.pages import Pages

SIZE = 1 << 16


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """A file of ten blocks, no two of them alike, and half a block."""
    path = tmp_path / "numbers.txt"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(200_000))[: 10 * SIZE + SIZE // 2])
    return path


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_what_is_looked_at_stays(numbers: Path, known: bool, counted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a part of it alone; and where the system has no `preadv`, or Python counts no references."""
    if not known:
        monkeypatch.delattr(os, "preadv", raising=False)
    if not counted:
        monkeypatch.setattr(pages, "_references", lambda _: pages.sys.maxsize)
    data, reading = numbers.read_bytes(), Pages()
    with numbers.open("rb") as file:
        parts = [reading.read(file.fileno(), SIZE, at)[7:99] for at in range(0, len(data), SIZE)]
        assert parts == [data[at : at + SIZE][7:99] for at in range(0, len(data), SIZE)]
        assert bytes(reading.read(file.fileno(), SIZE, 10 * SIZE)) == data[10 * SIZE :]
        assert not len(reading.read(file.fileno(), SIZE, len(data)))


def test_pages_are_used_again(numbers: Path) -> None:
    """As many blocks as are looked at, and one to read into."""
    reading, held = Pages(), []
    with numbers.open("rb") as file:
        for at in range(0, 10 * SIZE, SIZE):
            held = [*held[-2:], reading.read(file.fileno(), SIZE, at)[1:]]
    assert len(reading._rooms) <= 4


def test_pages_of_another_size_are_let_go(numbers: Path) -> None:
    """A paragraph of 2 GB leaves none of that size behind."""
    reading = Pages()
    with numbers.open("rb") as file:
        for size in (SIZE, 8 * SIZE, SIZE, SIZE):
            reading.read(file.fileno(), size, 0)
        assert [len(room) for room in reading._rooms] == [SIZE]
        kept = reading.read(file.fileno(), 2 * SIZE, 0)
        assert bytes(kept) == numbers.read_bytes()[: 2 * SIZE]
        with pytest.raises(MemoryError, match="no memory for a block of"):
            reading.read(file.fileno(), 1 << 62, 0)
