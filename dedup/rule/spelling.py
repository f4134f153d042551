"""Spellings: which words that differ in letters are one ordinary word; no name, no figure and no negation ever is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dedup.rule.languages import Kind, load_languages
from dedup.rule.terms import Term

SPELLED_LETTERS = 5
"""Shortest word in which one typing error is tolerated."""
MOST_BYTES = 4
"""By which two spellings differ in length."""
READ_LETTERS = 3
"""Shortest word in which one error of reading is."""
STEM_LETTERS = 4
"""Shortest stem that an ending is taken from."""
HEAD_STEM_LETTERS = 6
"""The same at the head of a sentence, where a name looks like any word: Brown is not Browning."""
_FIRM = (Kind.FIGURE, Kind.NAME, Kind.NEGATION)
_LOOKALIKES = frozenset(
    pair.encode()
    for pair in [
        "rn m",
        "cl d",
        "li h",
        "vv w",
        "in m",
        "ri n",
        "ii u",
        "e c",
        "f t",
        "u n",
        "b h",
        "i l",
        "a o",
        "e o",
        "c o",
    ]
)
"""What scanners take for one another. Source: Taghva and Stofsky 2001, OCRSpell; ISRI's tests of OCR 1992-96."""
_CLOSED = (Kind.FUNCTION, Kind.MODAL, Kind.RELATION)
_DIGITS = {b"1": (b"l", b"i"), b"0": (b"o",), b"5": (b"s",)}


def same_letters(mine: Sequence[Term], theirs: Sequence[Term]) -> bool:
    """Whether two runs of terms differ in where words end only: `Head Start`, `Headstart`."""
    if not mine or not theirs:
        return False
    joined = [_joined(terms) for terms in (mine, theirs)]
    return joined[0] == joined[1] and b"" not in joined


def _joined(terms: Sequence[Term]) -> bytes:
    """The words end to end; nothing if two figures would run into one."""
    for one, other in pairwise(terms):
        if one.folded[-1:].isdigit() and other.folded[:1].isdigit():
            return b""
    return b"".join(term.folded for term in terms)


def leave_spellings(mine: Sequence[Term], theirs: Sequence[Term], english: bool) -> tuple[list[Term], list[Term]]:
    """Leave out the terms that pair off, in order, as spellings of one word; `english` if both texts are."""
    left: list[Term] = []
    start = 0
    theirs = list(theirs)
    for term in mine:
        found = next((i for i in range(start, len(theirs)) if is_spelling(term, theirs[i], english)), None)
        if found is None:
            left.append(term)
        else:
            del theirs[found]
            start = found
    return left, theirs


def is_spelling(one: Term, other: Term, english: bool) -> bool:
    """Whether two terms are one ordinary word in two spellings."""
    if Kind.FIGURE in (one.kind, other.kind):
        return _is_digit_slip(one, other) or _is_digit_slip(other, one)
    kinds = (one.kind, other.kind)
    a, b = one.folded, other.folded
    if Kind.NAME in kinds or abs(len(a) - len(b)) > MOST_BYTES:
        return False
    if kinds == (Kind.WORD, Kind.WORD) and _same_stem(one, other):
        return True
    if one.capital or other.capital:
        return False
    mine, theirs = _differing(a, b)
    longest = max(count_letters(a), count_letters(b))
    if longest >= SPELLED_LETTERS:
        return (_one_edit(mine, theirs) or _look_alike(mine, theirs)) and _is_slip(a, b, english)
    if Kind.NEGATION in kinds or not _look_alike(mine, theirs):
        return False
    return Kind.FUNCTION in kinds or (longest >= READ_LETTERS and _is_slip(a, b, english))


def _look_alike(mine: bytes, theirs: bytes) -> bool:
    """Whether scanners take one for the other."""
    return mine + b" " + theirs in _LOOKALIKES or theirs + b" " + mine in _LOOKALIKES


def _is_digit_slip(figure: Term, word: Term) -> bool:
    """Whether a word stands where a scanner has read a digit in it: `5chools`. `1st` is no `ist`."""
    if figure.kind != Kind.FIGURE or word.kind in _FIRM or word.capital:
        return False
    a, b = figure.folded, word.folded
    short = len(a) < READ_LETTERS and word.kind not in _CLOSED
    if len(a) != len(b) or len(a) < 2 or short or a == b"1st":
        return False
    mine, theirs = _differing(a, b)
    return theirs in _DIGITS.get(mine, ())


def count_letters(word: bytes) -> int:
    """The letters of a folded word, marks included.

    >>> count_letters("дом".encode())
    3
    """
    return sum(byte & 0xC0 != 0x80 for byte in word)


def _differing(a: bytes, b: bytes) -> tuple[bytes, bytes]:
    """What is left of two words without the letters that both begin and end with.

    >>> _differing(b"govemment", b"government"), _differing("дом".encode(), "дым".encode())[0].decode()
    ((b'm', b'rn'), 'о')
    """
    first, least = 0, min(len(a), len(b))
    while first < least and a[first] == b[first]:
        first += 1
    while first and (_is_inside(a, first) or _is_inside(b, first)):
        first -= 1
    last = 0
    while last < least - first and a[-1 - last] == b[-1 - last]:
        last += 1
    while last and (_is_inside(a, len(a) - last) or _is_inside(b, len(b) - last)):
        last -= 1
    return a[first : len(a) - last], b[first : len(b) - last]


def _is_inside(word: bytes, at: int) -> bool:
    """Whether a letter goes on here."""
    return at < len(word) and word[at] & 0xC0 == 0x80


def _one_edit(mine: bytes, theirs: bytes) -> bool:
    """Whether what differs is one letter changed, left out or added, or two neighbours swapped."""
    if count_letters(mine) <= 1 and count_letters(theirs) <= 1:
        return True
    if count_letters(mine) != 2:
        return False
    second = next(at for at in range(1, len(mine)) if not _is_inside(mine, at))
    return mine[second:] + mine[:second] == theirs


def _is_slip(a: bytes, b: bytes, english: bool) -> bool:
    """Whether two words all but alike are one: no language knows both.

    `country` and `county` are two words; `organise` and `organize` are one, though both are known.
    """
    if a.replace(b"z", b"s") == b.replace(b"z", b"s") or a.replace(b"our", b"or") == b.replace(b"our", b"or"):
        return True
    return load_languages().are_one(a, b, english)


def _same_stem(one: Term, other: Term) -> bool:
    stem = _stem(one.folded)
    least = HEAD_STEM_LETTERS if one.capital or other.capital else 1
    return len(stem) >= least and stem == _stem(other.folded)


def _stem(word: bytes) -> bytes:
    """The word without an ending that changes no fact: `projects`, `reducing`; `-ed` would tell another time."""
    for ending in (b"ing", b"es", b"s", b"e"):
        if word.endswith(ending) and not word.endswith(b"ss") and len(word) - len(ending) >= STEM_LETTERS:
            return word[: -len(ending)]
    return word
