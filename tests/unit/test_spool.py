"""Text that cannot be read again from its file gets a place where it can."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest

from dedup.batches import Batch, Piece
from dedup.errors import WriteError
from dedup.run.spool import Spool
from dedup.unit import Unit


def batch(text: bytes, size: int | None = None) -> Batch:
    """A batch of one piece."""
    size = len(text) if size is None else size
    return Batch(text, [Piece(0, size, 0, Unit.LINE, True, True)], 0)


def test_memory_first_then_one_file_from_end_to_end() -> None:
    """The places follow each other in the order of the batches, whatever order they are filled in."""
    spool = Spool(memory_bytes=10)
    batches = [batch(text, size) for text, size in ((b"12345678", 8), (b"abcdefgh..", 8), (b"ijk", 3), (b"l", 1))]
    try:
        for one in batches:
            spool.assign(one)
        assert [(one.file >= 0, one.file_offset) for one in batches] == [(False, 0), (True, 0), (True, 8), (True, 11)]
        for one in random.Random(3).sample(batches, len(batches)):
            spool.write(one)
        assert os.pread(batches[1].file, 100, 0) == b"abcdefghijkl"
    finally:
        spool.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.pread(batches[1].file, 1, 0)


def test_what_lies_in_a_file_stays_there(tmp_path: Path) -> None:
    """Nothing is written to a file of the user's."""
    (tmp_path / "in.txt").write_bytes(b"the text")
    descriptor = os.open(tmp_path / "in.txt", os.O_RDWR)
    one, spool = batch(b"another!"), Spool(memory_bytes=0)
    one.file, one.file_offset = descriptor, 0
    try:
        spool.assign(one)
        spool.write(one)
        assert (one.file, one.file_offset) == (descriptor, 0)
        assert (tmp_path / "in.txt").read_bytes() == b"the text"
    finally:
        spool.close()
        os.close(descriptor)


def test_no_place_is_an_error_that_names_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TMPDIR says where."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    with pytest.raises(WriteError, match="missing"):
        Spool(memory_bytes=0).assign(batch(b"text"))


def test_closed_aside_it_is_forgotten_as_well() -> None:
    """And may be closed once more."""
    one, spool = batch(b"the text"), Spool(memory_bytes=0)
    spool.close_aside()  # there is no file
    spool.assign(one)
    before = set(threading.enumerate())
    spool.close_aside()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.pread(one.file, 1, 0)
    spool.close()
