"""Buffers that kernels get wrong: tails, borders of registers, broken text, scripts of all kinds."""

from __future__ import annotations

from collections.abc import Iterator

BORDERS = 131
"""Offsets 0 to 130 pass the borders of registers of 16, 32 and 64 bytes, and of two of the widest."""

INVALID = (
    b"\x80",  # a continuation alone
    b"\xbf\xbf",
    b"\xc0\xaf",  # overlong
    b"\xc1\x81",
    b"\xe0\x80\xaf",
    b"\xe0\x9f\xbf",
    b"\xf0\x80\x80\xaf",
    b"\xf0\x8f\xbf\xbf",
    b"\xed\xa0\x80",  # surrogates
    b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80",  # beyond U+10FFFF
    b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xfe\xff",
    b"\xc3",  # cut short
    b"\xe2\x80",
    b"\xe2",
    b"\xf0\x9f\x98",
    b"\xf0\x9f",
    b"\xf0",
    b"\xc3\xc3\xa9",
    b"\xe2\x80\xe2\x80\x99",
    b"Caf\xe9 \xfcber",  # Latin-1
    b"caf\xc3a",
)
SCRIPTS = (
    "Ｆｕｌｌ ｗｉｄｔｈ １２３",
    "ﬁrst eﬃcient Straße ΟΔΥΣΣΕΥΣ İstanbul ẞ",
    "Cafe\u0301 Café a\u0323\u0307 a\u0307\u0323 n\u0303o \u0301alone \u0301 x\u0300\u0301\u0302\u0316\u0317",
    "東京は2024年、日本の首都。カタカナ ｶﾞｷﾞ が か\u3099",
    "สวัสดีชาวโลก ภาษาไทย กำลัง",
    "한국어 텍스트 각 값 ᄒ\u1161\u11ab",
    "မြန်မာ ភាសាខ្មែរ ພາສາລາວ",
    "हिन्दी में पाठ। العَرَبِيَّة؟ עִבְרִית",
    "soft\u00adhyphen zero\u200bwidth join\u200der \ufeffbom vari\ufe0fation",
    "´ ¨ ¸ ½ ² ™ № ㎏ Ǆ ŉ ﷺ ≠ =\u0338",
    "😀👩\u200d👩\u200d👧 𝐁𝐨𝐥𝐝 𠀀𠀁 \U000e0001",
    "“quoted” ‘text’ — dash… «guillemets»\u00a0nbsp",
)
_LETTERS = b"the quick brown fox jumps over 13 lazy dogs; Sphinx of black quartz, judge my vow! "


def ascii_words(size: int, word: int) -> bytes:
    """`size` bytes of words with `word` letters each."""
    letters = bytes(97 + i % 26 for i in range(size))
    return bytes(32 if i % (word + 1) == word else letters[i] for i in range(size))


def nasty() -> Iterator[bytes]:
    """Every nasty buffer, some 9,000 of at most a few KB."""
    yield from (
        b"",
        b" ",
        b"\n",
        b"\0",
        b".",
        b"a",
        b"\xff",
        b"\r",
        b"\r\n",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbfbom\n",
    )
    yield from (bytes([byte]) for byte in range(256))
    yield from (bytes([65, byte, 66]) for byte in range(256))
    yield from (ascii_words(size, word) for size in range(1, BORDERS) for word in range(1, 41))
    yield from _at_every_offset()
    yield from _words_of_every_length()
    yield from _line_ends()
    yield from (text.encode() * 3 for text in SCRIPTS)
    yield from ("".join(SCRIPTS).encode()[start:end] for start in range(40) for end in (60, 63, 64, 65, 200))


def _at_every_offset() -> Iterator[bytes]:
    for offset in range(BORDERS):
        lead = (_LETTERS * 2)[:offset]
        yield from (lead + bad for bad in INVALID)
        yield from (lead + bad + b"tail words" for bad in INVALID)
        yield lead + "é".encode() + b" and ASCII again " * 5
        yield lead + "東".encode() + b"x" * 70
        yield lead + b"\0" + b"x y" * 30


def _words_of_every_length() -> Iterator[bytes]:
    for size in (*range(1, 70), 127, 128, 129, 255, 256, 257, 1023, 4096, 70_000):
        yield b"a" * size
        yield b"Ab" * size + b" tail"
        yield "é".encode() * size
        yield b"x " + b"W" * size + b" y"
        yield b"e" + "\u0301".encode() * min(size, 300)


def _line_ends() -> Iterator[bytes]:
    for offset in range(BORDERS):
        lead = (_LETTERS * 2)[:offset]
        for end in (b"\r", b"\r\n", b"\n", b"\n\r", b"\r\r\n", b"\n\n", b" \t\n", b"\v\f", b"\0\n"):
            yield lead + end + b"next line" + end
