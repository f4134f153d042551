"""Text in a stream, cut where paragraphs end."""

from __future__ import annotations

import pytest

from dedup.engine.select import select
from dedup.errors import ReadError
from dedup.settings import Settings
from dedup.sources.source import Source, from_bytes
from dedup.sources.stretches import Stretch, cut_stretches
from dedup.unit import HEAD_BYTES, Unit

LINES = b"".join(b"Line %d of the text.\n" % number for number in range(20_000))


class Dripping(Source):
    """Gives less than what is asked for, and an error at the end if one is wanted."""

    def __init__(self, data: bytes, error: str = "") -> None:
        self.name = "drip"
        self.asked: list[int] = []
        self._inner = from_bytes(data, "drip")
        self._error = error

    def read(self, size: int) -> bytes:
        """At most 1000 bytes."""
        self.asked.append(size)
        part = self._inner.read(min(size, 1000))
        if not part and self._error:
            raise ReadError(self._error)
        return part


def cut(source: Source, engine: str, unit: str, size: int) -> list[Stretch]:
    """All stretches."""
    return list(cut_stretches(source, select(engine, Settings()), unit, size))


@pytest.mark.parametrize("size", [1, 100, 5000, len(LINES), 2 * len(LINES)])
def test_stretches_tile_the_text_and_end_with_lines(engine: str, size: int) -> None:
    """Each but the last ends where a line does, and the last one says so."""
    text = LINES[: 200 * size] if size < 100 else LINES
    found = cut(Dripping(text), engine, "line", size)
    assert b"".join(one.text[: one.size] for one in found) == text
    assert [one.last for one in found] == [False] * (len(found) - 1) + [True]
    assert all(one.text[one.size - 1 : one.size] == b"\n" for one in found[:-1])
    assert {one.unit for one in found} == {Unit.LINE}
    assert len(found) > 1 or size >= len(text)


def test_a_paragraph_that_is_longer_than_a_stretch_stays_whole(engine: str) -> None:
    """More and more is read until it ends."""
    long = b"word " * 3000 + b"\n"
    found = cut(Dripping(b"one\n" + long + b"two\n"), engine, "line", 64)
    spans = [one.text[: one.size] for one in found]
    assert b"".join(spans) == b"one\n" + long + b"two\n"
    assert any(long in span for span in spans)


def test_the_unit_is_that_of_the_first_bytes(engine: str) -> None:
    """However small the stretches are, as many bytes are looked at as in a file."""
    text = b"The first paragraph is hard\nwrapped like a book.\n\n" * 3000
    found = cut(Dripping(text), engine, "auto", 100)
    assert len(text) > HEAD_BYTES
    assert found[0].unit is Unit.BLANK
    assert b"".join(one.text[: one.size] for one in found) == text


def test_an_empty_document_is_one_empty_stretch(engine: str) -> None:
    """It ends where it begins."""
    assert [(one.text, one.size, one.last) for one in cut(from_bytes(b"", "none"), engine, "line", 10)] == [
        (b"", 0, True)
    ]


def test_an_error_comes_after_what_was_read(engine: str) -> None:
    """What can be cut is given before."""
    stretches = cut_stretches(Dripping(LINES, "torn"), select(engine, Settings()), "line", 5000)
    assert next(stretches).size > 0
    with pytest.raises(ReadError, match="torn"):
        list(stretches)


def test_little_is_asked_for_at_once() -> None:
    """A source that expands makes no more than fits the processor's cache."""
    source = Dripping(LINES)
    cut(source, "auto", "line", 4 << 20)
    assert max(source.asked) <= 256 << 10
