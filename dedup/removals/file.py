"""The removals file, read: the operations that lead from the cleaned files back. `dedup.sinks.removals` writes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dedup.errors import IntegrityError, read_error
from dedup.sinks.removals import (
    BACK,
    BEGIN,
    CLOSE,
    EDIT,
    END,
    FIRST_LINE,
    GROUP,
    MAGIC,
    PIECE_BYTES,
    ROW,
    VERSION,
)
from dedup.sources.detect import COMPRESSIONS
from dedup.sources.source import Source

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
