"""Compression in and out: members end to end, damage, and memory that does not follow the contents."""

from __future__ import annotations

import io

import pytest

from dedup import api
from dedup.compression import compressor
from dedup.errors import ReadError, WriteError
from dedup.settings import Settings
from dedup.sinks import open_sink
from dedup.sinks.compression import CompressedSink
from dedup.sources.compression import Expanded, ReadAhead
from dedup.sources.detect import compression_of
from dedup.sources.text import Source, from_bytes

NAMES = ("gz", "bz2", "xz", "zst")


def pack(data: bytes, name: str) -> bytes:
    """One member, stream or frame."""
    made = compressor(name)
    return made.compress(data) + made.flush()


def read_all(source: Source, size: int = 1 << 16) -> bytes:
    """Everything, with no part larger than what was asked for."""
    parts = []
    while part := source.read(size):
        assert len(part) <= size
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_members_are_read_end_to_end(name: str) -> None:
    """Also an empty one, and with the zeros that fill a block at the end."""
    packed = pack(b"one\n" * 5000, name) + pack(b"", name) + pack(b"two\n", name)
    for ending in (b"", b"\0" * 700):
        for make in (lambda source: source, ReadAhead):
            source = make(Expanded(from_bytes(packed + ending, "file"), name))
            assert read_all(source, 777) == b"one\n" * 5000 + b"two\n"
            source.close()
    assert compression_of(packed) == name


@pytest.mark.parametrize("name", NAMES)
def test_a_small_file_that_holds_much_is_read_in_small_parts(name: str) -> None:
    """64 MB of zeros come out 64 KiB at a time."""
    packed = pack(bytes(64 << 20), name)
    assert len(packed) < 100_000
    source, total = Expanded(from_bytes(packed, "bomb"), name), 0
    while part := source.read(1 << 16):
        assert len(part) <= 1 << 16
        total += len(part)
    assert total == 64 << 20


@pytest.mark.parametrize("name", NAMES)
def test_what_is_cut_off_or_damaged_says_so(name: str, tmp_path) -> None:
    """With the name of the file; no target is replaced."""
    packed = pack(b"".join(b"line %d of many\n" % (i * 7919) for i in range(200_000)), name)
    middle = len(packed) // 2
    damaged = packed[:middle] + bytes(byte ^ 0x55 for byte in packed[middle : middle + 64]) + packed[middle + 64 :]
    (tmp_path / "old.txt").write_bytes(b"old")
    for bad, message in ((packed[:-9], "end too soon: the file is cut off"), (damaged, "damaged|end too soon")):
        (tmp_path / "in").write_bytes(bad)
        with pytest.raises(ReadError, match=message) as caught:
            api.clean(tmp_path / "in", tmp_path / "old.txt")
        assert str(tmp_path / "in") in caught.value.message
        assert (tmp_path / "old.txt").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "old.txt"]


def test_something_else_behind_a_member_is_damage() -> None:
    """It is not left out in silence."""
    with pytest.raises(ReadError, match="damaged"):
        read_all(Expanded(from_bytes(pack(b"text", "gz") + b"more", "file"), "gz"))


@pytest.mark.parametrize("name", NAMES)
def test_an_output_is_compressed_if_its_name_says_so(name: str, tmp_path) -> None:
    """And reads back as what was cleaned."""
    text = b"".join(b"Line %d of the text says something of its own.\n" % i for i in range(90_000))
    (tmp_path / "in.txt").write_bytes(text)
    out = tmp_path / f"out.{name}"
    api.clean(tmp_path / "in.txt", out, settings=Settings(remove="exact"))
    assert compression_of(out.read_bytes()) == name
    assert read_all(Expanded(from_bytes(out.read_bytes(), "out"), name)) == text


class _Full(io.RawIOBase):
    """A disk that takes nothing any more."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


def test_an_error_of_the_thread_comes_out() -> None:
    """At the latest when the sink is prepared."""
    sink = CompressedSink(open_sink(_Full()), "gz")  # type: ignore[arg-type]
    sink.write(b"small")
    sink.write(bytes(range(256)) * 5000)
    with pytest.raises(WriteError, match="No space left"):
        sink.prepare()
    sink.abort()
