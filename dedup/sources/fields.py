"""One field of a JSON object: its value, and where its string stands in the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dedup.parts import Edit, Span

MISSING: Any = object()
"""What stands for a field that is not there."""
NOT_JSON: Any = object()
"""What stands for a line that is no JSON."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SPACE = re.compile(rb"[ \t\r\n]*")
_KEY = re.compile(rb"[ \t\r\n]*(" + _STRING + rb")[ \t\r\n]*:[ \t\r\n]*", re.DOTALL)
_TEXT = re.compile(_STRING, re.DOTALL)
_SCALAR = re.compile(rb"[^,}\] \t\r\n]+")
_NESTED = re.compile(_STRING + rb"|[{}\[\]]", re.DOTALL)
_ESCAPE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_SHORT = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}


def loads() -> Callable[[bytes], Any]:
    """The JSON parser: orjson; for what it refuses the standard library's, else NOT_JSON.

    The standard library takes lone surrogates; and bytes that are no UTF-8 stay what they are.
    """
    import orjson

    fast = orjson.loads

    def parse(line: bytes) -> Any:
        try:
            return fast(line)
        except ValueError:
            return _parse_slowly(line)

    return parse


def _parse_slowly(line: bytes) -> Any:
    import json

    try:
        return json.loads(line.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return NOT_JSON


def lookup(value: Any, path: tuple[str, ...]) -> Any:
    """The value at a dotted path, or MISSING."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value


def field_of(line: bytes, name: str) -> Any:
    """The value of a field in a line, or MISSING.

    >>> field_of(b'{"a": {"b": "c"}}', "a.b")
    'c'
    """
    import json

    try:
        return lookup(json.loads(line.decode("utf-8", "surrogateescape")), tuple(name.split(".")))
    except (ValueError, RecursionError):
        return MISSING


def find_string(line: bytes, path: tuple[str, ...]) -> Span:
    """Where the string at a path stands, without its quotes. Of a key that is there twice the last one counts.

    >>> find_string(b'{"n": 1, "a": {"b": "c"}}', ("a", "b"))
    (21, 22)

    Args:
        line: valid JSON that has a string there.
    """
    position = line.index(b"{")
    for key in path[:-1]:
        position = _find_value(line, position, key)
    start = _find_value(line, position, path[-1])
    return start + 1, _TEXT.match(line, start).end() - 1  # type: ignore[union-attr]  # it is a string


def _find_value(line: bytes, brace: int, wanted: str) -> int:
    """Where the last value of a key begins in the object that opens at `brace`."""
    found, position = -1, brace + 1
    while key := _KEY.match(line, position):
        if _same_key(key[1], wanted):
            found = key.end()
        position = _SPACE.match(line, _end_of_value(line, key.end())).end() + 1  # type: ignore[union-attr]
        if line[position - 1 : position] == b"}":
            break
    return found


def _same_key(literal: bytes, wanted: str) -> bool:
    if b"\\" not in literal:
        return literal[1:-1] == wanted.encode("utf-8", "surrogateescape")
    import json

    return bool(json.loads(literal.decode("utf-8", "surrogateescape")) == wanted)


def _end_of_value(line: bytes, start: int) -> int:
    first = line[start : start + 1]
    if first == b'"':
        return _TEXT.match(line, start).end()  # type: ignore[union-attr]  # the JSON is valid
    if first not in (b"{", b"["):
        return _SCALAR.match(line, start).end()  # type: ignore[union-attr]
    depth = 0
    for token in _NESTED.finditer(line, start):
        depth += (token[0] in (b"{", b"[")) - (token[0] in (b"}", b"]"))
        if not depth:
            return token.end()
    raise ValueError("a bracket is not closed")


def unescape(literal: bytes) -> bytes:
    r"""The text of a string literal, without quotes. A lone surrogate is three bytes, as in WTF-8.

    >>> unescape(b"a\\n\\u00e9\\ud83d\\ude00\\ud800")
    b'a\n\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80'
    """
    return _ESCAPE.sub(lambda escape: _meaning(escape[0]), literal)


def _meaning(escape: bytes) -> bytes:
    if escape[1:2] != b"u":
        return _SHORT.get(escape[1:], escape[1:])
    unit = int(escape[2:6], 16)
    if len(escape) == 12:
        unit = 0x10000 + ((unit & 0x3FF) << 10) + (int(escape[8:12], 16) & 0x3FF)
    return chr(unit).encode("utf-8", "surrogatepass")


def literal_edits(literal: bytes, removed: Iterable[Span], base: int) -> list[Edit]:
    """What to leave out of a string literal so that spans of its text are gone.

    Args:
        literal: without quotes.
        removed: spans of the text of the literal, in order.
        base: where the literal begins in the bytes to edit.
    """
    places = _Places(literal)
    return [Edit(base + places.at(start), base + places.at(end)) for start, end in removed]


class _Places:
    """From offsets in the text of a literal, asked for in order, to offsets in the literal."""

    def __init__(self, literal: bytes) -> None:
        self._escapes = self._steps(literal)
        self._text, self._literal = 0, 0
        """The end of the last escape passed, in both."""
        self._next = next(self._escapes, None)

    @staticmethod
    def _steps(literal: bytes) -> Iterator[tuple[int, int, int]]:
        """Where each escape begins and ends in the literal, and the size of its text."""
        for escape in _ESCAPE.finditer(literal):
            yield escape.start(), escape.end(), len(_meaning(escape[0]))

    def at(self, offset: int) -> int:
        while self._next is not None:
            start, end, size = self._next
            after = self._text + start - self._literal + size
            if after > offset:
                if offset > after - size:
                    return start  # inside a character: no boundary is there
                break
            self._text, self._literal = after, end
            self._next = next(self._escapes, None)
        return self._literal + offset - self._text
