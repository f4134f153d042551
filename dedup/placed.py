"""Words with their places: what `split_words` gives, where it stands, and whether it begins with a capital."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from dedup.words import encode_word, is_capital, word_runs

_CASED = range(0xC3, 0xD7)
"""First bytes of Latin, Greek, Cyrillic and Armenian letters in UTF-8, beside ASCII."""
_CUT = re.compile(b"(?:-|\xe2\x80\x90)[ \\t\r]*\\n[ \\t]*")


class Word(NamedTuple):
    """A folded word and where it stands."""

    folded: bytes
    start: int
    end: int
    capital: bool
    """It begins with a capital letter."""

    @property
    def figure(self) -> bool:
        """It has a digit."""
        return any(0x30 <= byte <= 0x39 for byte in self.folded)

    @property
    def cased(self) -> bool:
        """It begins with a letter that may be a capital or a small one."""
        return 0x61 <= self.folded[0] <= 0x7A or self.folded[0] in _CASED


def place_words(text: bytes) -> list[Word]:
    """The words of `split_words` with their places.

    A word starts at the character that opens it and ends before the one that closes it.
    """
    characters = text.decode("utf-8", "surrogateescape")
    sizes = (len(character.encode("utf-8", "surrogateescape")) for character in characters)
    at = list(accumulate(sizes, initial=0))
    return [
        Word(encode_word(word), at[start], at[end], is_capital(characters[start]))
        for start, end, word in word_runs(characters)
    ]


def join_cut_words(text: bytes, words: list[Word]) -> list[Word]:
    r"""The words with those put together that a hyphen at the end of a line has cut.

    >>> text = b"an agree-\nment of self-help"
    >>> [word.folded for word in join_cut_words(text, place_words(text))]
    [b'an', b'agreement', b'of', b'self', b'help']
    """
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        if last and _is_cut(text, last, word):
            joined[-1] = last._replace(folded=last.folded + word.folded, end=word.end)
        else:
            joined.append(word)
    return joined


def _is_cut(text: bytes, one: Word, other: Word) -> bool:
    if other.capital or not one.cased or not other.cased or one.figure or other.figure:
        return False
    return _CUT.fullmatch(text, one.end, other.start) is not None
