"""The batch in hand."""

from __future__ import annotations

from dedup.batches import Piece
from dedup.parts import RawPart, TextPart
from dedup.sources.filling import MOST_PARTS, Filling
from dedup.unit import Unit


def add(filling: Filling, text: bytes) -> None:
    """A document of its own."""
    start = filling.append(text)
    filling.pieces.append(Piece(start, start + len(text), 0, Unit.LINE, True, True))
    filling.parts.append(TextPart(0, start, start + len(text)))


def test_what_is_gathered_has_its_place_in_the_run() -> None:
    """Batches follow each other, and so do their parts; bytes are told when a batch is made."""
    seen: list[int] = []
    filling = Filling(10, seen.append)
    for text in (b"one\n", b"two\n"):
        add(filling, text)
    assert (filling.size, seen) == (8, [])
    [first] = filling.flush()
    assert (first.text, first.start, first.size) == (b"one\ntwo\n", 0, 8)
    assert [(part.start, bytes(part.text)) for part in first.parts] == [(0, b"one\n"), (4, b"two\n")]
    add(filling, b"three\n")
    [second] = filling.flush()
    assert (second.start, second.pieces[0].start, second.parts[0].start) == (8, 0, 8)
    assert seen == [8, 6]


def test_one_text_is_not_copied() -> None:
    """It fills the batch alone."""
    filling, text = Filling(10), b"a long line of text\n"
    add(filling, text)
    [batch] = filling.flush()
    assert batch.text is text


def test_nothing_in_hand_is_no_batch() -> None:
    """A part without text is one, with no bytes."""
    filling = Filling(10)
    assert list(filling.flush()) == []
    filling.parts.append(RawPart(0, b"raw", 0))
    [batch] = filling.flush()
    assert (batch.text, batch.pieces, len(batch.parts)) == (b"", [], 1)
    assert list(filling.flush()) == []


def test_a_text_that_goes_on_after_its_batch() -> None:
    """What follows the batch comes again in the next one."""
    filling = Filling(10)
    batch = filling.batch_of(b"abcdef", 4, [Piece(0, 4, 0, Unit.LINE, True, False)], [TextPart(0, 0, 4)])
    assert (batch.start, batch.size, bytes(batch.parts[0].text)) == (0, 4, b"abcd")
    assert filling.batch_of(b"ef", 2, [], []).start == 4


def test_when_it_is_enough() -> None:
    """Three quarters of a batch are nearly one; so are many parts."""
    filling = Filling(8)
    add(filling, b"12345")
    assert not filling.is_nearly_full
    add(filling, b"6")
    assert filling.is_nearly_full
    assert not filling.is_full
    add(filling, b"78")
    assert filling.is_full
    list(filling.flush())
    filling.parts += [RawPart(0, b"", 0) for _ in range(MOST_PARTS)]
    assert filling.is_nearly_full
