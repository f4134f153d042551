"""Errors of typing and of optical character recognition, in ordinary words only.

An ordinary word is in small letters, without digits, marks of an address or an apostrophe, and is neither a
negation nor a number: an error in it tells a reader nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from random import Random

Change = Callable[[str, Random], str]

ORDINARY = re.compile(r"(?<![\w'\u2019@/.&-])[^\W\d_]{2,}(?![\w'\u2019@/&-]|\.\w)")
_FACTS = (
    "no not nor none never neither cannot without nothing nobody nowhere zero one two three four five six seven"
    " eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty"
    " forty fifty sixty seventy eighty ninety hundred thousand million billion trillion half third quarter first"
    " second am pm"
)
FACTS = frozenset(_FACTS.split())
"""Words in small letters that may be a figure or a negation."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: "".join(row[max(place - 1, 0) : place] + row[place + 1 : place + 2])
    for row in _ROWS
    for place, key in enumerate(row)
}

# Pairs that scanners take for each other. Source: the confusions most often listed for printed English
# (Taghva, Stofsky 2001, OCRSpell; ISRI's tests of OCR accuracy 1992-96).
_CONFUSIONS = (
    ("rn", "m"),
    ("cl", "d"),
    ("li", "h"),
    ("vv", "w"),
    ("in", "m"),
    ("e", "c"),
    ("f", "t"),
    ("u", "n"),
    ("b", "h"),
    ("i", "l"),
    ("a", "o"),
)
_DIGITS = (("l", "1"), ("i", "1"), ("o", "0"), ("s", "5"))
CONFUSIONS = (*_CONFUSIONS, *((second, first) for first, second in _CONFUSIONS), *_DIGITS)


def is_ordinary(word: str) -> bool:
    """Whether an error in the word changes no fact.

    >>> [word for word in ("house", "House", "not", "ten", "naïve") if is_ordinary(word)]
    ['house', 'naïve']
    """
    return word.islower() and word.isalpha() and word not in FACTS


def misspell(share: float, least_letters: int = 2, known: Collection[str] = ()) -> Change:
    """Typing errors in a share of the ordinary words.

    Args:
        share: chance of a word to be hit.
        least_letters: shorter words are spared.
        known: words that no error may make: "form" for "from" is another word.

    >>> misspell(1.0)("the committee approved", Random(1))
    'tthe committre aoproved'
    """
    return _hit_words(share, least_letters, known, _type_wrong)


def misread(share: float, least_letters: int = 2, known: Collection[str] = ()) -> Change:
    """Confusions of optical character recognition in a share of the ordinary words; see `misspell`."""
    return _hit_words(share, least_letters, known, _read_wrong)


def _hit_words(share: float, least_letters: int, known: Collection[str], change: Change) -> Change:
    def changed(text: str, chance: Random) -> str:
        def hit(match: re.Match[str]) -> str:
            word = match[0]
            if len(word) < least_letters or not is_ordinary(word) or chance.random() >= share:
                return word
            return _another(word, chance, known, change)

        return ORDINARY.sub(hit, text)

    return changed


def _another(word: str, chance: Random, known: Collection[str], change: Change) -> str:
    """The word with an error that makes no other word; as it is if ten tries fail."""
    tries = (change(word, chance) for _ in range(10))
    return next((wrong for wrong in tries if wrong != word and wrong not in known), word)


def _type_wrong(word: str, chance: Random) -> str:
    """Two letters swapped, one left out, doubled, or hit beside its key."""
    place, how = chance.randrange(len(word)), chance.randrange(4)
    letter, rest = word[place], word[place + 1 :]
    if how == 0:
        return word[:place] + rest[:1] + letter + rest[1:]
    if how == 1:
        return word[:place] + rest
    if how == 2:
        return word[:place] + letter + letter + rest
    return word[:place] + chance.choice(_NEIGHBOURS.get(letter, letter)) + rest


def _read_wrong(word: str, chance: Random) -> str:
    """One group of letters taken for another that looks like it."""
    places = [(at, one, other) for one, other in CONFUSIONS for at in _occurrences(word, one)]
    if not places:
        return word
    at, one, other = chance.choice(places)
    return word[:at] + other + word[at + len(one) :]


def _occurrences(word: str, group: str) -> list[int]:
    return [match.start() for match in re.finditer(group, word)]
