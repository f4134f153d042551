"""Every engine splits where dedup.paragraphs says."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.engine.select import select
from dedup.paragraphs import MAX_PARAGRAPH_BYTES, split_paragraphs
from dedup.settings import Settings
from dedup.unit import Unit

from .buffers import nasty

FRAGMENTS = [
    *(". ", ".", "! ", "? ", "?!", "… ", "...", "。", "！", "？", "｡", "．", "؟ ", "۔", "।", "॥ "),
    *('"', "'", ")", "]", "}", "’", "”", "»", "›", "」", "』", "）", "】", "》", "〉"),
    *("(", "[", "“", "‘", "«", "‹", "¿", "¡", '("“'),
    *(
        "Mr",
        "Sen",
        "U.S",
        "Ph.D",
        "a.m",
        "No",
        "pp",
        "Inc",
        "z.B",
        "J",
        "Jan",
        "vs",
        "12",
        "1",
        "3.5",
        "1234",
    ),
    *(
        " ",
        " ",
        "  ",
        "\t",
        "\v",
        "\f",
        "\u00a0",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\n \n",
        "\r\r",
        "\n    ",
        "\n\t",
    ),
    *(
        "word",
        "Word",
        "The",
        "étude",
        "Émile",
        "÷",
        "ß",
        "привет",
        "Привет",
        "άλφα",
        "東京",
        "a",
        "Z",
        "\0",
        "-",
        ",",
    ),
]
texts = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS).map(str.encode),
        st.sampled_from([b"\xff", b"\xc2", b"\xe2\x80", b"\xe3\x80", b"\x80"]),
    ),
    max_size=40,
).map(b"".join)


@pytest.fixture(params=list(Unit), ids=lambda unit: unit.name.lower())
def unit(request: pytest.FixtureRequest) -> Unit:
    """Each unit, both sorts of sentence."""
    return request.param


@pytest.fixture
def splitter(engine: str) -> Any:
    """The engine as an object."""
    return select(engine, Settings())


def check(splitter: Any, text: bytes, unit: Unit) -> None:
    """Assert that the split is the same, and that of a beginning a prefix of it; a cut is one of its starts."""
    whole = split_paragraphs(text, unit, at_end=True)
    assert splitter.split(text, unit, True) == whole
    begun = splitter.split(text, unit, False)
    reference = split_paragraphs(text, unit, at_end=False)
    assert begun == whole[: len(begun)]
    assert len(begun) <= len(reference)
    cut = splitter.cut(text, unit)
    assert cut in whole
    assert cut <= reference[-1]
    assert splitter.cut(bytearray(text), unit) == cut


def test_no_text(splitter: Any, unit: Unit) -> None:
    """Nothing has one start and no paragraph."""
    check(splitter, b"", unit)


def test_nasty_buffers(splitter: Any, unit: Unit) -> None:
    """Tails, broken text and all line ends."""
    for text in list(nasty())[::3]:
        if 0 < len(text) < 2000:
            check(splitter, text, unit)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts)
def test_text_rich_in_ends(splitter: Any, unit: Unit, text: bytes) -> None:
    """Full stops, quotes, abbreviations, line ends, blank lines and indentation in any order."""
    check(splitter, text, unit)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, more=texts)
def test_what_follows_does_not_move_what_is_certain(splitter: Any, unit: Unit, text: bytes, more: bytes) -> None:
    """Every start that is given before the end of a document stays, whatever comes."""
    whole = split_paragraphs(text + more, unit, at_end=True)
    begun = splitter.split(text, unit, False)
    assert begun == whole[: len(begun)]
    assert splitter.cut(text, unit) in whole


@pytest.mark.parametrize(
    "line", [b"One line. Another sentence of it.\n", b"\tAn indented line\n\n", b"A\r\n \r\nB\r\n"]
)
def test_a_beginning_makes_progress(splitter: Any, unit: Unit, line: bytes) -> None:
    """Of many paragraphs, all but the last few are certain before the end has come."""
    if unit == Unit.DOCUMENT:
        return
    text = line * 1000
    whole = split_paragraphs(text, unit, at_end=True)
    if len(whole) > 100:
        assert len(splitter.split(text, unit, False)) > len(whole) - 10
        assert splitter.cut(text, unit) > len(text) // 2


@cache
def split_once(text: bytes, unit: Unit) -> list[int]:
    """Split a whole document; the same for every engine."""
    return split_paragraphs(text, unit, at_end=True)


@pytest.mark.parametrize(
    "text",
    [
        b"x" * (2 * MAX_PARAGRAPH_BYTES + 10),
        b"word " * (MAX_PARAGRAPH_BYTES // 4),
        b"word. \n" * 10 + b"y" * (MAX_PARAGRAPH_BYTES + 1) + b"\nend\n",
        "東".encode() * (MAX_PARAGRAPH_BYTES // 2),
        b"z" + "é".encode() * (MAX_PARAGRAPH_BYTES // 2 + 5),
        b"\x80" * (MAX_PARAGRAPH_BYTES + 10),
        b" " * (MAX_PARAGRAPH_BYTES + 10) + b"text after white space\n",
        b"\n" * (MAX_PARAGRAPH_BYTES + 10) + b"text after blank lines\n",
        b"a\n" + b" " * (MAX_PARAGRAPH_BYTES - 1) + b"b\n",
        b"a\n" + b" " * MAX_PARAGRAPH_BYTES + b"b\n",
        b"a\n" + b" " * (MAX_PARAGRAPH_BYTES + 1) + b"b\n",
        b"a" * (MAX_PARAGRAPH_BYTES - 1) + b"\r\nb",
        b"a" * MAX_PARAGRAPH_BYTES + b"\r\nb",
        b"a b" + b"c" * MAX_PARAGRAPH_BYTES,
        b"Mr. " * (MAX_PARAGRAPH_BYTES // 4 + 20),
    ],
    ids=range(15),
)
def test_paragraphs_beyond_the_cap(splitter: Any, unit: Unit, text: bytes) -> None:
    """A paragraph of more than a MiB is cut in the same places."""
    whole = split_once(text, unit)
    if splitter.name != "reference":  # that one is the same function, and slow
        assert splitter.split(text, unit, True) == whole
    begun = splitter.split(text, unit, False)
    assert begun == whole[: len(begun)]
    assert len(begun) > 1 or unit == Unit.DOCUMENT or len(text) <= MAX_PARAGRAPH_BYTES + 64
