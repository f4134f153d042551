"""Text that cannot be read again at its source, kept for verification: in memory, then on disk."""

from __future__ import annotations

import os
from typing import IO

from dedup.batches import Batch
from dedup.errors import write_error
from dedup.sinks.stream import write_at
from dedup.threads import started

MEMORY_BYTES = 4 << 20
"""What comes after that is on the disk, which the system caches in memory that others can have."""


class Spool:
    """Gives batches from pipes a place to be read again."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._left = memory_bytes
        self._file: IO[bytes] | None = None
        self._size = 0

    def assign(self, batch: Batch) -> None:
        """Give the batch a place, in order: once memory is used up it is one in a file, which `write` fills.

        Raises:
            WriteError: there can be no file in the temporary directory.
        """
        if batch.file >= 0:
            return
        if batch.size <= self._left:
            self._left -= batch.size
            return
        self._left = 0
        if self._file is None:
            self._file = self._create()
        batch.file, batch.file_offset = self._file.fileno(), self._size
        self._size += batch.size

    def write(self, batch: Batch) -> None:
        """Fill the batch's place, if it has one here; from any thread, in any order.

        Raises:
            WriteError: the temporary directory has no room.
        """
        if self._file is not None and batch.file == self._file.fileno():
            data = memoryview(batch.text)[: batch.size]
            write_at(batch.file, data, batch.file_offset, "the spool in the temporary directory (TMPDIR)")

    def close_aside(self) -> None:
        """Forget everything in a thread: to free 200 MB takes the system some 25 ms, in which output can be written."""
        if self._file is not None and started(self._file.close) is None:
            self._file.close()

    def close(self) -> None:
        """Forget everything; the file has no name and goes with its descriptor."""
        if self._file is not None:
            self._file.close()

    @staticmethod
    def _create() -> IO[bytes]:
        import tempfile

        try:
            return tempfile.TemporaryFile(prefix="dedup-", buffering=0)
        except OSError as error:
            raise write_error(f"a spool in {os.environ.get('TMPDIR', '/tmp')}", error) from error
