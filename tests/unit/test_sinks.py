"""Sinks: a file is complete or absent, a stream takes everything or says why not."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import stat
import struct
import threading

import pytest

from dedup.errors import ReaderGone, UsageError, WriteError
from dedup.sinks import open_sink
from dedup.sinks.atomic import FileSink, remove_left
from dedup.sinks.stream import ObjectSink, StreamSink


def put(sink, *parts):
    for part in parts:
        sink.write(part)
    sink.commit()


def everything_in(directory):
    return sorted(os.listdir(directory))


def drain(descriptor):
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


@pytest.fixture
def umask():
    """A known umask for the test, the old one afterwards."""
    old = os.umask(0o027)
    yield 0o027
    os.umask(old)


def test_a_file_appears_whole_and_only_at_commit(tmp_path):
    target = tmp_path / "out.txt"
    sink = open_sink(target)
    sink.write(b"one ")
    sink.write(memoryview(b"two"))
    assert not target.exists()
    sink.commit()
    assert target.read_bytes() == b"one two"
    assert everything_in(tmp_path) == ["out.txt"]


def test_abort_leaves_nothing(tmp_path):
    sink = open_sink(tmp_path / "out.txt")
    sink.write(b"text")
    sink.abort()
    sink.abort()
    assert everything_in(tmp_path) == []


def test_abort_leaves_the_old_file_as_it_was(tmp_path):
    target = tmp_path / "out.txt"
    target.write_bytes(b"old")
    sink = open_sink(target)
    sink.write(b"new")
    sink.prepare()
    sink.abort()
    assert target.read_bytes() == b"old"
    assert everything_in(tmp_path) == ["out.txt"]


def test_abort_after_commit_is_harmless(tmp_path):
    sink = open_sink(tmp_path / "out.txt")
    put(sink, b"text")
    sink.abort()
    assert (tmp_path / "out.txt").read_bytes() == b"text"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_permissions_of_the_old_file_are_kept(tmp_path, mode, umask):
    target = tmp_path / "out.txt"
    target.write_bytes(b"old")
    target.chmod(mode)
    put(open_sink(target), b"new")
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_a_new_file_has_what_the_umask_leaves(tmp_path, umask):
    put(open_sink(tmp_path / "out.txt"), b"new")
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == 0o666 & ~umask


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_of_the_old_file_is_kept(tmp_path):
    target = tmp_path / "out.txt"
    target.write_bytes(b"old")
    os.chown(target, 12345, 12346)
    put(open_sink(target), b"new")
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 12346)


ACL = "system.posix_acl_access"


def acl(mask):
    """What `setfacl -m u:12345:rw` makes of a file: owner rw, user 12345 rw, group r, a mask, others nothing."""
    entries = ((1, 6, -1), (2, 6, 12345), (4, 4, -1), (16, mask, -1), (32, 0, -1))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="the system has other calls for attributes")
def test_attributes_of_the_old_file_are_kept(tmp_path, umask):
    """Access lists are permissions; what users have noted of a file is not to be lost with a paragraph of it."""
    target, other = tmp_path / "out.txt", tmp_path / "other.txt"
    target.write_bytes(b"old")
    other.write_bytes(b"old")
    try:
        os.setxattr(target, "user.origin", b"box 12")
        os.setxattr(target, ACL, acl(6))
        os.setxattr(tmp_path, "system.posix_acl_default", acl(6))
    except OSError as error:
        pytest.skip(f"no attributes here: {error}")
    for path in (target, other):
        mode = path.stat().st_mode
        put(open_sink(path), b"new")
        assert path.stat().st_mode == mode
    assert os.getxattr(target, "user.origin") == b"box 12"
    assert os.getxattr(target, ACL) == acl(6)
    assert ACL not in os.listxattr(other)  # the folder's list is for files that are new


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path):
    (tmp_path / "deep").mkdir()
    target, link = tmp_path / "deep" / "real.txt", tmp_path / "link.txt"
    target.write_bytes(b"old")
    link.symlink_to("deep/real.txt")
    put(open_sink(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert everything_in(tmp_path / "deep") == ["real.txt"]


def test_a_symbolic_link_to_nothing_gets_its_target(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to("real.txt")
    put(open_sink(link), b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


def test_a_fifo_is_written_to_and_stays(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    got = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()))
    reader.start()
    put(open_sink(fifo), b"text")
    reader.join(10)
    assert got == [b"text"]
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert everything_in(tmp_path) == ["fifo"]


def test_a_full_device_says_so():
    """/dev/full takes nothing: the message has the path and the reason, the remedy a way out."""
    sink = open_sink("/dev/full")
    with pytest.raises(WriteError) as caught:
        sink.write(b"text")
    sink.abort()
    assert caught.value.exit_status == 4
    assert "/dev/full" in caught.value.message
    assert os.strerror(errno.ENOSPC) in caught.value.message
    assert "space" in caught.value.remedy
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_the_null_device_stays_a_device():
    put(open_sink("/dev/null"), b"text")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_descriptor_by_name_keeps_its_offset(tmp_path):
    """`-o /dev/fd/N` goes on where the descriptor stands; opening the name anew would overwrite."""
    with open(tmp_path / "log", "wb", buffering=0) as file:
        file.write(b"before ")
        put(open_sink(f"/dev/fd/{file.fileno()}"), b"text")
        file.write(b" after")
    assert (tmp_path / "log").read_bytes() == b"before text after"


@pytest.mark.parametrize(("name", "error"), [("missing/out.txt", WriteError), (".", UsageError)])
def test_a_bad_place_is_found_before_the_run(tmp_path, name, error):
    with pytest.raises(error) as caught:
        open_sink(tmp_path / name)
    assert str(tmp_path) in caught.value.message
    assert caught.value.remedy


def test_a_long_name_leaves_room_for_the_temporary_one(tmp_path):
    name = "ä" * 127
    put(open_sink(tmp_path / name), b"text")
    assert everything_in(tmp_path) == [name]


def test_a_large_old_file_is_replaced_as_a_small_one_is(tmp_path, monkeypatch):
    """It is freed aside; what was written goes to the disk in between."""
    monkeypatch.setattr("dedup.sinks.atomic.LARGE_BYTES", 3)
    monkeypatch.setattr("dedup.sinks.early.BEGIN_BYTES", 5)
    monkeypatch.setattr("dedup.sinks.early.SYNC_BYTES", 5)
    path = tmp_path / "out"
    path.write_bytes(b"older")
    with path.open("rb") as held:
        sink = open_sink(path)
        for _ in range(3):
            sink.write(b"abcd")
            sink.write_many([b"e", b"fg"])
        sink.commit()
        assert (path.read_bytes(), held.read()) == (b"abcdefg" * 3, b"older")
    assert os.listdir(tmp_path) == ["out"]


def test_a_large_old_file_is_freed_where_there_can_be_no_more_threads(tmp_path, monkeypatch):
    """The file has been replaced by then, and the commit does not say otherwise."""

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("dedup.sinks.atomic.LARGE_BYTES", 3)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    path = tmp_path / "out"
    path.write_bytes(b"older")
    before = os.listdir("/proc/self/fd")
    put(open_sink(path), b"new")
    assert (path.read_bytes(), everything_in(tmp_path)) == (b"new", ["out"])
    assert os.listdir("/proc/self/fd") == before


def test_a_disk_that_fails_while_a_file_is_made_is_not_forgotten(tmp_path, monkeypatch):
    """The system tells of a lost write once: what the early request heard fails the end, and the target stays."""
    told = iter([OSError(errno.EIO, os.strerror(errno.EIO))])

    def lose_once(_descriptor):
        if (error := next(told, None)) is not None:
            raise error

    monkeypatch.setattr("dedup.sinks.early.SYNC_BYTES", 5)
    monkeypatch.setattr(os, "fdatasync", lose_once, raising=False)
    path = tmp_path / "out"
    path.write_bytes(b"older")
    sink = open_sink(path)
    sink.write(b"abcdef")
    with pytest.raises(WriteError) as caught:
        sink.prepare()
    sink.abort()
    assert os.strerror(errno.EIO) in caught.value.message
    assert next(told, None) is None
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"older", ["out"])


def test_a_failed_replace_keeps_both_honest(tmp_path):
    """The target became a directory during the run: an error, and no temporary file stays."""
    target = tmp_path / "out.txt"
    sink = open_sink(target)
    assert isinstance(sink, FileSink)
    sink.write(b"text")
    target.mkdir()
    with pytest.raises(WriteError):
        sink.commit()
    sink.abort()
    assert everything_in(tmp_path) == ["out.txt"]


def test_a_pipe_without_a_reader_is_not_an_error():
    read_end, write_end = os.pipe()
    os.close(read_end)
    sink = StreamSink(write_end, "pipe", owned=True)
    with pytest.raises(ReaderGone) as caught:
        sink.write(b"text")
    sink.abort()
    assert caught.value.exit_status == 0


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize("many", [True, False])
def test_everything_arrives_through_a_small_pipe(blocking, many):
    """Partial writes and a full non-blocking pipe lose nothing and keep the order."""
    parts = [bytes([i % 251]) * (i * 7 % 4000) for i in range(1500)]
    read_end, write_end = os.pipe()
    fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(write_end, blocking)
    got = []
    reader = threading.Thread(target=lambda: got.append(drain(read_end)))
    reader.start()
    sink = StreamSink(write_end, "pipe", owned=True)
    if many:
        sink.write_many([memoryview(part) for part in parts])
    else:
        for part in parts:
            sink.write(part)
    sink.commit()
    reader.join(20)
    assert got == [b"".join(parts)]


def test_nothing_to_write_writes_nothing(tmp_path):
    sink = open_sink(tmp_path / "out.txt")
    sink.write_many([])
    sink.write_many([b""])
    put(sink, b"")
    assert (tmp_path / "out.txt").read_bytes() == b""


class Sparing(io.RawIOBase):
    """A raw file that takes three bytes at a time."""

    def __init__(self):
        self.taken = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.taken += bytes(data[:3])
        return min(3, len(data))


def test_a_raw_file_object_gets_everything_and_stays_open():
    file = Sparing()
    sink = ObjectSink(file)
    sink.write_many([b"one ", b"two"])
    put(sink, b" three")
    assert bytes(file.taken) == b"one two three"
    assert not file.closed


def test_an_interruption_leaves_no_temporary_file(tmp_path, monkeypatch):
    """Not even one that comes when the file is there and nobody knows of it yet."""
    create = os.open

    def interrupted(*arguments):
        os.close(create(*arguments))
        raise KeyboardInterrupt

    monkeypatch.setattr("dedup.sinks.atomic.os.open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_sink(str(tmp_path / "out.txt"))
    monkeypatch.undo()
    assert len(list(tmp_path.iterdir())) == 1
    remove_left()
    assert list(tmp_path.iterdir()) == []
