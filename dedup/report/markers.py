"""Marks in the text that protect it: what they cover is meant to be there twice.

    dedup: keep          the finding that begins in this paragraph or the next one is accepted
    dedup: keep-begin    from here ...
    dedup: keep-end      ... to here repeats are accepted

A mark is these words alone on a line, or in a comment of Markdown, HTML, TeX, a script: between `<!--` and `-->`, or
after `#`, `%`, `//`, `;` or `..`. A line that says more is text and no mark. What is a mark but for a slip, and an
end without a beginning, cover nothing and are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from dedup.findings import DocumentTotals
from dedup.paragraphs import paragraph_end, resolve_unit
from dedup.report.reading import TextOf
from dedup.unit import HEAD_BYTES

_CLUE = b"edup"
"""With a capital or without: what a mark is at a slip is not overlooked for it."""
LONE_END = "dedup: keep-end"
"""The slip of an end mark that ends nothing."""
_MARKS = ("keep", "keep-begin", "keep-end")
_LINE_START, _LINE_END = rb"(?<![^\r\n])(?:\A\xef\xbb\xbf)?", rb"(?![^\r\n])"
_OPENS, _CLOSES = rb"[ \t]*(?:<!--|#+|%+|//|;+|\.\.)?[ \t]*", rb"[ \t]*(?:-->)?[ \t]*"
_MARK = re.compile(_LINE_START + _OPENS + rb"dedup:[ \t]*(keep(?:-begin|-end)?)" + _CLOSES + _LINE_END)
_WORD = rb"([A-Za-z]{3,11}(?:[-_ ][A-Za-z]{2,6})?)"
_LIKE = re.compile(_LINE_START + _OPENS + rb"([Dd]edup[ \t]*[:=][ \t]*" + _WORD + rb"[.:]?)" + _CLOSES + _LINE_END)
"""What may be a mark, and the same with a slip: the whole of it, and its last word."""
_STRETCH_BYTES = 1 << 20


class Marker(NamedTuple):
    """A stretch of a document that is protected."""

    document: int
    line: int
    """Of the mark."""
    start: int
    """First byte it covers: of the mark itself."""
    end: int
    """One past the last: for `keep`, a byte of the next line with text; for a stretch, its end mark."""
    reach: int
    """As `end`, but for `keep` a byte of the next paragraph: a mark right above text is part of that."""
    stretch: bool
    slip: str = ""
    """What is written where a mark must be meant, and is none: it covers nothing."""


def read_markers(documents: Iterable[DocumentTotals], text_of: TextOf) -> list[Marker]:
    """The marks of all documents, in order.

    Args:
        documents: of which the size and the unit count.
        text_of: reads the text of the run again.
    Cost: one pass over the text; a document without the word `dedup` is done with a search for it.
    """
    found: list[Marker] = []
    for one in documents:
        if _has_clue(one.document, one.bytes, text_of):
            found += find_markers(one.document, text_of(one.document, 0, one.bytes), one.unit)
    return found


def _has_clue(document: int, size: int, text_of: TextOf) -> bool:
    overlap = len(_CLUE) - 1
    return any(
        _CLUE in text_of(document, max(0, start - overlap), min(size, start + _STRETCH_BYTES))
        for start in range(0, size, _STRETCH_BYTES)
    )


def find_markers(document: int, text: bytes, unit_name: str) -> list[Marker]:
    r"""The marks in one document, and what they reach of it, by what a paragraph is.

    >>> [(m.line, m.start, m.end, m.stretch) for m in find_markers(0, b"a\n# dedup: keep\n\nb\n", "line")]
    [(2, 2, 18, False)]
    """
    unit = resolve_unit(unit_name, text[:HEAD_BYTES], len(text) <= HEAD_BYTES)
    found: list[Marker] = []
    opened: tuple[int, int] | None = None
    for match in _MARK.finditer(text):
        line = _lines_before(text, match.start()) + 1
        if match[1] == b"keep":
            following = _next_text(text, paragraph_end(text, match.start(), unit))
            found.append(Marker(document, line, match.start(), _next_text(text, match.end()), following, False))
        elif match[1] == b"keep-begin":
            opened = opened or (line, match.start())
        elif opened is not None:
            found.append(Marker(document, *opened, match.end(), match.end(), True))
            opened = None
        else:
            found.append(_slip(document, line, match.start(), LONE_END))
    if opened is not None:
        found.append(Marker(document, *opened, len(text), len(text), True))
    found += _find_slips(document, text)
    return sorted(found, key=lambda marker: marker.start)


def _find_slips(document: int, text: bytes) -> Iterator[Marker]:
    r"""Lines that must be meant as marks and are none.

    >>> [(m.line, m.slip) for m in _find_slips(0, b"dedup: kep\n# Dedup: keep\ndedup: keeper\ndedup: keep\n")]
    [(1, 'dedup: kep'), (2, 'Dedup: keep')]
    """
    for match in _LIKE.finditer(text):
        word = re.sub("[_ ]", "-", match[2].decode().lower())
        if (word in _MARKS or word in _slips()) and not _MARK.match(text, match.start()):
            yield _slip(document, _lines_before(text, match.start()) + 1, match.start(), match[1].decode())


def _slip(document: int, line: int, at: int, written: str) -> Marker:
    return Marker(document, line, at, at, at, False, written)


@cache
def _slips() -> frozenset[str]:
    """The marks with one letter left out, twice, before its neighbour or in its place; none of these is a word.

    >>> sorted(slip for slip in _slips() if len(slip) == 3)
    ['eep', 'kee', 'kep']
    """
    slips = {"keepbegin", "keepend", "keep-start", "keep-stop"}
    for mark in _MARKS:
        for i, letter in enumerate(mark):
            before, after, following = mark[:i], mark[i + 1 :], mark[i + 1 : i + 2]
            slips |= {before + after, before + letter + letter + after, before + following + letter + after[1:]}
            slips |= {before + following * 2 + after[1:], before + letter * 2 + after[1:]} if following else set()
    return frozenset(slips - set(_MARKS))


def _lines_before(text: bytes, at: int) -> int:
    return text.count(b"\n", 0, at) + text.count(b"\r", 0, at) - text.count(b"\r\n", 0, at)


def _next_text(text: bytes, at: int) -> int:
    """One past the first byte after `at` that is no white space."""
    rest = re.compile(rb"\S").search(text, at)
    return rest.end() if rest else len(text)
