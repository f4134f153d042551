"""A word diff: two texts cut into stretches that are the same words on both sides, or not."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from dedup.terms import place_words


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


def diff_words(original: bytes, repeat: bytes) -> list[Piece]:
    """Compare two texts word by word.

    Bytes that are not UTF-8 become lone surrogates (`surrogateescape`).

    Cost: that of difflib.SequenceMatcher, quadratic in the number of words at worst.

    >>> [tuple(piece) for piece in diff_words(b"It rose 5 pct.", b"It rose 7 pct.")]
    [(True, 'It rose ', 'It rose '), (False, '5 ', '7 '), (True, 'pct.', 'pct.')]
    """
    one, other = _tokens(original), _tokens(repeat)
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    return [
        Piece(kind == "equal", "".join(one.texts[a:b]), "".join(other.texts[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
    ]


def _tokens(text: bytes) -> _Tokens:
    words = place_words(text)
    if not words:
        return _Tokens([], [])
    gaps = [(one.end, other.start) for one, other in pairwise(words)]
    starts = [0, *(_part(text, *gap) for gap in gaps), len(text)]
    texts = [text[start:end].decode("utf-8", "surrogateescape") for start, end in pairwise(starts)]
    return _Tokens([word.folded for word in words], texts)


def _part(text: bytes, end: int, start: int) -> int:
    """Where one word's text ends and the next one's begins."""
    gap = text[end:start]
    space = max(gap.rfind(white) for white in (b" ", b"\t", b"\n", b"\r"))
    return end + space + 1 if space >= 0 else start
