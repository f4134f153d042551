"""Compressed inputs, expanded as they are read: in bounded memory, whatever their size and contents."""

from __future__ import annotations

import queue
import threading

from dedup.compression import FULL_NAMES, data_errors, decompressor
from dedup.errors import DedupError, ReadError
from dedup.sources.source import PATIENCE_MS, Source
from dedup.threads import started

INPUT_BYTES = 64 << 10
OUTPUT_BYTES = 256 << 10
"""Of text, so much more than of input that most of the time nothing waits to come out when more goes in."""
AHEAD = 2
"""Blocks that a thread expands ahead of the reader."""


class Expanded(Source):
    """What is inside a compressed source; members, streams and frames that follow each other are read as one."""

    def __init__(self, source: Source, compression: str) -> None:
        self.name = source.name
        self.may_pause = source.may_pause
        self._source = source
        self._compression = FULL_NAMES[compression]
        self._make = decompressor(compression)
        self._errors = data_errors()
        self._member = self._make()
        self._begun = False
        """The member in hand has got a byte."""
        self._waiting = b""
        self._read = 0

    def read(self, size: int) -> bytes:
        """The next bytes. Raises ReadError where the data are damaged or end too soon."""
        while True:
            data = self._next_input() if self._member.needs_input and not self._member.eof else b""
            if self._member.eof or (not data and self._member.needs_input):
                if not self._next_member():
                    return b""
                continue
            self._begun = True
            text = self._expand(data, size)
            if text:
                return text

    def pauses(self) -> bool:
        """Whether more input is needed and its writer waits."""
        return self._member.needs_input and not self._waiting and self._source.pauses()

    def close(self) -> None:
        """Close the compressed source, and let go of what expands it: megabytes, for a file that is remembered."""
        self._source.close()
        del self._member

    def _next_input(self) -> bytes:
        data, self._waiting = self._waiting or self._source.read(INPUT_BYTES), b""
        self._read += len(data)
        return data

    def _expand(self, data: bytes, size: int) -> bytes:
        try:
            return self._member.decompress(data, size)
        except MemoryError:
            raise
        except self._errors as error:
            raise self._damaged(f"the {self._compression} data are damaged ({error})") from error

    def _next_member(self) -> bool:
        """Go on with what follows a member; False at the end of the file."""
        if not self._member.eof:
            if self._begun:
                raise self._damaged(f"the {self._compression} data end too soon: the file is cut off")
            return False
        rest = self._member.unused_data.lstrip(b"\0") or self._skip_padding()
        if not rest:
            return False
        self._waiting = rest
        self._member, self._begun = self._make(), False
        return True

    def _skip_padding(self) -> bytes:
        """Zeros after a member fill a tape's or a disk's block."""
        while data := self._source.read(INPUT_BYTES):
            if rest := data.lstrip(b"\0"):
                return rest
        return b""

    def _damaged(self, what: str) -> ReadError:
        return ReadError(
            f"cannot read {self.name}: {what}, after {self._read:,} bytes of it",
            f"Fetch the file again, or expand it with {self._compression} to see what is left; no target was replaced.",
        )


class ReadAhead(Source):
    """Reads a source in a thread of its own, a few blocks ahead: expanding and matching overlap.

    The thread starts with the second block, so that a small file does without.
    """

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.may_pause = source.may_pause
        self._source = source
        self._blocks: queue.Queue[bytes | DedupError] = queue.Queue(AHEAD)
        self._block = b""
        self._state = "new"
        self._stopped = threading.Event()

    def read(self, size: int) -> bytes:
        """The next bytes; raises what reading the source raised."""
        if not self._block:
            self._block = self._next_block()
        part, self._block = self._block[:size], self._block[size:]
        return part

    def pauses(self) -> bool:
        """Whether no block comes for PATIENCE_MS."""
        if self._block or self._state != "running":
            return not self._block and self._state in ("new", "alone") and self._source.pauses()
        if self._blocks.empty() and self._source.pauses():
            try:
                block = self._blocks.get(timeout=PATIENCE_MS / 1000)
            except queue.Empty:
                return True
            self._take(block)
        return False

    def close(self) -> None:
        """Stop the thread. It may wait for the writer of a pipe, and closes the source itself when it is done."""
        self._stopped.set()
        while not self._blocks.empty():
            self._blocks.get()
        if self._state in ("new", "first", "alone"):
            self._source.close()

    def _next_block(self) -> bytes:
        if self._state == "new":
            self._state = "first"
            return self._source.read(OUTPUT_BYTES)
        if self._state == "first":
            self._state = "running" if started(self._work, daemon=True) else "alone"
        if self._state == "alone":
            return self._source.read(OUTPUT_BYTES)
        if self._state == "running":
            self._take(self._blocks.get())
        return self._block

    def _take(self, block: bytes | DedupError) -> None:
        if isinstance(block, DedupError):
            self._state = "ended"
            raise block
        if not block:
            self._state = "ended"
        self._block = block

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                block: bytes | DedupError = self._source.read(OUTPUT_BYTES)
            except DedupError as error:
                block = error
            except BaseException as error:  # handed to the reader's thread
                block = ReadError(f"cannot read {self.name}: {error}")
            self._blocks.put(block)
            if not block or isinstance(block, DedupError):
                break
        self._source.close()
