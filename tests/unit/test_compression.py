"""Compression in and out: members end to end, damage, and memory that does not follow the contents."""

from __future__ import annotations

import gc
import gzip
import io
import os
import random
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup import api
from dedup.compression import compressor, decompressor
from dedup.errors import ReadError, WriteError
from dedup.run.pipeline import run
from dedup.settings import Settings
from dedup.sinks import open_sink
from dedup.sinks.compression import CompressedSink
from dedup.sources.compression import Expanded, ReadAhead
from dedup.sources.detect import compression_of
from dedup.sources.source import PathSource, Source, from_bytes

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


def outcome_of_gzip(data: bytes, size: int) -> tuple[bytes, str]:
    """What comes out, and the message where it ends badly."""
    source, got = Expanded(from_bytes(data, "file"), "gz"), b""
    try:
        while part := source.read(size):
            got += part
    except ReadError as error:
        return got, error.message
    return got, ""


def test_gzip_is_expanded_alike_with_and_without_zlib_ng(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes and the same messages, for whole files, damaged ones, and such as are cut off."""
    pytest.importorskip("zlib_ng")
    draw, answers = random.Random(5), []
    packed = pack(b"".join(b"line %d of many\n" % (i * 7919) for i in range(3000)), "gz") + pack(b"more", "gz")
    files = [packed, packed + b"\0\0", packed + b"rest", packed[:5], packed[:-3], packed[:-7]]
    for place in (3, 9, 12, len(packed) - 2, len(packed) - 6, *draw.sample(range(len(packed)), 60)):
        files.append(packed[:place] + bytes([packed[place] ^ 1 << draw.randrange(8)]) + packed[place + 1 :])
    for missing in (False, True):
        if missing:
            monkeypatch.setitem(sys.modules, "zlib_ng", None)
        assert type(decompressor("gz")()._inner).__module__.startswith("zlib_ng") is not missing
        answers.append([outcome_of_gzip(data, size) for data in files for size in (50_000, 700)])
    assert answers[0] == answers[1]
    assert len({message for _, message in answers[0]}) > 5


def test_gzip_is_compressed_with_and_without_zlib_ng(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reads what the other wrote; neither writes the time, so that a second run gives the same bytes."""
    pytest.importorskip("zlib_ng")
    text, packed = b"".join(b"line %d of many\n" % (i * 7919) for i in range(9000)), []
    for missing in (False, True):
        with monkeypatch.context() as patched:
            if missing:
                patched.setitem(sys.modules, "zlib_ng", None)
            made = compressor("gz")
            assert type(made).__module__.startswith("zlib_ng") is not missing
            packed.append(made.compress(text[:5000]) + made.compress(text[5000:]) + made.flush())
    for data in packed:
        assert data[:8] == b"\x1f\x8b\x08\0\0\0\0\0"
        assert gzip.decompress(data) == text
        assert read_all(Expanded(from_bytes(data, "file"), "gz")) == text
    assert len(packed[0]) < 1.1 * len(packed[1])


@pytest.mark.parametrize("encoding", ["", "latin-1"])
def test_what_expanded_a_file_goes_when_it_is_read(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be very many, and a file is remembered to the end of the run."""
    members: list[weakref.ref[object]] = []

    def made() -> Callable[[], object]:
        def make() -> object:
            member = gunzip()
            members.append(weakref.ref(member))
            return member

        return make

    gunzip = decompressor("gz")
    monkeypatch.setattr("dedup.sources.compression.decompressor", lambda name: made())
    for number in range(4):
        (tmp_path / f"{number}.txt.gz").write_bytes(pack(b"Paragraph %d of some words.\n" % number * 9, "gz"))
    sources = [PathSource(str(path)) for path in sorted(tmp_path.iterdir())]
    done = run(sources, open_sink(io.BytesIO()), Settings(encoding=encoding))
    gc.collect()
    assert len(done.files) == 4
    assert len(members) >= 4
    assert [member() for member in members] == [None] * len(members)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_inside_is_cleaned_as_if_it_lay_open(engine: str, name: str, threads: int, tmp_path: Path) -> None:
    """With repeats that are verified on text which was put aside, in every size of batch."""
    text = b"".join(
        b"Senator number %d spoke for %d minutes about the harbour.\n" % (i % 700, i % 700) for i in range(900)
    )
    (tmp_path / "in.txt").write_bytes(text)
    (tmp_path / f"in.txt.{name}").write_bytes(pack(text[:9000], name) + pack(text[9000:], name))
    answers = set()
    for file in ("in.txt", f"in.txt.{name}"):
        for batch_bytes in (500, 10_000, 1 << 20):
            chosen, output = Settings(threads=threads, engine=engine, unit="line"), io.BytesIO()
            done = run([PathSource(str(tmp_path / file))], open_sink(output), chosen, batch_bytes=batch_bytes)
            answers.add((output.getvalue(), done.originals, done.input, done.output))
    assert len(answers) == 1
    kept, originals, read, _ = answers.pop()
    assert (read.bytes, originals) == (len(text), 700)
    assert kept == b"".join(text.splitlines(keepends=True)[:700])


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
    with pytest.raises(WriteError, match="No space left"):
        write_much(sink)
    sink.abort()


def write_much(sink: CompressedSink) -> None:
    """More than a compressor holds back, and the end of it."""
    for _ in range(5):
        sink.write(os.urandom(1 << 18))
    sink.prepare()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_compressed_twice_is_skipped(name: str, tmp_path: Path) -> None:
    """The cleaned file would be taken for one that is compressed, and could not be restored."""
    path = tmp_path / f"a.{name}"
    path.write_bytes(pack(pack(b"text\n", "gz"), name))
    with pytest.raises(ReadError, match=f"compressed twice, gz in {name}: expand it once"):
        api.clean(path, tmp_path / "out", removals=tmp_path / "removals")
    assert [*tmp_path.iterdir()] == [path]
