"""Lines of JSON read in C: the records, texts and places that reading them one by one in Python gives."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.settings import Settings
from dedup.sources import json_records
from dedup.sources.json_fields import Places, find_string
from dedup.sources.json_fields import _steps as escapes_of
from dedup.sources.json_records import UNKNOWN, Lines, read_lines
from dedup.sources.jsonl import Jsonl
from dedup.sources.source import BufferSource

native = pytest.importorskip("dedup.sources.json_scan", exc_type=ImportError)

_STRINGS = [
    "",
    "a",
    "text",
    'say "no"',
    "back\\slash",
    "a/b",
    "tab\t",
    "line\n",
    "\x00\x1f\x7f",
    "é",
    "漢字",
    "\U0001f600",
]
_STRINGS += ["\ud800", "\udc00x", "word " * 5, "12345678", "1234567é", "\u2028", "}", "]", ",", "\\u0041"]
_PIECES = [b"{", b"}", b"[", b"]", b":", b",", b'"', b'"text"', b'"id"', b'"a"', b"\\", b"\\u00e9", b"\\ud83d\\ude00"]
_PIECES += [
    b"\\ud800",
    b"\\udc00",
    b"\\u12",
    b"\\x",
    b"\\n",
    b" ",
    b"\t",
    b"\r",
    b"\n",
    b"\x0b",
    b"\x00",
    b"\x1f",
    b"\x7f",
]
_PIECES += [b"0", b"-1", b"01", b"1.", b".5", b"1e5", b"1E+999", b"9" * 300, b"9" * 5000, b"-", b"NaN", b"Infinity"]
_PIECES += [b"true", b"false", b"null", b"nul", b"\xc3\xa9", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff"]
_PIECES += [b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"[" * 70 + b"]" * 70, b'{"text":"x"}', b'"text":"y"', b"word word word "]

_keys = st.sampled_from(["text", "id", "a", "te\x00xt", "é", "other"])
_values: Any = st.recursive(
    st.sampled_from(_STRINGS) | st.integers() | st.floats(allow_nan=True) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def lines(draw: Any) -> bytes:
    """One line: an object as one of the usual writers has it, perhaps damaged, or pieces of JSON."""
    if draw(st.integers(0, 3)) == 0:
        return b"".join(draw(st.lists(st.sampled_from(_PIECES), max_size=12)))
    value = draw(st.dictionaries(_keys, _values, min_size=1, max_size=4))
    made = json.dumps(
        value,
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\r")])),
    ).encode("utf-8", "surrogatepass")
    if draw(st.booleans()) and draw(st.booleans()):
        at = draw(st.integers(0, len(made)))
        made = made[:at] + draw(st.sampled_from(_PIECES)) + made[at + draw(st.integers(0, 3)) :]
    return made


def read(raw: bytes, field: str, id_field: str, start: int = 0) -> tuple[Lines, Lines]:
    """The same block, read in C and in Python."""
    reader = Jsonl(BufferSource(raw, "x"), Settings(text_field=field, id_field=id_field))
    path, id_path = tuple(field.split(".")), tuple(id_field.split(".")) if id_field else ()
    in_c = read_lines(raw, start, path, id_path, 5, 70, reader._read)
    return in_c, json_records._read_each(raw, start, bool(id_path), 5, 70, reader._read)


def check(raw: bytes, field: str, id_field: str = "", start: int = 0) -> Lines:
    """Assert that both give the same; gives it."""
    in_c, in_python = read(raw, field, id_field, start)
    assert in_c._replace(literals=in_python.literals) == in_python
    path = tuple(field.split("."))
    for literal, at in zip(in_c.literals, in_c.starts, strict=True):
        first, last = find_string(raw[at:].split(b"\n", 1)[0], path)
        assert literal in (UNKNOWN, (at + first, at + last))
    return in_c


@given(
    st.lists(lines(), max_size=6),
    st.sampled_from(["text", "a", "a.text", "a.a.text", "é"]),
    st.sampled_from(["", "id", "a.id"]),
)
def test_every_line_is_read_as_the_parser_reads_it(some: list[bytes], field: str, id_field: str) -> None:
    """Whatever the lines are: the same texts, numbers, identities and lines without a text."""
    check(b"\n".join(some), field, id_field)
    check(b"\n".join(some) + b"\n", field, id_field)


def test_lines_by_the_thousand() -> None:
    """Random pieces of JSON, of which some make a whole object."""
    draw = random.Random(4)
    for _ in range(200):
        block = b"\n".join(
            b'{"text":"'
            + b"".join(draw.choices(_PIECES, k=draw.randrange(4)))
            + b'"'
            + draw.choice([b"}", b',"id":7}', b""])
            for _ in range(40)
        )
        check(block, "text", "id")


def test_plain_lines_are_read_in_c() -> None:
    """Lines as writers make them never reach the parser: escapes, other characters, nesting, numbers."""
    texts = [text for text in _STRINGS if text.isprintable() or "\t" in text or "\x00" in text]
    texts = [text for text in texts if not any("\ud800" <= c <= "\udfff" for c in text)]
    for ascii_only in (True, False):
        block = "\n".join(
            json.dumps({"id": n, "x": [n, {"text": None}, -1.5e-3], "text": text}, ensure_ascii=ascii_only)
            for n, text in enumerate(texts)
        ).encode()
        found = check(block, "text", "id")
        assert UNKNOWN not in found.literals
        assert found.text == "".join(texts).encode()
        assert found.ids == [str(n) for n in range(len(texts))]


def test_the_block_may_begin_late() -> None:
    """Places are those in the block, whatever stands before the first line."""
    found = check(b'\xef\xbb\xbf{"text":"one"}\n\n{"text":"two"}', "text", start=3)
    assert (found.starts, found.lines, found.numbers, found.line_ends) == ([3, 19], [5, 7], [70, 71], 2)


def test_a_path_may_be_longer_than_c_follows() -> None:
    """Then Python reads all."""
    path = ["a"] * 20
    value: Any = "deep"
    for key in path:
        value = {key: value}
    assert check(json.dumps(value).encode(), ".".join(path)).text == b"deep"


@given(
    st.lists(
        st.sampled_from(
            ["a", "\\n", "\\u0000", "\\u00e9", "\\u20ac", "\\ud83d\\ude00", "\\ud800", "\\udc00", "é", "漢"]
        )
    ),
    st.data(),
)
def test_places_are_those_of_the_definition(parts: list[str], data: Any) -> None:
    """Any offsets of the text, also inside a character that an escape stands for."""
    literal = "".join(parts).encode()
    size = sum(end - start for start, end in _tiles(literal))
    offsets = sorted(data.draw(st.lists(st.integers(0, size), max_size=6)))
    walk = Places(escapes_of(literal))
    raw = b"before" + literal + b"\\after"
    assert native.places(raw, 6, 6 + len(literal), offsets) == [walk.at(offset) for offset in offsets]


def _tiles(literal: bytes) -> list[tuple[int, int]]:
    """A span for each byte of the text that a literal stands for."""
    from dedup.sources.json_fields import unescape

    return [(at, at + 1) for at in range(len(unescape(literal)))]
