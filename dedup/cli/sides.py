"""Original and repeat side by side: with colours on a terminal, with marks in plain text.

The text never meets Rich as markup: it goes in as `Text`, its control characters spelled out.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from dedup.cli import safe
from dedup.counts import count
from dedup.explain.judge import floor

if TYPE_CHECKING:
    from dedup.explain.diff import Piece
    from dedup.explain.model import Explanation, Pair
    from dedup.report.finding import Side

SAME, GONE, NEW, QUIET, TITLE = "", "red", "green", "bright_black", "bold cyan"
"""Styles: what both have, what only the original has, only the repeat, and what is said about them."""
MARKS = {GONE: ("[-", "-]"), NEW: ("{+", "+}")}
"""Around what differs where there are no colours, as `wdiff` writes it."""
PLAIN_COLUMNS = 100
LEAST_COLUMNS, MOST_COLUMNS = 60, 160
LONG_WORDS, EDGE_WORDS = 40, 12
"""A stretch of equal words longer than this shows its two ends."""


class Span(NamedTuple):
    """Some text in one style."""

    text: str
    style: str = SAME
    glued: bool = False
    """No space before it."""


Line = list[Span]


def print_explanations(explanations: Sequence[Explanation], full: bool) -> None:
    """Print to standard output; colours where it is a terminal and NO_COLOR is not set."""
    coloured = _is_terminal() and not os.environ.get("NO_COLOR")
    columns = shutil.get_terminal_size((PLAIN_COLUMNS, 24)).columns if _is_terminal() else PLAIN_COLUMNS
    width = max(LEAST_COLUMNS, min(columns, MOST_COLUMNS))
    lines = render(explanations, width, marked=not coloured, full=full)
    if not coloured:
        for line in lines:
            print("".join(span.text for span in line).rstrip())
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False, width=width, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((span.text, span.style) for span in line)))


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def render(explanations: Sequence[Explanation], width: int, *, marked: bool, full: bool = False) -> Iterator[Line]:
    """The lines of all explanations.

    Args:
        explanations: at least one.
        width: cells of a line; the cases at the end of a pair may be longer.
        marked: put marks around what differs.
        full: show all words.
    """
    for number, one in enumerate(explanations):
        if number:
            yield []
        yield [Span(f"{one.id}  " if one.id else "", QUIET), Span(safe(one.summary), TITLE)]
        for pair in one.pairs:
            yield []
            yield from _pair(pair, width, marked, full, one.checked)
        for side in one.alone:
            yield []
            yield [Span(f"{safe(str(side))}  repeats nothing of it", QUIET)]


def _pair(pair: Pair, width: int, marked: bool, full: bool, checked: bool) -> Iterator[Line]:
    room = (width - 3) // 2
    yield from _columns(_place(pair.original), _place(pair.place), room)
    left, right = _sides(pair.pieces, marked, full)
    yield from _columns(left, right, room)
    yield []
    fate = ("counts" if checked else "removed") if pair.removed else "kept"
    yield [Span(f"{fate}: ", GONE if pair.removed else NEW), Span(safe(pair.why))]
    yield [Span(_measure(pair), QUIET)]
    options = max((len(case.option) for case in pair.cases), default=0)
    for case in pair.cases:
        fate = {True: "removes", False: "keeps", None: "depends"}[case.removes]
        yield [Span(f"  {case.option:<{options}}  {fate:<7}  "), Span(safe(case.why), QUIET)]


def _measure(pair: Pair) -> str:
    """The similarity with its counts."""
    compared = pair.comparison
    shared, union = compared.similarity
    similarity = f"Jaccard similarity {floor(compared.jaccard)}: {shared:,} of {count(union, 'shingle')} in common"
    return f"{similarity}; {count(compared.original_words, 'word')}, {count(compared.words, 'word')}"


def _sides(pieces: Sequence[Piece], marked: bool, full: bool) -> tuple[list[Span], list[Span]]:
    """Both texts as words in their styles."""
    left, right = _Side(marked, full), _Side(marked, full)
    for piece in pieces:
        left.add(piece.original, SAME if piece.same else GONE)
        right.add(piece.repeat, SAME if piece.same else NEW)
    return left.spans, right.spans


class _Side:
    """The words of one text in their styles."""

    def __init__(self, marked: bool, full: bool) -> None:
        self.spans: list[Span] = []
        self._marked = marked
        self._full = full
        self._open = True
        """White space, or nothing yet, stands before what comes next."""

    def add(self, text: str, style: str) -> None:
        """Add the text of one piece."""
        words = safe(" ".join(text.split())).split()
        if not words:
            self._open = self._open or text != ""
            return
        glued = not self._open and not text[0].isspace()
        if style == SAME and not self._full:
            words = _shorten(words)
        if style != SAME and self._marked:
            opening, closing = MARKS[style]
            words[0] = opening + words[0]
            words[-1] += closing
        self.spans += [Span(word, style, glued and not number) for number, word in enumerate(words)]
        self._open = text[-1].isspace()


def _shorten(words: list[str]) -> list[str]:
    """The two ends of a long stretch, and how many words are left out."""
    left_out = len(words) - 2 * EDGE_WORDS
    if len(words) <= LONG_WORDS:
        return words
    return [*words[:EDGE_WORDS], f"[... {left_out:,} equal words ...]", *words[-EDGE_WORDS:]]


def _place(side: Side) -> list[Span]:
    """Its words, so that a column is not broken inside of one."""
    return [Span(word, QUIET) for word in safe(str(side)).split(" ")]


def _columns(left: Sequence[Span], right: Sequence[Span], room: int) -> Iterator[Line]:
    """Two columns, the shorter one filled up."""
    one, other = _wrap(left, room), _wrap(right, room)
    for row in range(max(len(one), len(other))):
        first = one[row] if row < len(one) else []
        second = other[row] if row < len(other) else []
        filling = " " * (room - sum(cell_len(span.text) for span in first))
        yield [*first, Span(f"{filling} | ", QUIET), *second]


def _wrap(words: Sequence[Span], room: int) -> list[Line]:
    """Words in lines of at most `room` cells; a longer word is cut."""
    lines: list[Line] = []
    line: Line = []
    used = 0
    for span in words:
        for text in _cut(span.text, room):
            size = cell_len(text)
            if line and used + (not span.glued) + size > room:
                lines.append(line)
                line, used = [], 0
            if line and not span.glued:
                space = span.style if line[-1].style == span.style else SAME
                line.append(Span(" ", space))
                used += 1
            line.append(Span(text, span.style))
            used += size
    return [*lines, line] if line else lines


def _cut(text: str, room: int) -> Iterator[str]:
    """A text in parts of at most `room` cells."""
    while cell_len(text) > room:
        size = room
        while cell_len(text[:size]) > room:
            size -= 1
        yield text[:size]
        text = text[size:]
    yield text
