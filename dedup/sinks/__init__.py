"""Where cleaned text and reports go: files that are complete or absent, and streams."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import BinaryIO, Protocol

from dedup.errors import UsageError

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


def open_sink(target: Target, *, compress: bool = False, private: bool = False) -> Sink:
    """The sink for a path (`-` is standard output) or for a binary file object that stays open.

    Args:
        target: where to.
        compress: compress what is written if the path ends with .gz, .bz2, .xz or .zst.
        private: as for `dedup.sinks.atomic.FileSink`.
    Raises:
        UsageError: there is a folder, or the name ends with a slash: it is that of a folder, and without another.
        WriteError: the file cannot be created there.
    """
    from dedup.sinks.atomic import open_path
    from dedup.sinks.stream import ObjectSink, standard_output

    if not isinstance(target, (str, os.PathLike)):
        return ObjectSink(target)
    path = os.fspath(target)
    if path.endswith(os.sep) or os.path.isdir(path):
        what = "a folder" if os.path.isdir(path) else "the name of a folder"
        several = " With --output-dir every input gets a file of its own in a folder." * compress
        name = os.path.join(path, "NAME")
        raise UsageError(f"cannot write {path}: it is {what}", f"Give the name of a file, such as {name}.{several}")
    if compress and path != "-":
        from dedup.sources.detect import compression_by_name

        if name := compression_by_name(path):
            from dedup.sinks.compression import compressed

            return compressed(open_path(path, private=private), name)
    return standard_output() if path == "-" else open_path(path, private=private)
