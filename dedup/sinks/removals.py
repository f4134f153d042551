"""The removals file, as a run writes it: what `restore` needs to give the input back. docs/removals.md has the format.

One line of ASCII, then a zstd stream of operations on the uncompressed bytes of each file:

    begin {..}   copy n   back n bytes   skip n   ...   end {..}       for every input file
    close                                                             the file is whole
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dedup.sinks import Data, Sink

VERSION = 1
MAGIC = b"dedup removals "
FIRST_LINE = MAGIC + b"%d\n" % VERSION
PIECE_BYTES = 1 << 20
"""Removed bytes in one operation at most, so that restoring needs little memory."""

BEGIN, COPY, BACK, SKIP, END, CLOSE = 1, 2, 3, 4, 5, 6
ROWS, EDIT, ROW, GROUP = 7, 8, 9, 10
"""Of Parquet: rows as they are, a row with removed text, a row that was dropped, the end of a row group."""


class Removals:
    """Writes a removals file, operation by operation."""

    def __init__(self, sink: Sink, limit: Callable[[str], None] | None = None) -> None:
        """
        Args:
            sink: committed by the caller, who calls `close` before.
            limit: called with the name of every input whose text the file holds.
        """
        from dedup.compression import compressor

        self._sink = sink
        self._limit = limit
        self._name = ""
        self._holds = False
        """Text of the file in hand."""
        self._compressor = compressor("zst")
        self._buffer = bytearray()
        self._open: _Digests | None = None
        self._copy = self._skip = 0
        self._back = bytearray()
        sink.write(FIRST_LINE)

    def begin(self, facts: dict[str, Any]) -> None:
        """The next input file: `name`, `output`, `format`, `compression`, `encoding`."""
        self._open = _Digests()
        self._name, self._holds = facts["name"], False
        self._put(BEGIN, _json(facts))

    def keep(self, data: Data) -> None:
        """These bytes of the input are in the output."""
        if self._skip or self._back:
            self._settle()
        self._copy += len(data)
        self._hashes.both(data)

    def drop(self, data: Data) -> None:
        """These are not."""
        if self._skip:
            self._settle()
        self._holds = True
        self._hashes.input.add(data)
        view = memoryview(data)
        while len(view):
            part = view[: PIECE_BYTES - len(self._back)]
            self._back += part
            view = view[len(part) :]
            if len(self._back) == PIECE_BYTES:
                self._settle()

    def insert(self, data: Data) -> None:
        """These bytes of the output were not in the input."""
        self._skip += len(data)
        self._hashes.output.add(data)

    def put(self, kind: int, size: int, data: bytes | None = None) -> None:
        """An operation on rows."""
        self._settle()
        if data is not None:
            self._holds = True
            self._put(kind, data)
        else:
            self._write(bytes([kind]) + varint(size))

    def end(self, more: dict[str, Any] | None = None) -> None:
        """All of the file is told."""
        self._settle()
        self._put(END, _json({**self._hashes.facts(), **(more or {})}))
        self._open = None
        if self._holds and self._limit is not None:
            self._limit(self._name)

    def close(self) -> None:
        """Nothing follows; the sink can be committed."""
        self._write(bytes([CLOSE]))
        self._flush()
        self._sink.write(self._compressor.flush())

    @property
    def _hashes(self) -> _Digests:
        assert self._open is not None
        return self._open

    def _settle(self) -> None:
        """Write what was gathered, in the order copy, back, skip."""
        if self._copy:
            self._write(bytes([COPY]) + varint(self._copy))
        if self._back:
            self._put(BACK, bytes(self._back))
            self._back.clear()
        if self._skip:
            self._write(bytes([SKIP]) + varint(self._skip))
        self._copy = self._skip = 0

    def _put(self, kind: int, data: bytes) -> None:
        self._write(bytes([kind]) + varint(len(data)) + data)

    def _write(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) >= PIECE_BYTES:
            self._flush()

    def _flush(self) -> None:
        compressed = self._compressor.compress(bytes(self._buffer))
        self._buffer.clear()
        if compressed:
            self._sink.write(compressed)


class Digest:
    """Bytes that went by, with their digest."""

    def __init__(self) -> None:
        import xxhash

        self.bytes = 0
        self._hash = xxhash.xxh3_128()

    def add(self, data: Data) -> None:
        """Count bytes."""
        self.bytes += len(data)
        self._hash.update(data)

    def facts(self) -> dict[str, Any]:
        """As the removals file has it."""
        return {"bytes": self.bytes, "xxh3_128": self._hash.hexdigest()}


class _Digests:
    """Of both sides of a file."""

    def __init__(self) -> None:
        self.input, self.output = Digest(), Digest()

    def both(self, data: Data) -> None:
        self.input.add(data)
        self.output.add(data)

    def facts(self) -> dict[str, Any]:
        return {"input": self.input.facts(), "output": self.output.facts()}


def varint(value: int) -> bytes:
    r"""An unsigned number in LEB128: seven bits a byte, the low ones first.

    >>> varint(5), varint(300)
    (b'\x05', b'\xac\x02')
    """
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _json(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")
