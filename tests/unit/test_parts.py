"""Spans of a text: what is left without them."""

from __future__ import annotations

import pytest

from dedup.parts import left_of


@pytest.mark.parametrize("spans", [[], [(0, 0)], [(0, 3)], [(0, 3), (5, 9)], [(2, 4), (4, 6)], [(1, 2), (8, 9)]])
@pytest.mark.parametrize("size", [0, 9, 12])
def test_what_is_left_is_what_no_span_holds(spans: list[tuple[int, int]], size: int) -> None:
    """From its beginning to its end, in spans that hold something."""
    spans = [(first, last) for first, last in spans if last <= size]
    left = list(left_of(0, size, spans))
    gone = {place for first, last in spans for place in range(first, last)}
    assert [place for first, last in left for place in range(first, last)] == sorted({*range(size)} - gone)
    assert all(first < last for first, last in left)
