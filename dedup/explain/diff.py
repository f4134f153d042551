"""A word diff: two texts cut into stretches that are the same words on both sides, or not."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from dedup.placed import place_words

_JOINTS = (b",", b".", b":", b"/", b"-")
"""Between the parts of one figure."""


MOST_WORDS = 20_000
MANY_WORDS = 2_000
"""From here on words that are everywhere do not start a match (`autojunk`): a tenth of the time."""


class Piece(NamedTuple):
    """A stretch of both texts; end to end the pieces are the texts."""

    same: bool
    """The words are equal as the comparison sees them: case, quotes and dashes may differ."""
    original: str
    repeat: str


class _Tokens(NamedTuple):
    words: list[bytes]
    texts: list[str]
    """Each word with what stands around it: parted at the last white space before it, else where it begins."""
    joined: list[bool]
    """Whether it goes on with the figure of the word before: 200 in 1,200; False for the end of the text."""


@dataclass(slots=True)
class _Stretch:
    """Words a to b of one text and c to d of the other."""

    same: bool
    a: int
    b: int
    c: int
    d: int


def diff_words(original: bytes, repeat: bytes) -> list[Piece]:
    """Compare two texts word by word.

    Bytes that are not UTF-8 become lone surrogates (`surrogateescape`).

    Cost: that of difflib.SequenceMatcher on what lies between the first and the last difference; texts that
    differ over more than MOST_WORDS words are one piece there.

    >>> [tuple(piece) for piece in diff_words(b"It rose 5 pct.", b"It rose 7 pct.")]
    [(True, 'It rose ', 'It rose '), (False, '5 ', '7 '), (True, 'pct.', 'pct.')]
    """
    one, other = _tokens(original), _tokens(repeat)
    stretches = _match(one.words, other.words)
    _widen(stretches, one.joined, other.joined)
    return [
        Piece(part.same, "".join(one.texts[part.a : part.b]), "".join(other.texts[part.c : part.d]))
        for part in stretches
        if part.b > part.a or part.d > part.c
    ]


def _match(one: list[bytes], other: list[bytes]) -> list[_Stretch]:
    """The stretches of two lists of words."""
    shorter = min(len(one), len(other))
    first = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    rest = shorter - first
    last = next((i for i in range(rest) if one[-1 - i] != other[-1 - i]), rest)
    b, d = len(one) - last, len(other) - last
    middle = [_Stretch(False, first, b, first, d)]
    if max(b, d) - first <= MOST_WORDS:
        matcher = SequenceMatcher(None, one[first:b], other[first:d], autojunk=max(b, d) - first > MANY_WORDS)
        middle = [_shifted(kind == "equal", first, places) for kind, *places in matcher.get_opcodes()]
    ends = [_Stretch(True, 0, first, 0, first), _Stretch(True, b, len(one), d, len(other))]
    return [ends[0], *middle, ends[1]]


def _shifted(same: bool, first: int, places: list[int]) -> _Stretch:
    a, b, c, d = (first + place for place in places)
    return _Stretch(same, a, b, c, d)


def _widen(stretches: list[_Stretch], joined: list[bool], joined_other: list[bool]) -> None:
    """Let what differs take in the rest of its figures: 1,200 and 1,300 differ, not 200 and 300."""
    for first, second in pairwise(stretches):
        if second.same:
            while second.b > second.a and joined[second.a] and joined_other[second.c]:
                first.b, first.d, second.a, second.c = first.b + 1, first.d + 1, second.a + 1, second.c + 1
        elif first.same:
            while first.b > first.a and (joined[second.a] or joined_other[second.c]):
                first.b, first.d, second.a, second.c = first.b - 1, first.d - 1, second.a - 1, second.c - 1


def _tokens(text: bytes) -> _Tokens:
    words = place_words(text)
    if not words:
        return _Tokens([], [], [False])
    gaps = [((one.end, other.start), one, other) for one, other in pairwise(words)]
    starts = [0, *(_part(text, *gap) for gap, _, _ in gaps), len(text)]
    texts = [text[start:end].decode("utf-8", "surrogateescape") for start, end in pairwise(starts)]
    joined = [text[end:start] in _JOINTS and one.figure and other.figure for (end, start), one, other in gaps]
    return _Tokens([word.folded for word in words], texts, [False, *joined, False])


def _part(text: bytes, end: int, start: int) -> int:
    """Where one word's text ends and the next one's begins."""
    gap = text[end:start]
    space = max(gap.rfind(white) for white in (b" ", b"\t", b"\n", b"\r"))
    return end + space + 1 if space >= 0 else start
