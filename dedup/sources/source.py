"""Sources: bytes in order from a file, a pipe, a buffer or an object, whatever their format."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import BinaryIO, NamedTuple, cast

from dedup.arguments import text_not_bytes
from dedup.errors import InputSkipped, changed_error, read_error, write_error

PIPE_BYTES = 1 << 20
HEAD_BYTES = 64 << 10
"""Looked at to find out what a file is."""
PATIENCE_MS = 20
"""A writer that pauses longer than this gets to see what is decided so far."""


class Facts(NamedTuple):
    """What a regular file was when it was opened: whether it still is that shows whether anybody wrote to it."""

    bytes: int
    changed_ns: int
    """Time of the last change of its content."""
    device: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Facts:
        """As the system tells it."""
        return cls(status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)

    def refuse_changed_at(self, path: str) -> None:
        """Raise ReadError if what stands at a path is not what it was, or nothing does."""
        try:
            now = Facts.of(os.stat(path))
        except OSError as error:
            raise changed_error(path, error.strerror or str(error)) from error
        self.refuse_changed(path, now)

    def refuse_changed(self, name: str, now: Facts) -> None:
        """Raise ReadError, naming the file, if it is not what it was."""
        if self.bytes != now.bytes:
            raise changed_error(name, f"from {self.bytes:,} to {now.bytes:,} bytes")
        if self != now:
            raise changed_error(name, "it was written to" if self[2:] == now[2:] else "another file took its place")


class Source:
    """One input to read: bytes in order, and whether more are there right now."""

    name: str
    descriptor = -1
    """Of a regular file, whose bytes `pread` gives again; -1 for all else."""
    document_bytes: int | None = None
    """Size of the whole if it is known before it is read."""
    may_pause = False
    """It is written while it is read."""
    facts: Facts | None = None
    """Of a regular file."""
    is_text = False
    """It was a string: bytes that begin as compressed data do are text nevertheless."""

    @property
    def relative(self) -> str:
        """Where its product belongs below an output directory: its name without the folders."""
        return os.path.basename(self.name)

    def open(self) -> Source:
        """Get ready to read; gives what to read from. Raises InputSkipped."""
        return self

    def read(self, size: int) -> bytes:
        """At most `size` bytes; empty at the end. Raises ReadError."""
        raise NotImplementedError

    def pauses(self) -> bool:
        """Whether `read` would wait for a writer."""
        return False

    def check_unchanged(self) -> None:
        """Raise ReadError if somebody wrote to the file since it was opened: it never was what was read as a whole."""

    def file(self) -> BinaryIO:
        """All bytes as a file that can be read at any place; a copy without a name where they come in a stream."""
        import tempfile

        if self.descriptor >= 0:
            file = open(os.dup(self.descriptor), "rb")  # noqa: SIM115  # the caller closes it
            file.seek(0)
            return file
        try:
            copy = tempfile.TemporaryFile(prefix="dedup-")  # noqa: SIM115
            while part := self.read(PIPE_BYTES):
                copy.write(part)
            copy.seek(0)
        except OSError as error:
            raise write_error("a copy in the temporary directory (TMPDIR)", error) from error
        return cast(BinaryIO, copy)

    def close(self) -> None:
        """Let go of the file."""


class BufferSource(Source):
    """Bytes in memory."""

    def __init__(self, data: bytes, name: str, facts: Facts | None = None) -> None:
        self.name = name
        self.facts = facts
        self.document_bytes = len(data)
        self._data = data
        self._at = 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        part = self._data[self._at : self._at + size]
        self._at += len(part)
        return part


class ObjectSource(Source):
    """A binary file object of the caller, read from where it stands."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self._file = file

    def read(self, size: int) -> bytes:
        """What the object gives at once, at most `size` bytes."""
        try:
            while (part := self._file.read(size)) is None:  # a raw file that does not block has nothing yet
                _wait_for_bytes(self._file.fileno())
            if isinstance(part, str):
                raise text_not_bytes(self._file)
            return part
        except (OSError, EOFError) as error:  # gzip, bz2 and lzma tell so of data that are cut off
            raise read_error(self.name, error) from error


