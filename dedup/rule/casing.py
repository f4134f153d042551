"""Whether capital letters tell names in a text: not in a headline in capitals, nor where there are none.

>>> from dedup.placed import place_words
>>> [find_case(text, place_words(text)).name for text in (b"Iraq attacked Iran", b"IRAQ ATTACKED IRAN", b"no names")]
['MIXED', 'CAPITALS', 'NONE']
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from dedup.placed import Word

LONG_BYTES = 4
"""Of a word that is counted: `in`, `of`, `the` are small in titles, too."""
SMALL_SHARE = 8
"""A text is capitalised if less than one in so many of its long words is not."""
_SHOUTED = re.compile(b"[A-Z]{2,}")


class Case(IntEnum):
    """What capital letters say in a text."""

    MIXED = 0
    """They tell names and the heads of sentences."""
    TITLE = 1
    """Nothing: every word has one."""
    CAPITALS = 2
    """Nothing: there are no small letters."""
    NONE = 3
    """Nothing: there are none, as in Arabic, Hindi, Chinese."""


def find_case(text: bytes, words: Sequence[Word]) -> Case:
    """What the capital letters of a text say.

    Cost: O(len(text)) time.
    """
    capitals = [word for word in words if word.capital]
    if not capitals:
        return Case.NONE
    long_words = [word for word in words if len(word.folded) >= LONG_BYTES and word.cased and not word.figure]
    small = sum(not word.capital for word in long_words)
    if small == len(long_words) or small * SMALL_SHARE > len(long_words) - small:
        return Case.MIXED
    shouted = sum(_SHOUTED.fullmatch(text, word.start, word.end) is not None for word in capitals)
    return Case.CAPITALS if 2 * shouted > len(capitals) else Case.TITLE
