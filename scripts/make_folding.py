"""Make dedup/engine/folding.bin, the table that both engines fold text with.

    pip install unicodedata2==18.0.0 fonttools==4.68.0
    python scripts/make_folding.py            # writes dedup/engine/folding.bin
    python scripts/make_folding.py --check    # exit status 1 if the file in the tree differs

The same packages give the same bytes whatever the Python (3.11 or later). The table is kept in the
repository so that the words of a text do not depend on the Unicode version of the interpreter; a new Unicode
version is a new table.

What a character folds to
-------------------------
NFKD(casefold(NFKD(c))) by items, each a separator or a word character (category L*, N* or M*), except that

- default-ignorable characters and every other Cf (soft hyphen, joiners, BOM, variation selectors, direction
  marks) fold to nothing; U+200B ZERO WIDTH SPACE separates;
- U+0345 COMBINING GREEK YPOGEGRAMMENI stays a mark. Its case folding, the letter iota, has another combining
  class, and canonically equivalent texts would fold apart;
- unassigned, private-use and surrogate code points separate;
- within one expansion, separators in a row are one, and a mark after a separator is dropped (the tokeniser
  drops every mark that no word precedes, so nothing is lost): U+00B4 ACUTE ACCENT is a plain separator.

The format, little-endian
-------------------------
    0   8 bytes  magic "dedupfld"
    8   u32      format, 1
    12  u32      Unicode version: major << 16 | minor << 8 | patch
    16  u32      n_blocks
    20  u32      n_pool
    24  u16      stage1[17408]            the block of each 64 code points
        u32      stage2[n_blocks * 64]
        u32      pool[n_pool]

    stage2   bits 0-1    kind: 0 SEPARATOR, 1 IGNORED (folds to nothing), 2 SELF (a word character that folds
                         to itself), 3 SEQUENCE
             bit 2       the character itself is a lowercase letter (Ll), whatever the kind
      SELF   bit 3       ALONE (a word of its own)
             bit 4       MARK (category M*)
             bits 8-15   canonical combining class
      SEQUENCE
             bits 3-7    number of items, 1 to 31
             bits 8-31   index of the first in the pool
    pool     bits 0-20   code point (0 in a separator)
             bit 21      ALONE
             bits 22-29  canonical combining class
             bit 30      separator
             bit 31      MARK

Hangul syllables, U+AC00 to U+D7A3, are written SELF: a reader must test for this range *before* it looks into
the table, and decompose them arithmetically to their two or three jamo (Unicode, section 3.12), each of them
SELF and none ALONE.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import unicodedata2
from fontTools.unicodedata import script
from table_file import write_or_compare

TABLE = Path(__file__).resolve().parent.parent / "dedup" / "engine" / "folding.bin"

MAGIC = b"dedupfld"
FORMAT = 1
BLOCK = 64
CODE_POINTS = 0x110000

SEPARATOR, IGNORED, SELF, SEQUENCE = range(4)
MAX_SEQUENCE = 31

ALONE_SCRIPTS = {"Hani", "Hira", "Kana", "Bopo", "Thai", "Laoo", "Khmr", "Mymr"}
# Common or inherited in Scripts.txt, but written inside runs of Han and Kana only.
ALONE_CHARACTERS = {"\u30fc", "\u3005", "\u3007"}

HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
ZERO_WIDTH_SPACE = "\u200b"
YPOGEGRAMMENI = "\u0345"

# Default_Ignorable_Code_Point less category Cf (DerivedCoreProperties.txt); unassigned ones separate.
IGNORABLE = {
    *range(0x034F, 0x0350),  # combining grapheme joiner
    *range(0x115F, 0x1161),  # Hangul fillers
    *range(0x17B4, 0x17B6),  # Khmer inherent vowels
    *range(0x180B, 0x1810),  # Mongolian variation selectors
    *range(0x3164, 0x3165),  # Hangul filler
    *range(0xFE00, 0xFE10),  # variation selectors
    *range(0xFFA0, 0xFFA1),  # halfwidth Hangul filler
    *range(0xE0100, 0xE01F0),  # variation selectors
}


class Item(NamedTuple):
    """One element of what a character folds to; a separator has code point 0 and no properties."""

    code_point: int
    alone: bool
    mark: bool
    combining_class: int

    @property
    def separator(self) -> bool:
        """Whether the item ends a word."""
        return self == SEPARATOR_ITEM

    def encode(self) -> int:
        """The item as the pool keeps it."""
        return self.code_point | self.alone << 21 | self.combining_class << 22 | self.separator << 30 | self.mark << 31


SEPARATOR_ITEM = Item(0, False, False, 0)


def is_ignored(character: str) -> bool:
    """Whether a character folds to nothing."""
    if character == ZERO_WIDTH_SPACE:
        return False
    category = unicodedata2.category(character)
    return category == "Cf" or (category != "Cn" and ord(character) in IGNORABLE)


def casefold(character: str) -> str:
    """Full case folding of one character in decomposed form, in the Unicode version of unicodedata2.

    The interpreter has it for the characters that it knows: the folding of an assigned character never
    changes. Capitals that it does not know are paired by name, CAPITAL with SMALL: that gives a pair for each
    of the 75 in Unicode 18 that Python 3.11 lacks; among those it knows it errs in 2 (U+018E, U+1E9E).
    """
    if character == YPOGEGRAMMENI:
        return character
    folded = character.casefold()
    if folded != character or unicodedata2.category(character) != "Lu":
        return folded
    try:
        small: str = unicodedata2.lookup(unicodedata2.name(character).replace("CAPITAL", "SMALL"))
    except (KeyError, ValueError):
        return character
    return small if unicodedata2.category(small) == "Ll" else character


def make_item(character: str) -> Item:
    """The item of one character of a folded form."""
    category = unicodedata2.category(character)
    if category[0] not in "LNM":
        return SEPARATOR_ITEM
    mark = category[0] == "M"
    alone = not mark and (character in ALONE_CHARACTERS or script(character) in ALONE_SCRIPTS)
    combining_class = unicodedata2.combining(character)
    if combining_class and not mark:
        raise AssertionError(f"U+{ord(character):04X} combines but is no mark: the tokeniser relies on it")
    return Item(ord(character), alone, mark, combining_class)


def fold(character: str) -> tuple[Item, ...]:
    """What one character folds to."""
    if is_ignored(character):
        return ()
    if unicodedata2.category(character) in ("Cn", "Co", "Cs"):
        return (SEPARATOR_ITEM,)
    decomposed = unicodedata2.normalize("NFKD", character)
    folded = unicodedata2.normalize("NFKD", "".join(map(casefold, decomposed)))
    items: list[Item] = []
    for part in folded:
        if is_ignored(part):
            continue
        item = make_item(part)
        if items and items[-1].separator and (item.separator or item.mark):
            continue
        items.append(item)
    return tuple(items)


class Pool:
    """Sequences end to end; equal ones are kept once."""

    def __init__(self) -> None:
        self.items: list[int] = []
        self._index: dict[tuple[Item, ...], int] = {}

    def add(self, items: tuple[Item, ...]) -> int:
        """The index of a sequence."""
        if items not in self._index:
            self._index[items] = len(self.items)
            self.items.extend(item.encode() for item in items)
        return self._index[items]


def make_entries(pool: Pool) -> Iterator[int]:
    """The stage2 entry of every code point, in order."""
    for code_point in range(CODE_POINTS):
        character = chr(code_point)
        lowercase = (unicodedata2.category(character) == "Ll") << 2
        if code_point in HANGUL_SYLLABLES:
            yield SELF | lowercase
            continue
        items = fold(character)
        if not items:
            yield IGNORED | lowercase
        elif items == (SEPARATOR_ITEM,):
            yield SEPARATOR | lowercase
        elif len(items) == 1 and items[0].code_point == code_point:
            yield SELF | lowercase | items[0].alone << 3 | items[0].mark << 4 | items[0].combining_class << 8
        else:
            if len(items) > MAX_SEQUENCE:
                raise AssertionError(f"U+{code_point:04X} folds to {len(items)} items, the format holds {MAX_SEQUENCE}")
            yield SEQUENCE | lowercase | len(items) << 3 | pool.add(items) << 8


def make_table() -> bytes:
    """The whole file."""
    pool = Pool()
    entries = list(make_entries(pool))
    blocks: dict[tuple[int, ...], int] = {}
    stage1 = [
        blocks.setdefault(tuple(entries[start : start + BLOCK]), len(blocks)) for start in range(0, CODE_POINTS, BLOCK)
    ]
    stage2 = [entry for block in blocks for entry in block]
    major, minor, patch = map(int, unicodedata2.unidata_version.split("."))
    header = struct.pack("<8s4I", MAGIC, FORMAT, major << 16 | minor << 8 | patch, len(blocks), len(pool.items))
    return b"".join(
        (
            header,
            struct.pack(f"<{len(stage1)}H", *stage1),
            struct.pack(f"<{len(stage2)}I", *stage2),
            struct.pack(f"<{len(pool.items)}I", *pool.items),
        )
    )


def main() -> int:
    """Write the table, or compare it with the one in the tree."""
    return write_or_compare(TABLE, make_table, f"unicodedata2 {unicodedata2.unidata_version}")


if __name__ == "__main__":
    sys.exit(main())
