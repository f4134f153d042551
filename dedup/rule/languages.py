"""What is known of languages: the table dedup/engine/languages.bin, made by scripts/make_languages.py.

It says of a phrase which class it is in and what it stands for, and of a word whether a spelling checker knows it.
What is in no table is a content word, in any language.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

import xxhash

_MAGIC = b"deduplng"
_FORMAT = 3
_HEADER = struct.Struct("<8s4I")
_SLOT = struct.Struct("<3Q")
_PROBES = 7
LONGEST_PHRASE = 96
"""Bytes; the table has no phrase and no word that is longer."""
_LISTED = (b"en", b"de", b"es", b"fr", b"it", b"pt", b"nl", b"ru", b"ar")
"""Languages whose words are listed, as in scripts/make_languages.py."""


class Kind(IntEnum):
    """What a term of a text is."""

    WORD = 0
    """A content word; anything unknown is one."""
    FUNCTION = 1
    """Carries no fact: articles, pronouns, auxiliaries, most prepositions."""
    NEGATION = 2
    MODAL = 3
    """`would`, `may`, `allegedly`: how far something is true."""
    TITLE = 4
    """A form of address before a name: `Sen.`, `Dr.`."""
    FIGURE = 5
    """A number in digits or in words."""
    MEASURE = 6
    """`over`, `at least`: bounds the figure after it."""
    NAME = 7
    """A content word with a capital; the table has none."""
    RELATION = 8
    """`from`, `against`, `after`: another fact where another text has `to`, `for`, `at`."""


class Entry(NamedTuple):
    """What the table says of a phrase."""

    key: int
    """xxh64 of the canonical form; 0 if only a longer phrase has one, or the word with a sign before it."""
    kind: Kind
    magnitude: int
    """Power of ten of a word like `million`, else 0."""
    begins: bool
    """A longer phrase may begin so."""
    value: int
    """Of a number word that is no magnitude."""
    abbreviation: bool
    """A full stop after it ends no sentence."""
    english: bool
    """A function word of English: its headings write it with a capital, too."""


class Filter(NamedTuple):
    """A Bloom filter of folded words; wrongly says yes once in a hundred.

    >>> [word in load_languages().known for word in (b"government", b"goverment", b"deutschland")]
    [True, False, True]
    """

    bits: bytes

    def __contains__(self, word: object) -> bool:
        assert isinstance(word, bytes)
        hashed = hash_term(word)
        step = hashed >> 32 | 1
        n_bits = 8 * len(self.bits)
        probes = ((hashed + i * step) % n_bits for i in range(_PROBES))
        return all(self.bits[at >> 3] >> (at & 7) & 1 for at in probes)


class Languages(NamedTuple):
    """The table as the file holds it."""

    slots: dict[int, Entry]
    known: Filter
    """Words that a spelling checker knows."""
    listed: Filter
    """Words of two letters and more, each after its language: `en word`."""

    def look_up(self, phrase: bytes) -> Entry | None:
        """Find folded words with one space between; `^` before all capitals, `~` before one.

        >>> table = load_languages()
        >>> table.look_up(b"twenty one").value, table.look_up(b"^tn").key == table.look_up(b"~tenn").key
        (21, True)
        """
        return self.slots.get(hash_term(phrase))

    def are_one(self, one: bytes, other: bytes, english: bool = False) -> bool:
        """Whether two words that differ in a letter may be one: some language lists one of them, and none lists both.

        But a rare word of English is a slip beside an everyday one. With `english`, other languages are not asked.

        >>> table = load_languages()
        >>> table.are_one(b"goverment", b"government"), table.are_one(b"statue", b"statute")
        (True, False)
        >>> table.are_one(b"thees", b"these")
        True
        """
        if max(len(one), len(other)) > LONGEST_PHRASE:
            return False
        listed = [
            (name + b" " + one in self.listed, name + b" " + other in self.listed)
            for name in _LISTED[: 1 if english else None]
        ]
        if all(listed[0]) and (self._is_rarer(one, other) or self._is_rarer(other, one)):
            return True
        return any(map(any, listed)) and not any(map(all, listed))

    def _is_rarer(self, one: bytes, other: bytes) -> bool:
        return b"e- " + one in self.listed and b"e+ " + other in self.listed


def hash_term(form: bytes) -> int:
    """The key of a term: xxh64, seed 0, of its canonical form."""
    return xxhash.xxh64_intdigest(form)


def parse_languages(data: bytes) -> Languages:
    """Read a table.

    Raises:
        ValueError: this is no table of the format that this version reads, or not all of it.
    """
    if len(data) < _HEADER.size:
        raise ValueError("the table of languages is cut short; reinstall dedup")
    magic, table_format, n_slots, n_known, n_listed = _HEADER.unpack_from(data)
    if (magic, table_format) != (_MAGIC, _FORMAT):
        raise ValueError("the table of languages has another format; reinstall dedup")
    end = _HEADER.size + n_slots * _SLOT.size
    if len(data) != end + n_known // 8 + n_listed // 8:
        raise ValueError("the table of languages has a wrong length; reinstall dedup")
    slots = {
        hashed: Entry(
            key,
            Kind(info & 0xFF),
            info >> 8 & 0xFF,
            bool(info >> 16 & 1),
            info >> 32,
            bool(info >> 17 & 1),
            bool(info >> 18 & 1),
        )
        for hashed, key, info in _SLOT.iter_unpack(data[_HEADER.size : end])
        if hashed
    }
    known, listed = data[end : end + n_known // 8], data[end + n_known // 8 :]
    return Languages(slots, Filter(known), Filter(listed))


@cache
def load_languages() -> Languages:
    """The table of the package, read once."""
    return parse_languages((resources.files("dedup") / "engine" / "languages.bin").read_bytes())
