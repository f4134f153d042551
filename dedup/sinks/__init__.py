"""Where cleaned text and reports go: files that are complete or absent, and streams."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import BinaryIO, Protocol

Data = bytes | bytearray | memoryview
Target = str | os.PathLike[str] | BinaryIO


class Sink(Protocol):
    """Takes bytes in order; what was written counts only after `commit`."""

    def write(self, data: Data) -> None:
        """Take bytes. Raises WriteError, or ReaderGone when nobody reads any more."""

    def write_many(self, parts: Sequence[Data]) -> None:
        """Take many pieces in order, as one call to the system where that is possible."""

    def prepare(self) -> None:
        """Put everything on the disk, so that only `commit` remains. May be left out."""

    def commit(self) -> None:
        """Make it visible and let go of the file. Call once."""

    def abort(self) -> None:
        """Leave no trace where that is possible, and let go. Harmless after `commit`."""


def open_sink(target: Target) -> Sink:
    """The sink for a path (`-` is standard output) or for a binary file object that stays open.

    Raises:
        WriteError: the file cannot be created there.
    """
    from dedup.sinks.atomic import open_path
    from dedup.sinks.stream import ObjectSink, standard_output

    if not isinstance(target, (str, os.PathLike)):
        return ObjectSink(target)
    path = os.fspath(target)
    return standard_output() if path == "-" else open_path(path)
