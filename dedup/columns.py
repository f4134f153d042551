"""Columns: lines that were cut because the next word found no room, as of a page pasted among long lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

NARROWEST, WIDEST = 40, 120
"""Characters. A narrower column is an address or a verse; a wider one is not set."""
CHARACTER_BYTES = 4
"""At most, so that a line with too many bytes need not be counted."""


def count_cut_pairs(lines: Sequence[bytes]) -> int:
    r"""Count the neighbouring lines in runs, without a blank line inside, that one width has cut throughout.

    Every line of such a run but the last is so full that the first word of the next would make it wider than any
    other. A line of one word may be wider: no width can cut it.

    >>> count_cut_pairs([b"Nothing was known to us of that", b"expedition until a letter came from Genoa", b"of it."])
    2
    >>> count_cut_pairs([b"A letter came that told of it.", b"", b"Sent by", b"the harbour master of the old port."])
    0
    """
    cut, run = 0, []
    for line in (*lines, b""):
        if line.strip():
            run.append(line.rstrip())
            continue
        cut += len(run) - 1 if _is_column(run) else 0
        run = []
    return cut


def _is_column(run: Sequence[bytes]) -> bool:
    """Tell whether the lines of a run are cut by one width."""
    several = [line for line in run if len(line.split()) > 1]
    if len(run) < 2 or any(len(line) > CHARACTER_BYTES * WIDEST for line in several):
        return False
    widest = max(map(_count_characters, several), default=0)
    if not NARROWEST <= widest <= WIDEST:
        return False
    return all(
        _count_characters(one) + 1 + _count_characters(other.split(None, 1)[0]) > widest for one, other in pairwise(run)
    )


def _count_characters(text: bytes) -> int:
    """Count what is no continuation of a character in UTF-8."""
    return sum(byte & 0xC0 != 0x80 for byte in text)
