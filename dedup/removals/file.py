"""The removals file: what `restore` needs to give the input back. docs/removals.md has the format.

One line of ASCII, then a zstd stream of operations on the uncompressed bytes of each file:

    begin {..}   copy n   back n bytes   skip n   ...   end {..}       for every input file
    close                                                             the file is whole
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dedup.errors import IntegrityError, read_error
from dedup.sinks import Data, Sink
from dedup.sources.detect import COMPRESSIONS
from dedup.sources.source import Source

VERSION = 1
MAGIC = b"dedup removals "
FIRST_LINE = MAGIC + b"%d\n" % VERSION
PIECE_BYTES = 1 << 20
"""Removed bytes in one operation at most, so that restoring needs little memory."""

BEGIN, COPY, BACK, SKIP, END, CLOSE = 1, 2, 3, 4, 5, 6
ROWS, EDIT, ROW, GROUP = 7, 8, 9, 10
"""Of Parquet: rows as they are, a row with removed text, a row that was dropped, the end of a row group."""
_WITH_DATA = (BEGIN, BACK, END, EDIT, ROW)
_FACTS = {
    BEGIN: (str, ("name", "output", "format", "compression", "encoding", "text_field")),
    END: (dict, ("input", "output")),
}
"""What they say at least, and of what type it is."""
EDITED = "It must be the file as `dedup clean` wrote it, and the removals file of the same run."
"""What to do about a cleaned file and removals that do not fit."""
_FETCH = "Take the removals file that was written together with the cleaned file."


class Operation(NamedTuple):
    """One step from the cleaned file to the original."""

    kind: int
    size: int
    """Bytes (of COPY, BACK, SKIP and of the data), or rows of ROWS."""
    data: bytes = b""

    def facts(self) -> dict[str, Any]:
        """What BEGIN and END say."""
        facts: dict[str, Any] = json.loads(self.data)
        return facts


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


def read_removals(source: Source) -> Iterator[Operation]:
    """The operations of a removals file, in order.

    Raises:
        IntegrityError: it is none, of another version, or not whole.
        ReadError: it is damaged.
    """
    stream = _Stream(source)
    while True:
        kind = stream.byte()
        if kind == CLOSE:
            stream.expect_end()
            return
        if not BEGIN <= kind <= GROUP:
            raise IntegrityError(f"{source.name} is damaged: there is no operation {kind}", _FETCH)
        size = stream.number()
        operation = Operation(kind, size, stream.take(size) if kind in _WITH_DATA else b"")
        if kind in _FACTS and not _has_facts(operation):
            raise IntegrityError(f"{source.name} is damaged: a file does not begin or end as it should", _FETCH)
        yield operation


def _has_facts(operation: Operation) -> bool:
    """Whether BEGIN or END says what it has to say."""
    try:
        facts = operation.facts()
    except (ValueError, RecursionError):
        return False
    kind, names = _FACTS[operation.kind]
    if not isinstance(facts, dict) or not all(isinstance(facts.get(name), kind) for name in names):
        return False
    return operation.kind == END or facts["compression"] in ("", *COMPRESSIONS)


class _Stream:
    """Bytes of a removals file below its compression."""

    def __init__(self, source: Source) -> None:
        from dedup.sources.compression import Expanded
        from dedup.sources.source import Peeked

        self.name = source.name
        peeked = Peeked(source)
        first = b""
        while len(first) < len(FIRST_LINE) and (part := peeked.read(len(FIRST_LINE) - len(first))):
            first += part
        if not first.startswith(MAGIC):
            raise IntegrityError(f"{self.name} is no removals file", _FETCH)
        if first != FIRST_LINE:
            version = first[len(MAGIC) :].decode("ascii", "replace").strip()
            raise IntegrityError(
                f"{self.name} has a version that is not known here: {version}",
                f"This is version {VERSION}: use the version of dedup that wrote the file.",
            )
        self._source = Expanded(peeked, "zst")
        self._ahead = memoryview(b"")

    def take(self, size: int) -> bytes:
        parts = []
        while size:
            if not self._ahead:
                self._fill()
            part, self._ahead = self._ahead[:size], self._ahead[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def expect_end(self) -> None:
        """Nothing follows, and the compressed data end as they should."""
        if self._ahead or self._source.read(1):
            raise IntegrityError(f"{self.name} is damaged: something follows its end", _FETCH)

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        return read_varint(self.byte)

    def _fill(self) -> None:
        try:
            self._ahead = memoryview(self._source.read(PIECE_BYTES))
        except OSError as error:
            raise read_error(self.name, error) from error
        if not self._ahead:
            raise IntegrityError(f"{self.name} is not whole: it ends too soon", _FETCH)


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


def read_varint(byte: Callable[[], int]) -> int:
    """The number that `varint` wrote; `byte` gives one byte after another."""
    value = shift = 0
    while True:
        part = byte()
        value |= (part & 0x7F) << shift
        if part < 0x80:
            return value
        shift += 7


def edited_error(name: str) -> IntegrityError:
    """The error for a cleaned file that is not what the removals are about."""
    return IntegrityError(f"{name} is not what the removals file was written for: it was changed since", EDITED)


def _json(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")
