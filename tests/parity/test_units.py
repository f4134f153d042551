"""Both engines choose the same unit for a document."""

from __future__ import annotations

import random
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.engine.select import select
from dedup.paragraphs import resolve_unit, resolve_units
from dedup.settings import Settings
from dedup.unit import HEAD_BYTES, Unit

from .buffers import nasty
from .documents import Author

_PIECES = [b" ", b"\t", b"\n", b"\r", b"\r\n", b"\n\n", b",", b"-", b";", b".", b"word ", b"Word ", b"a", b"A", b"\x0b"]
_PIECES += [one.encode() for one in ("é", "ß", "÷", "Ά", "ώ", "Я", "я", "漢字", "カ", "。")]
_PIECES += [b"\xe4", b"\xe4\xb8", b"x " * 101]


def check(engine: str, text: bytes) -> None:
    """Assert that an engine chooses as the definition does, for the whole text and for its beginning."""
    made = select(engine, Settings())
    for name in ("auto", "sentence", "line", "document"):
        for whole in (True, False):
            assert made.resolve_unit(name, text, whole) == resolve_unit(name, text, whole), (name, whole)
        assert made.resolve_units(name, text * 2, [0, len(text), 2 * len(text)]) == [
            resolve_unit(name, one, True) for one in (b"", text, text)
        ]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(_PIECES), max_size=60))
def test_lines_of_all_kinds(engine: str, parts: list[bytes]) -> None:
    """Line ends, indents, letters at the borders of the ranges, characters that are cut off."""
    check(engine, b"".join(parts))


@pytest.mark.parametrize("seed", range(40))
def test_documents(engine: str, seed: int) -> None:
    """Text of all shapes."""
    for document in Author(seed).documents():
        check(engine, document)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lines_that_are_copies(engine: str, data: st.DataObject) -> None:
    """Lines that equal the one before but for white space around them, or but for one byte."""
    lines = st.sampled_from([b"a word,", b"b word,", b"a word;", b"A", b"\xc3\xa9t\xc3\xa9", b"\xa0", b""])
    around = st.sampled_from([b"", b" ", b"\t", b"\x0b", b"\x0c ", b"\x1c", b"\xc2\x85"])
    parts = data.draw(st.lists(st.tuples(around, lines, around), max_size=12))
    check(engine, data.draw(st.sampled_from([b"\n", b"\r\n"])).join(b"".join(part) for part in parts))


def test_nasty_buffers(engine: str) -> None:
    """Of the buffers that the other steps are tried on every twentieth."""
    for text in list(nasty())[::20]:
        check(engine, text)


@pytest.mark.parametrize("seed", range(60))
def test_columns(engine: str, seed: int) -> None:
    """Pages cut by one width, wide and narrow, and the same with one line that is a little off."""
    draw = random.Random(seed)
    words = ["the", "Pier", "boats", "Ärger", "дом", "漢字", "x" * draw.choice([3, 40, 130]), "\udcff\udc80", "of"]
    for _ in range(20):
        pages = []
        for _ in range(draw.randint(1, 4)):
            text = " ".join(draw.choice(words) for _ in range(draw.randint(3, 60)))
            width = draw.choice([draw.randint(38, 42), draw.randint(48, 76), draw.randint(116, 124), 4000])
            lines = textwrap.wrap(text, width, break_long_words=False)
            if draw.random() < 0.3:
                lines[draw.randrange(len(lines))] += draw.choice([" of", "\u00a0", " ", "\x85" * 500, " \t"])
            pages.append(draw.choice(["\n", "\r\n"]).join(lines))
        check(engine, draw.choice(["\n\n", "\n \n", "\r\r"]).join(pages).encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("size", [HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, 2 * HEAD_BYTES])
def test_only_the_head_counts(engine: str, size: int) -> None:
    """A long document is judged by its first 64 KiB, without the line that they cut off."""
    draw = random.Random(size)
    text = b"".join(draw.choice(_PIECES) for _ in range(size))[:size]
    made = select(engine, Settings())
    assert made.resolve_unit("auto", text, True) == resolve_unit("auto", text, True)
    assert made.resolve_units("auto", text, [size]) == resolve_units("auto", text, [size])
    assert isinstance(made.resolve_units("auto", text, [size])[0], Unit)


@pytest.mark.parametrize("words", [100, 101])
@pytest.mark.parametrize("word", [b"a ", b"ab  ", b"abcde ", "é ".encode(), b"x" * 239 + b" ", b"x" * 240 + b"\t"])
def test_words_are_counted_to_the_last(engine: str, words: int, word: bytes) -> None:
    """A line of 101 words is an article, one of 100 is not, wherever they begin in it."""
    for start in range(4):
        line = b" " * start + word * words + b"\n"
        unit = Unit.SENTENCE if words > 100 else Unit.LINE
        assert select(engine, Settings()).resolve_units("auto", line, [len(line)]) == [unit]


@pytest.mark.parametrize("characters", [199, 200])
def test_characters_are_counted_to_the_last(engine: str, characters: int) -> None:
    """Two characters of Han are a word; bytes that are none of them count for nothing."""
    for start in (b"", b"\xe4", b"\xe4\xb8", b"\xb8"):
        line = start + "漢".encode() * characters + b"\xe6"
        unit = Unit.SENTENCE if characters >= 200 else Unit.LINE
        assert select(engine, Settings()).resolve_units("auto", line, [len(line)]) == [unit]
        assert resolve_unit("auto", line, True) == unit