class DescriptorSource(Source):
    """A file, a pipe or a device. Only a regular file that stands at its start can be read again."""

    def __init__(self, descriptor: int, name: str, *, owned: bool) -> None:
        facts = os.fstat(descriptor)
        self.name = name
        self._file = descriptor
        self._owned = owned
        self._regular = stat.S_ISREG(facts.st_mode)
        self.may_pause = not self._regular
        self.facts = Facts.of(facts) if self._regular else None
        if self._regular and os.lseek(descriptor, 0, os.SEEK_CUR) == 0:
            self.descriptor = descriptor
            self.document_bytes = facts.st_size
        if stat.S_ISFIFO(facts.st_mode):
            _widen(descriptor)

    def read(self, size: int) -> bytes:
        """What is there, at most `size` bytes."""
        try:
            return _read(self._file, size)
        except OSError as error:
            raise read_error(self.name, error) from error

    def pauses(self) -> bool:
        """Whether nothing came for PATIENCE_MS; a regular file never pauses."""
        if self._regular:
            return False
        import select

        poll = select.poll()
        poll.register(self._file, select.POLLIN)
        return not poll.poll(PATIENCE_MS)

    def check_unchanged(self) -> None:
        """A regular file must be of the size and time that it had at first."""
        if self.facts is not None:
            self.facts.refuse_changed(self.name, Facts.of(os.fstat(self._file)))

    def close(self) -> None:
        """Close the descriptor if it was opened here."""
        if self._owned:
            self._owned = False
            os.close(self._file)


class Peeked(Source):
    """A source whose first bytes were looked at before it is read."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.source = source
        self.descriptor = source.descriptor
        self.document_bytes = source.document_bytes
        self.may_pause = source.may_pause
        self._ahead = b""

    def peek(self, more: Callable[[bytes], bool]) -> bytes:
        """The first bytes: what comes at once, and further while `more` says that they do not suffice."""
        if self.descriptor >= 0:
            try:
                return os.pread(self.descriptor, HEAD_BYTES, 0)
            except OSError as error:
                raise read_error(self.name, error) from error
        while not self._ahead or more(self._ahead):
            part = self.source.read(HEAD_BYTES)
            if not part:
                break
            self._ahead += part
        return self._ahead

    @property
    def can_forget(self) -> bool:
        """Whether the source can still give all bytes by itself."""
        return not self._ahead

    def read(self, size: int) -> bytes:
        """The bytes looked at, then those that follow."""
        if not self._ahead:
            return self.source.read(size)
        part, self._ahead = self._ahead[:size], self._ahead[size:]
        return part

    def pauses(self) -> bool:
        """As the source, once the bytes looked at are read."""
        return not self._ahead and self.source.pauses()

    def close(self) -> None:
        """Close the source."""
        self.source.close()


class PathSource(Source):
    """A file at a path that is opened when its turn comes."""

    def __init__(self, path: str, below: str = "") -> None:
        """
        Args:
            path: `-` is standard input.
            below: the folder that was given and that it was found in; an output directory mirrors what follows.
        """
        self.name = path
        self._below = below

    @property
    def relative(self) -> str:
        """Its path from the folder it was found in, else its name without the folders."""
        return os.path.relpath(self.name, self._below) if self._below else os.path.basename(self.name)

    def open(self) -> Source:
        """The open file. Raises InputSkipped."""
        return open_source(self.name)


def open_source(path: str) -> Source:
    """The file at a path; `-` is standard input.

    Raises:
        InputSkipped: it cannot be opened, or is a directory.
    """
    try:
        if path == "-":
            return DescriptorSource(0, "<stdin>", owned=False)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise InputSkipped(path, error.strerror or str(error)) from error
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputSkipped(path, "Is a directory")
    return DescriptorSource(descriptor, path, owned=True)


def from_bytes(data: bytes, name: str) -> Source:
    """A source of bytes that are in memory already."""
    return BufferSource(data, name)


def from_text(data: bytes, name: str) -> Source:
    """A source of what was a string."""
    source = BufferSource(data, name)
    source.is_text = True
    return source


def from_file(file: BinaryIO, name: str) -> Source:
    """A source from a binary file object, which stays open."""
    return ObjectSource(file, name)


def read_standard_input() -> bytes:
    """All of it, where it is no text. Raises OSError."""
    return b"".join(iter(lambda: _read(0, PIPE_BYTES), b""))


def _read(descriptor: int, size: int) -> bytes:
    """One call to the system, and another once there is something to read where a call does not wait for it."""
    while True:
        try:
            return os.read(descriptor, size)
        except BlockingIOError:
            _wait_for_bytes(descriptor)


def _wait_for_bytes(descriptor: int) -> None:
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.poll()


def _widen(descriptor: int) -> None:
    """Asks for a larger pipe: fewer switches between writer and us. Not every system can."""
    try:
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        pass
