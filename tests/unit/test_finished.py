"""A matcher that has finished lets the index go, and still has the text and the counts that reports ask for."""

from __future__ import annotations

import pytest

from dedup.batches import Batch, Piece
from dedup.engine.select import available, select
from dedup.settings import Settings
from dedup.unit import Unit

LINES = [b"The House voted on bill %d early this week, said a spokesman for committee %d.\n" % (n, n) for n in range(3)]
TEXT = b"".join([*LINES, LINES[1]])


def finished(name: str):
    """A matcher, its engine and a batch, when all was matched."""
    engine = select(name, Settings(engine=name, unit="line"))
    batch = Batch(TEXT, [Piece(0, len(TEXT), 0, Unit.LINE, True, True)], 0)
    matcher = engine.matcher(True)
    matcher.match(batch, engine.sketch(batch))
    matcher.finish()
    return matcher, engine, batch


def test_what_was_matched_is_there(engine: str) -> None:
    """Text, and what is told of the whole run."""
    matcher, _, _ = finished(engine)
    assert matcher.text(0, len(TEXT)) == TEXT
    assert matcher.text(len(LINES[0]), len(LINES[0] + LINES[1])) == LINES[1]
    assert (matcher.originals, matcher.full_buckets, len(matcher.largest(3))) == (3, 0, 1)


@pytest.mark.skipif("native" not in available(), reason="the reference engine keeps its index")
def test_nothing_follows() -> None:
    """There is no index any more that it could be compared with."""
    matcher, engine, batch = finished("native")
    with pytest.raises(ValueError, match="finished"):
        matcher.match(batch, engine.sketch(batch))
    assert matcher.text(0, 9) == TEXT[:9]
