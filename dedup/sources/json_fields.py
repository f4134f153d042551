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
        return json.loads(line.decode("utf-8", "surrogateescape"), parse_int=_integer)
    except (ValueError, RecursionError):
        return NOT_JSON


def _integer(digits: str) -> int | float:
    """JSON sets no limit to the digits of a number; Python does."""
    try:
        return int(digits)
    except ValueError:
        return float(digits)


def lookup(value: Any, path: tuple[str, ...]) -> Any:
    """The value at a dotted path, or MISSING."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value


def field_of(line: bytes, name: str) -> Any:
    """The value of a field in a line that is a JSON object, MISSING if it has none or null; None if the line is none.

    >>> field_of(b'{"a": {"b": "c"}}', "a.b"), field_of(b'{"a": {', "a"), field_of(b'["a"]', "a")
    ('c', None, None)
    >>> field_of(b'{"a": null}', "a") is field_of(b'{"b": "c"}', "a") is MISSING
    True
    """
    import json

    try:
        value = json.loads(line.decode("utf-8", "surrogateescape"), parse_int=_integer)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    found = lookup(value, tuple(name.split(".")))
    return MISSING if found is None else found


def find_string(line: bytes, path: tuple[str, ...]) -> Span:
    """Where the string at a path stands, without its quotes. Of a key that is there twice the last one counts.

    >>> find_string(b'{"n": 1, "a": {"b": "c"}}', ("a", "b"))
    (21, 22)

    Args:
        line: valid JSON that has a string there.
    """
    start, end = line.index(b"{"), len(line)
    for key in path:
        start, end = _find_value(line, start, key)
    return start + 1, end - 1


def _find_value(line: bytes, brace: int, wanted: str) -> Span:
    """Where the last value of a key stands in the object that opens at `brace`."""
    found, position = (-1, -1), brace + 1
    while key := _KEY.match(line, position):
        end = _end_of_value(line, key.end())
        if _same_key(key[1], wanted):
            found = key.end(), end
        position = _SPACE.match(line, end).end() + 1  # type: ignore[union-attr]  # it always matches
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
        return _end_of_string(line, start)
    if first not in (b"{", b"["):
        return _SCALAR.match(line, start).end()  # type: ignore[union-attr]  # the JSON is valid
    depth = 0
    for token in _NESTED.finditer(line, start):
        depth += (token[0] in (b"{", b"[")) - (token[0] in (b"}", b"]"))
        if not depth:
            return token.end()
    raise ValueError("a bracket is not closed")


def _end_of_string(line: bytes, quote: int) -> int:
    """One past the closing quote: the next one with an even number of backslashes before it."""
    at = quote
    while True:
        at = line.index(b'"', at + 1)
        first = at
        while line[first - 1] == 0x5C:
            first -= 1
        if (at - first) % 2 == 0:
            return at + 1


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


def edits_between(places: list[int], base: int) -> list[Edit]:
    """What to leave out: from each first place to the second one after it, seen from `base`."""
    return [Edit(base + start, base + end) for start, end in zip(places[::2], places[1::2], strict=True)]


def literal_edits(literal: bytes, text: bytes | memoryview, removed: list[Span], base: int) -> list[Edit]:
    """What to leave out of a string literal so that spans of its text are gone.

    Args:
        literal: without quotes.
        text: what it means.
        removed: spans of the text, in order.
        base: where the literal begins in the bytes to edit.
    Cost: O(len(literal)), at the speed of writing JSON where the literal is as one of the usual writers has it.
    """
    offsets = [offset for span in removed for offset in span]
    places = _usual_places(literal, text, offsets)
    if places is None:
        walk = Places(_steps(literal))
        places = [walk.at(offset) for offset in offsets]
    return edits_between(places, base)


def _usual_places(literal: bytes, text: bytes | memoryview, offsets: list[int]) -> list[int] | None:
    """Where offsets of the text are in a literal that orjson or Python's json would write; None in any other."""
    if len(literal) == len(text):
        return offsets
    import json

    import orjson

    writers: tuple[Callable[[str], bytes], ...] = (orjson.dumps, lambda part: json.dumps(part).encode("ascii"))
    for write in writers:
        places, position, start = [], 0, 0
        for offset in [*offsets, len(text)]:
            try:
                written = write(str(text[start:offset], "utf-8"))[1:-1]
            except ValueError:  # lone surrogates, or a character is cut
                return None
            if not literal.startswith(written, position):
                break
            position, start = position + len(written), offset
            places.append(position)
        if position == len(literal) and len(places) == len(offsets) + 1:
            return places[:-1]
    return None


def _steps(literal: bytes) -> Iterator[tuple[int, int, int]]:
    for escape in _ESCAPE.finditer(literal):
        yield escape.start(), escape.end(), len(_meaning(escape[0]))


class Places:
    """From offsets in a text, asked for in order, to offsets in how it is written."""

    def __init__(self, escapes: Iterable[tuple[int, int, int]]) -> None:
        """
        Args:
            escapes: where the written form differs: start and end there, and the size of the text it stands for.
        """
        self._escapes = iter(escapes)
        self._text, self._written = 0, 0
        """The end of the last escape passed, in both."""
        self._next = next(self._escapes, None)

    def at(self, offset: int) -> int:
        """Where the text at `offset` is written."""
        while self._next is not None:
            start, end, size = self._next
            after = self._text + start - self._written + size
            if after > offset:
                if offset > after - size:
                    return start  # inside a character: no boundary is there
                break
            self._text, self._written = after, end
            self._next = next(self._escapes, None)
        return self._written + offset - self._text
