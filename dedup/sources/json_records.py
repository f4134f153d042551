"""The records of a block of JSON Lines: where each stands, and its text. Read in C where that was built.

In C a line is only looked at: no object is made of it. What is anything but plain (no object, no string in the
field, a key with escapes, half of a surrogate pair, bytes that are no UTF-8, deep nesting) is left to `read_line`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from dedup.parts import Span

UNKNOWN: Span = (-1, -1)
MOST_KEYS = 16
"""So many keys of a path are followed in C."""

ReadLine = Callable[[bytes], tuple[bytes | None, str | None]]
"""From a line to its text, None if it is no record with a text, and its identity."""


class Lines(NamedTuple):
    """What was found in a block. All lists but the last have an entry for each record with a text."""

    text: bytes
    """Of all records, end to end."""
    ends: list[int]
    """Where the text of each ends."""
    starts: list[int]
    """Where the line of each begins in the block."""
    literals: list[Span]
    """Where its string stands in the block, without quotes; UNKNOWN if nobody has looked."""
    numbers: list[int]
    lines: list[int]
    ids: list[str | None]
    """Empty if nobody asked."""
    without_text: list[tuple[int, int, int, int]]
    """Lines that are no record with a text: start, end, number of the line, number of the record."""
    records: int
    """With and without a text."""
    line_ends: int
    """Line feeds in the block."""


def read_lines(
    raw: bytes, start: int, path: tuple[str, ...], id_path: tuple[str, ...], line: int, record: int, read_line: ReadLine
) -> Lines:
    """Read whole lines.

    Args:
        raw: the lines.
        start: where the first of them begins.
        path: the keys that lead to the text.
        id_path: those that lead to the identity; empty if nobody asks for it.
        line: number of the first line.
        record: number of the first record.
        read_line: reads one line.
    """
    native = None if len(path) > MOST_KEYS or len(id_path) > MOST_KEYS else native_scan()
    if native is None:
        return _read_each(raw, start, bool(id_path), line, record, read_line)
    keys, id_keys = tuple(map(_key, path)), tuple(map(_key, id_path))
    return Lines(*native.scan_lines(raw, start, keys, id_keys, line, record, read_line))


def native_scan() -> Any:
    """The module in C, or None."""
    try:
        import dedup.sources.json_scan as scan
    except ImportError:
        return None
    return scan


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _read_each(raw: bytes, start: int, identified: bool, line: int, record: int, read_line: ReadLine) -> Lines:
    """The same, one line after the other."""
    texts: list[bytes] = []
    found = Lines(b"", [], [], [], [], [], [], [], 0, 0)
    first, size, number = record, 0, line
    for number, content in enumerate((raw[start:] if start else raw).split(b"\n"), line):
        end = start + len(content)
        if content and not content.isspace():
            text, identity = read_line(content)
            if text is None:
                found.without_text.append((start, end, number, record))
            else:
                texts.append(text)
                size += len(text)
                found.ends.append(size)
                found.starts.append(start)
                found.literals.append(UNKNOWN)
                found.numbers.append(record)
                found.lines.append(number)
                if identified:
                    found.ids.append(identity)
            record += 1
        start = end + 1
    return found._replace(text=b"".join(texts), records=record - first, line_ends=number - line)
