"""Sinks that pass bytes on at once: standard output, devices, pipes, file objects, nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from typing import BinaryIO

from dedup.errors import ReaderGone, write_error
from dedup.sinks import Data, Sink

PARTS_PER_CALL = 512
"""Pieces handed to one `writev`; Linux and macOS take 1024."""


class StreamSink:
    """Writes straight to a descriptor, without a buffer of its own: who reads sees it at once."""

    def __init__(self, descriptor: int, name: str, *, owned: bool) -> None:
        self._descriptor = descriptor
        self._name = name
        self._owned = owned

    @property
    def identity(self) -> tuple[int, int] | None:
        """Device and inode of a regular file, which cannot be read while it is written to; None for all else."""
        return _identity(self._descriptor)

    def write(self, data: Data) -> None:
        """Write all of `data`, however many calls the system needs for it."""
        write_all(self._descriptor, data, self._name)

    def write_many(self, parts: Sequence[Data]) -> None:
        """Write the pieces in order, up to 512 of them in one call to the system."""
        write_parts(self._descriptor, parts, self._name)

    def prepare(self) -> None:
        """Nothing to do: a stream cannot be held back."""

    def commit(self) -> None:
        """Close the descriptor if we opened it; late errors of the device count."""
        if self._owned:
            self._owned = False
            try:
                os.close(self._descriptor)
            except OSError as error:
                raise write_error(self._name, error) from error

    def abort(self) -> None:
        """Close what we opened. What a reader has seen cannot be taken back."""
        if self._owned:
            self._owned = False
            os.close(self._descriptor)


class ObjectSink:
    """Writes to a binary file object of the caller, who keeps it and closes it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._name = str(getattr(file, "name", "the output object"))

    @property
    def identity(self) -> tuple[int, int] | None:
        """As of `StreamSink`, if the object has a descriptor."""
        return identity_of(self._file)

    def write(self, data: Data) -> None:
        """Write all of `data`, also to a raw file that takes less at a time."""
        view = memoryview(data).cast("B")
        while view:
            try:
                written = self._file.write(view)
            except BrokenPipeError as error:
                raise ReaderGone from error
            except OSError as error:
                raise write_error(self._name, error) from error
            view = view[len(view) if written is None else written :]

    def write_many(self, parts: Sequence[Data]) -> None:
        """Write the pieces in order."""
        for part in parts:
            self.write(part)

    def prepare(self) -> None:
        """Flush, so that errors show before anything else is committed."""
        try:
            self._file.flush()
        except BrokenPipeError as error:
            raise ReaderGone from error
        except OSError as error:
            raise write_error(self._name, error) from error

    def commit(self) -> None:
        """Flush; the file stays open."""
        self.prepare()

    def abort(self) -> None:
        """Nothing: the file is the caller's."""


class NullSink:
    """Takes everything and keeps nothing: for a look without an output."""

    def write(self, data: Data) -> None:
        """Forget `data`."""

    def write_many(self, parts: Sequence[Data]) -> None:
        """Forget `parts`."""

    def prepare(self) -> None:
        """Nothing."""

    def commit(self) -> None:
        """Nothing."""

    def abort(self) -> None:
        """Nothing."""


class WithoutReader:
    """Writes to a sink while somebody reads; what comes after that is dropped.

    For what is told beside a verdict: `dedup check | head` is to fail as `dedup check` does.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink: Sink | None = sink

    def write(self, data: Data) -> None:
        """Take bytes, or drop them. Raises WriteError."""
        self.write_many([data])

    def write_many(self, parts: Sequence[Data]) -> None:
        """Take the pieces in order, or drop them. Raises WriteError."""
        if self._sink is not None:
            try:
                self._sink.write_many(parts)
            except ReaderGone:
                self._sink = None

    def prepare(self) -> None:
        """Nothing: the sink itself is committed by those who opened it."""

    def commit(self) -> None:
        """Nothing."""

    def abort(self) -> None:
        """Nothing."""


def identity_of(file: object) -> tuple[int, int] | None:
    """Device and inode of the regular file behind an object; None if there is none."""
    try:
        return _identity(file.fileno())  # type: ignore[attr-defined]  # what has no such method is told below
    except (AttributeError, OSError, TypeError, ValueError):  # it is no file of the system, or closed
        return None


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        facts = os.fstat(descriptor)
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino) if stat.S_ISREG(facts.st_mode) else None


def standard_output() -> StreamSink:
    """Descriptor 1, past Python's own buffers and text layers."""
    return StreamSink(1, "standard output", owned=False)


def write_all(descriptor: int, data: Data, name: str) -> None:
    """Write every byte of `data`.

    Args:
        descriptor: open for writing; blocking or not.
        data: bytes or a contiguous view of bytes.
        name: what to call the target in a message.
    Raises:
        ReaderGone: the pipe has no reader.
        WriteError: anything else that the system refuses.
    """
    view = memoryview(data).cast("B")
    while view:
        view = view[_attempt(descriptor, [view], name) :]


def write_at(descriptor: int, data: Data, offset: int, name: str) -> None:
    """Write every byte of `data` at a place in a regular file. Raises WriteError."""
    view = memoryview(data).cast("B")
    while view:
        try:
            written = os.pwrite(descriptor, view, offset)
        except OSError as error:
            raise write_error(name, error) from error
        view, offset = view[written:], offset + written


def write_parts(descriptor: int, parts: Sequence[Data], name: str) -> None:
    """Write every byte of every piece, in order; raises what `write_all` raises.

    Spans between removals are short: on 200 MB of news one call each cost 46,000 calls, this 90.
    """
    for start in range(0, len(parts), PARTS_PER_CALL):
        group = parts[start : start + PARTS_PER_CALL]
        written = _attempt(descriptor, group, name)
        for part in group:
            size = memoryview(part).nbytes
            if written < size:
                write_all(descriptor, memoryview(part).cast("B")[written:], name)
            written = max(0, written - size)


def _attempt(descriptor: int, parts: Sequence[Data], name: str) -> int:
    """One call to the system; 0 if a non-blocking target was full and has room again now."""
    try:
        return os.writev(descriptor, parts) if len(parts) > 1 else os.write(descriptor, parts[0])
    except BlockingIOError:
        _wait_for_room(descriptor)
        return 0
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        raise write_error(name, error) from error


def _wait_for_room(descriptor: int) -> None:
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.poll()
