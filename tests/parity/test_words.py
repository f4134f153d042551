"""Every instruction set of the native engine hashes the words that dedup.words finds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.batches import Batch, Piece
from dedup.engine.select import native_missing, select
from dedup.settings import Settings
from dedup.unit import Unit
from dedup.words import count_invalid_bytes, hash_words, split_words

from .buffers import INVALID, SCRIPTS, nasty

native = pytest.importorskip("dedup.engine.native", reason=native_missing(), exc_type=ImportError)
ENGINE = select("native", Settings())


@pytest.fixture(params=native.instruction_sets())
def instruction_set(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each instruction set that runs here, in force during the test."""
    before = native.instruction_set()
    native.use_instruction_set(request.param)
    assert native.instruction_set() == request.param
    yield request.param
    native.use_instruction_set(before)
    assert native.instruction_set() == before


def hash_natively(buffers: list[bytes]) -> list[list[int]]:
    """The word hashes of each buffer; all are pieces of one batch, each of them one paragraph."""
    pieces, text = [], bytearray()
    for number, buffer in enumerate(buffers):
        pieces.append(Piece(len(text), len(text) + len(buffer), number, Unit.DOCUMENT, True, True))
        text += buffer
    sketches = ENGINE.sketch(Batch(bytes(text), pieces, 0))
    hashes = [sketches.word_hashes(i) for i in range(sketches.paragraphs)]
    assert len(hashes) == sum(map(bool, buffers))
    rest = iter(hashes)
    return [next(rest) if buffer else [] for buffer in buffers]


def expect(buffer: bytes) -> list[int]:
    return hash_words(split_words(buffer))


expect_once = cache(expect)
BUFFERS = list(nasty())
EXPECTED = [expect(buffer) for buffer in BUFFERS]


def first_difference(found: list[list[int]]) -> tuple[bytes, list[int], list[int]] | None:
    rows = zip(BUFFERS, found, EXPECTED, strict=True)
    return next(((buffer, one, other) for buffer, one, other in rows if one != other), None)


def test_nasty_buffers_at_the_end_of_memory(instruction_set: str) -> None:
    """A buffer alone in its batch: nothing after it may count."""
    assert first_difference([hash_natively([buffer])[0] for buffer in BUFFERS]) is None


def test_nasty_buffers_end_to_end(instruction_set: str) -> None:
    """Buffers in one batch: what stands before and after a paragraph does not count."""
    assert first_difference(hash_natively(BUFFERS)) is None


def test_the_instruction_set_must_exist() -> None:
    """Asking for an instruction set that is not there is an error, and the old one stays."""
    before = native.instruction_set()
    with pytest.raises(ValueError, match="does not run here"):
        native.use_instruction_set("abacus")
    assert native.instruction_set() == before


def test_every_character_alone_and_between_letters(instruction_set: str) -> None:
    """All of Unicode folds alike."""
    points = [*range(0xD800), *range(0xE000, 0x30000), *range(0xE0000, 0xE0200)]
    buffers = [
        " ".join(f"a{chr(point)}b" for point in points[start : start + 512]).encode()
        for start in range(0, len(points), 512)
    ]
    assert hash_natively(buffers) == list(map(expect_once, buffers))


fragments = st.one_of(
    st.sampled_from(SCRIPTS).flatmap(lambda text: st.sampled_from(text)).map(str.encode),
    st.sampled_from(INVALID),
    st.characters(codec="utf-8").map(str.encode),
    st.sampled_from(
        [b" ", b"\n", b"\0", b"word", b"a", b"Z", b"\xef\xb8\x8f", b"exactlyfifteen1", b"16 letters long."]
    ),
    st.binary(max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(fragments, max_size=60).map(b"".join))
def test_mixed_text(text: bytes) -> None:
    """Scripts, marks and broken bytes in any order; invalid bytes are counted alike."""
    before = native.instruction_set()
    for name in native.instruction_sets():
        native.use_instruction_set(name)
        assert hash_natively([text]) == [expect(text)]
    native.use_instruction_set(before)
    batch = Batch(text, [Piece(0, len(text), 0, Unit.DOCUMENT, True, True)], 0)
    (totals,) = ENGINE.matcher(False).match(batch, ENGINE.sketch(batch)).documents
    assert totals.invalid_bytes == count_invalid_bytes(text)
    assert totals.words == len(split_words(text))
