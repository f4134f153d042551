r"""Words: what the comparison sees of a text.

This is the specification that runs: the native engine gives the same answer bit for bit. Text is folded,
character by character, with the table dedup/engine/folding.bin (scripts/make_folding.py makes it and
describes it), so that case, width, ligatures, quotes and composed or decomposed accents make no difference:

>>> split_words("“Don’t panic,” said the FBI’s ﬁrst Ｄirector.".encode()) == split_words(
...     b'"don\'t PANIC", said the fbi\'s first director'
... )
True

From words to what is compared:

    text --split_words--> words --hash_words--> word hashes --shingle--> shingle hashes
                                                     \--hash_sequence--> one hash for all, in order
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import groupby
from typing import NamedTuple

import xxhash

_MAGIC = b"dedupfld"
_FORMAT = 1
_HEADER = struct.Struct("<8s4I")
_BLOCK = 64
_STAGE1_LENGTH = 0x110000 // _BLOCK
_SEPARATOR, _IGNORED, _SELF, _SEQUENCE = range(4)

_OPAQUE_FIRST, _OPAQUE_LAST = 0xDC80, 0xDCFF  # what "surrogateescape" decodes the bytes 0x80 to 0xFF to

_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_LEADING, _VOWEL, _TRAILING = 0x1100, 0x1161, 0x11A7  # the last one stands for "none"
_VOWELS, _TRAILINGS = 21, 28


class Item(NamedTuple):
    """One element of what a character folds to: a separator or a word character."""

    code_point: int
    separator: bool = False
    alone: bool = False
    """A letter or number of a script without spaces: a word of its own, with the marks that follow it."""
    mark: bool = False
    """Combines with the character before it."""
    combining_class: int = 0


class Folding(NamedTuple):
    """The folding table as the file holds it."""

    unicode_version: tuple[int, int, int]
    stage1: array[int]
    """The block of each 64 code points."""
    stage2: array[int]
    """An entry for each code point, by blocks."""
    pool: array[int]
    """The items of all sequences end to end."""


def _read_array(typecode: str, data: bytes) -> array[int]:
    values = array(typecode, data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def parse_folding(data: bytes) -> Folding:
    """Read a folding table.

    Raises:
        ValueError: this is no table of the format that this version reads, or not all of it.
    """
    if len(data) < _HEADER.size:
        raise ValueError("the folding table is cut short; reinstall dedup")
    magic, table_format, version, n_blocks, n_pool = _HEADER.unpack_from(data)
    if (magic, table_format) != (_MAGIC, _FORMAT):
        raise ValueError("the folding table has another format; reinstall dedup")
    stage2_start = _HEADER.size + 2 * _STAGE1_LENGTH
    pool_start = stage2_start + 4 * _BLOCK * n_blocks
    if len(data) != pool_start + 4 * n_pool:
        raise ValueError("the folding table has a wrong length; reinstall dedup")
    return Folding(
        (version >> 16, version >> 8 & 0xFF, version & 0xFF),
        _read_array("H", data[_HEADER.size : stage2_start]),
        _read_array("I", data[stage2_start:pool_start]),
        _read_array("I", data[pool_start:]),
    )


@cache
def load_folding() -> Folding:
    """The folding table of the package, read once, when the first word is folded."""
    return parse_folding((resources.files("dedup") / "engine" / "folding.bin").read_bytes())


def _decompose_hangul(code_point: int) -> tuple[Item, ...]:
    """The two or three jamo of a Hangul syllable (Unicode, section 3.12)."""
    leading_and_vowel, trailing = divmod(code_point - _HANGUL_FIRST, _TRAILINGS)
    leading, vowel = divmod(leading_and_vowel, _VOWELS)
    jamo = [_LEADING + leading, _VOWEL + vowel]
    if trailing:
        jamo.append(_TRAILING + trailing)
    return tuple(map(Item, jamo))


def _read_pool_item(packed: int) -> Item:
    return Item(
        packed & 0x1FFFFF,
        separator=bool(packed >> 30 & 1),
        alone=bool(packed >> 21 & 1),
        mark=bool(packed >> 31),
        combining_class=packed >> 22 & 0xFF,
    )


@cache
def fold_character(character: str) -> tuple[Item, ...]:
    """What one character folds to; nothing for ignored ones, such as the soft hyphen.

    An opaque byte, decoded by "surrogateescape", is a word character that folds to itself.

    >>> [chr(item.code_point) for item in fold_character("ﬃ")]
    ['f', 'f', 'i']
    >>> fold_character("!")
    (Item(code_point=0, separator=True, alone=False, mark=False, combining_class=0),)
    """
    code_point = ord(character)
    if _OPAQUE_FIRST <= code_point <= _OPAQUE_LAST:
        return (Item(code_point),)
    if _HANGUL_FIRST <= code_point <= _HANGUL_LAST:
        return _decompose_hangul(code_point)
    table = load_folding()
    entry = table.stage2[table.stage1[code_point // _BLOCK] * _BLOCK + code_point % _BLOCK]
    kind = entry & 3
    if kind == _SEPARATOR:
        return (Item(0, separator=True),)
    if kind == _IGNORED:
        return ()
    if kind == _SELF:
        return (Item(code_point, False, bool(entry >> 3 & 1), bool(entry >> 4 & 1), entry >> 8 & 0xFF),)
    start, length = entry >> 8, entry >> 3 & 31
    return tuple(map(_read_pool_item, table.pool[start : start + length]))


@cache
def is_capital(character: str) -> bool:
    """Whether a character is a capital letter: no lowercase letter, and folded to another one.

    >>> [is_capital(character) for character in "Aaé2É東"]
    [True, False, False, False, True, False]
    """
    code_point = ord(character)
    if _OPAQUE_FIRST <= code_point <= _OPAQUE_LAST or _HANGUL_FIRST <= code_point <= _HANGUL_LAST:
        return False
    table = load_folding()
    entry = table.stage2[table.stage1[code_point // _BLOCK] * _BLOCK + code_point % _BLOCK]
    items = fold_character(character)
    if entry >> 2 & 1 or not items or items[0].separator or items[0].alone or items[0].mark:
        return False
    return items[0].code_point != code_point and not 0x30 <= items[0].code_point <= 0x39


def encode_word(word: list[Item]) -> bytes:
    """The bytes of a word, its combining marks in canonical order."""
    ordered: list[Item] = []
    for _, run in groupby(word, lambda item: item.combining_class != 0):
        ordered += sorted(run, key=lambda item: item.combining_class)
    return "".join(chr(item.code_point) for item in ordered).encode("utf-8", "surrogateescape")


def split_words(text: bytes) -> list[bytes]:
    r"""The folded words of a text.

    A word is a maximal run of letters, numbers and marks. In scripts without spaces every letter is a word,
    together with the marks on it. A mark with no word to stand on is dropped: "≠" and "=" with a combining
    stroke are the same text, and no word. Bytes that are not UTF-8 are letters that equal only themselves.

    Args:
        text: a paragraph, in UTF-8 or nearly so.
    Returns:
        the words in order, each in UTF-8 but for the invalid bytes in it; never empty ones.
    Cost: O(len(text)) time and memory.
    Source: Unicode 18, folded as NFKD(casefold(NFKD(c))); see scripts/make_folding.py.

    >>> split_words(b"Qtly div 12-1/2 cts vs 12-1/2 cts prior")
    [b'qtly', b'div', b'12', b'1', b'2', b'cts', b'vs', b'12', b'1', b'2', b'cts', b'prior']
    >>> [word.decode() for word in split_words("Große STRASSE, 3½ km".encode())]
    ['grosse', 'strasse', '31', '2', 'km']
    >>> [word.decode() for word in split_words("2024年、東京に".encode())]
    ['2024', '年', '東', '京', 'に']
    >>> split_words("Caf\xe9 au lait".encode("latin-1"))
    [b'caf\xe9', b'au', b'lait']
    """
    return [encode_word(word) for _, _, word in word_runs(text.decode("utf-8", "surrogateescape"))]


def word_runs(characters: str) -> Iterator[tuple[int, int, list[Item]]]:
    """The words of a text that is decoded by "surrogateescape", as what its characters fold to.

    Yields:
        The number of the character that opens a word, of the one that closes it, and the items of the word.
    """
    word: list[Item] = []
    start = 0
    for at, character in enumerate(characters):
        for item in fold_character(character):
            if item.mark:
                if word:
                    word.append(item)
                continue
            if word and (item.separator or item.alone or word[0].alone):
                yield start, at, word
                word = []
            if not item.separator:
                if not word:
                    start = at
                word.append(item)
    if word:
        yield start, len(characters), word


def hash_words(words: Sequence[bytes]) -> list[int]:
    """The xxh32 of each word, seed 0.

    >>> hash_words([b"zinc", b"lead"]) == [xxhash.xxh32_intdigest(b"zinc"), xxhash.xxh32_intdigest(b"lead")]
    True
    """
    return [xxhash.xxh32_intdigest(word) for word in words]


def _pack(word_hashes: Sequence[int]) -> bytes:
    """Hashes as uint32, little-endian, end to end."""
    return struct.pack(f"<{len(word_hashes)}I", *word_hashes)


def hash_sequence(word_hashes: Sequence[int]) -> int:
    """One number for the words of a paragraph in their order: xxh64, seed 0, over their hashes.

    Equal words give equal numbers; the reverse is all but certain, and is verified where it matters.

    >>> a, b = hash_words(split_words(b"zinc, lead")), hash_words(split_words(b"Lead; zinc"))
    >>> hash_sequence(a) == hash_sequence(b), hash_sequence(a) == hash_sequence(b[::-1])
    (False, True)
    """
    return xxhash.xxh64_intdigest(_pack(word_hashes))


def shingle(word_hashes: Sequence[int], shingle_words: int) -> list[int]:
    """The shingle hashes of a paragraph: the xxh32, seed 0, of every run of `shingle_words` word hashes.

    Args:
        word_hashes: from hash_words.
        shingle_words: words in a shingle, at least 1.
    Returns:
        one hash for each place where a shingle begins, repeated ones included; a single one over all words if
        there are fewer than shingle_words; none if there are no words.
    Raises:
        ValueError: shingle_words is less than 1.
    Cost: O(len(word_hashes) * shingle_words) time.
    Source: Broder 1997, "On the resemblance and containment of documents".

    >>> hashes = hash_words(split_words(b"The House and the Senate agreed"))
    >>> len(shingle(hashes, 3)), len(shingle(hashes[:2], 3)), len(shingle([], 3))
    (4, 1, 0)
    """
    if shingle_words < 1:
        raise ValueError(f"a shingle has at least 1 word, not {shingle_words}")
    if not word_hashes:
        return []
    starts = range(max(len(word_hashes) - shingle_words, 0) + 1)
    return [xxhash.xxh32_intdigest(_pack(word_hashes[start : start + shingle_words])) for start in starts]


def count_invalid_bytes(text: bytes) -> int:
    """How many bytes are not part of a valid UTF-8 sequence: those that Python's "surrogateescape" escapes.

    >>> count_invalid_bytes("Café".encode()), count_invalid_bytes("Café".encode("latin-1"))
    (0, 1)
    """
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        decoded = text.decode("utf-8", "surrogateescape")
        return sum(_OPAQUE_FIRST <= ord(character) <= _OPAQUE_LAST for character in decoded)
    return 0
