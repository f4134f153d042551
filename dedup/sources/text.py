"""Plain text: a file, a pipe or a buffer is one document."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from dedup.errors import InputSkipped, changed_error, read_error

SMALL_BYTES = 64 << 10
"""Files up to this size are read in one call."""
PIPE_BYTES = 1 << 20
PATIENCE_MS = 20
"""A writer that pauses longer than this gets to see what is decided so far."""


class Source:
    """One document to read: bytes in order, and whether more are there right now."""

    name: str
    descriptor = -1
    """Of a regular file, whose bytes `pread` gives again; -1 for all else."""
    document_bytes: int | None = None
    """Size of the document if it is known before it is read."""
    whole: bytes | None = None
    """All of the document, where it is in memory."""

    def read(self, size: int) -> bytes:
        """At most `size` bytes; empty at the end. Raises ReadError."""
        raise NotImplementedError

    def pauses(self) -> bool:
        """Whether `read` would wait for a writer."""
        return False

    def check_unchanged(self) -> None:
        """Raise ReadError if the file is another one than when it was opened."""

    def close(self) -> None:
        """Let go of the file."""


class BufferSource(Source):
    """A document in memory."""

    whole: bytes

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.whole = data
        self.document_bytes = len(data)
        self._at = 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        part = self.whole[self._at : self._at + size]
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
            return self._file.read(size) or b""
        except OSError as error:
            raise read_error(self.name, error) from error


class DescriptorSource(Source):
    """A file, a pipe or a device. Only a regular file that stands at its start can be read again."""

    def __init__(self, descriptor: int, name: str, facts: os.stat_result, *, owned: bool) -> None:
        self.name = name
        self._file = descriptor
        self._owned = owned
        self._facts = facts
        self._regular = stat.S_ISREG(facts.st_mode)
        if self._regular and os.lseek(descriptor, 0, os.SEEK_CUR) == 0:
            self.descriptor = descriptor
            self.document_bytes = facts.st_size
        if stat.S_ISFIFO(facts.st_mode):
            _widen(descriptor)

    def read(self, size: int) -> bytes:
        """What is there, at most `size` bytes."""
        try:
            return os.read(self._file, size)
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
        """A regular file that was written to meanwhile gave text that it never held as a whole."""
        if self._regular:
            refuse_changed(self.name, self._facts, os.fstat(self._file))

    def close(self) -> None:
        """Close the descriptor if it was opened here."""
        if self._owned:
            self._owned = False
            os.close(self._file)


def open_source(path: str) -> Source:
    """The document at a path; `-` is standard input. A small file is read at once and closed.

    Raises:
        InputSkipped: it cannot be opened, or is a directory.
        ReadError: it cannot be read, or changed while it was.
    """
    try:
        if path == "-":
            return DescriptorSource(0, "<stdin>", os.fstat(0), owned=False)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise InputSkipped(path, error.strerror or str(error)) from error
    facts = os.fstat(descriptor)
    kind = stat.S_IFMT(facts.st_mode)
    if kind == stat.S_IFREG and 0 < facts.st_size <= SMALL_BYTES:
        return BufferSource(_read_small(descriptor, path, facts), path)
    if kind == stat.S_IFDIR:
        os.close(descriptor)
        raise InputSkipped(path, "Is a directory")
    return DescriptorSource(descriptor, path, facts, owned=True)


def _read_small(descriptor: int, path: str, facts: os.stat_result) -> bytes:
    try:
        data = os.read(descriptor, facts.st_size + 1)
        if len(data) != facts.st_size:
            refuse_changed(path, facts, os.fstat(descriptor))
            raise changed_error(path, f"{facts.st_size:,} bytes were expected, {len(data):,} came")
        return data
    except OSError as error:
        raise read_error(path, error) from error
    finally:
        os.close(descriptor)


def refuse_changed(path: str, before: os.stat_result, now: os.stat_result) -> None:
    """Compare size and time of the last change.

    Raises:
        ReadError: they differ.
    """
    if before.st_size != now.st_size:
        raise changed_error(path, f"from {before.st_size:,} to {now.st_size:,} bytes")
    if before.st_mtime_ns != now.st_mtime_ns:
        raise changed_error(path, "it was written to")


def from_bytes(data: bytes, name: str) -> Source:
    """A document that is in memory already."""
    return BufferSource(data, name)


def from_file(file: BinaryIO, name: str) -> Source:
    """A document from a binary file object, which stays open."""
    return ObjectSource(file, name)


def _widen(descriptor: int) -> None:
    """Asks for a larger pipe: fewer switches between writer and us. Not every system can."""
    try:
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        pass
