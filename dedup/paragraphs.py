"""Paragraphs: spans from bytes.

A document is tiled by paragraphs, each owning the separator that follows it. Where the next one starts
depends only on the text from the current one's start forward, so that a stream can be cut at any start.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from dedup.columns import count_cut_pairs
from dedup.unit import HEAD_BYTES, Unit

MAX_PARAGRAPH_BYTES = 1 << 20
MAX_DOCUMENT_BYTES = 64 << 20
MAX_OPENERS = 16
MAX_TOKEN_BYTES = 32

UNKNOWN = -1
"""The next start cannot be told before more text is seen."""

ABBREVIATIONS = frozenset(
    b"mr mrs ms messrs dr prof sen rep reps sens gov gen col lt sgt capt cmdr adm maj pvt rev hon pres"
    b" st mt ft jr sr inc corp co ltd bros vs etc cf al approx dept est ave blvd"
    b" jan feb mar apr jun jul aug sep sept oct nov dec"
    b" z.b bzw usw ca bspw vgl hr fr nr mme mlle sra sig dott".split()
)
ABBREVIATIONS_BEFORE_DIGIT = frozenset(b"no nos p pp vol vols fig figs art arts sec secs ch par stat".split())


def _any_of(characters: str) -> bytes:
    """Write a pattern for one of these characters in UTF-8."""
    return b"(?:" + b"|".join(re.escape(c.encode()) for c in characters) + b")"


# Full stops: latin ones need white space after them, those of Chinese, Arabic and Devanagari do not.
_LATIN = ".!?\u2026"
_OTHER = "\u3002\uff01\uff1f\uff61\uff0e\u061f\u06d4\u0964\u0965"
_TERMINATORS = _any_of(_LATIN + _OTHER) + b"+"
_LATIN_STOPS = re.compile(_any_of(_LATIN) + b"+")
_CLOSERS = re.compile(_any_of("\"')]}\u2019\u201d\u00bb\u203a\u300d\u300f\uff09\u3011\u300b\u3009") + b"*")
_OPENERS = re.compile(_any_of("\"'([\u2018\u201c\u00ab\u2039\u00bf\u00a1") + b"{0,%d}" % MAX_OPENERS)
_GAP_IN_LINE = re.compile(rb"(?:[ \t\v\f]|\xc2\xa0)*")
_GAP = re.compile(rb"(?:\s|\xc2\xa0)*")
_SPACE = re.compile(rb"\s*")
_LINE_BREAKS = re.compile(rb"[\r\n]\s*")
_LINE_BREAKS_AND_STOPS = re.compile(rb"[\r\n]\s*|" + _TERMINATORS)
_LINE_END = re.compile(rb"\r\n|[\r\n]")
_TOKEN = re.compile(rb"[A-Za-z0-9.\x80-\xff]*\Z")
_PUNCTUATION = re.compile(rb"\xc2[\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_LETTERS_WITH_DOTS = re.compile(rb"[A-Za-z]|[A-Za-z]{1,2}(?:\.[A-Za-z]{1,2})+")
_NUMBER = re.compile(rb"[0-9]{1,3}")
_HAN_OR_KANA = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_LOWER = re.compile(rb"[a-z]|\xc3[\x9f-\xb6\xb8-\xbf]|\xce[\xac-\xbf]|\xcf[\x80-\x8e]|\xd0[\xb0-\xbf]|\xd1[\x80-\x9f]")
"""ASCII a-z, and of two bytes U+00DF-U+00FF but for U+00F7, U+03AC-U+03CE, U+0430-U+045F."""


def split_paragraphs(text: bytes, unit: Unit, at_end: bool) -> list[int]:
    """Find where paragraphs start.

    >>> split_paragraphs(b"One.\\n\\nTwo.\\n", Unit.LINE, at_end=True)
    [0, 6, 11]
    >>> split_paragraphs(b"Mr. Smith left. He came back.", Unit.SENTENCE, at_end=True)
    [0, 16, 29]

    Args:
        text: one document from the start of a paragraph on.
        unit: what a paragraph is.
        at_end: the document ends where the text does.
    Returns:
        All starts and, at the end of the document, len(text). Before the end the last element is the start of
        the first paragraph that may still go on: carry the bytes from there over to the next call.
    Cost: O(len(text)).
    """
    starts = [0]
    splitter = _Splitter(text, unit, at_end)
    while starts[-1] < len(text):
        following = splitter.next_start(starts[-1])
        if following == UNKNOWN:
            break
        starts.append(following)
    return starts


def paragraph_end(text: bytes, start: int, unit: Unit) -> int:
    """Where the paragraph that begins at `start` ends, in a whole document.

    Cost: O(bytes of the paragraph).
    """
    return _Splitter(text, unit, True).next_start(start)


class _Splitter:
    """A text, what a paragraph of it is, and whether it ends here."""

    def __init__(self, text: bytes, unit: Unit, at_end: bool) -> None:
        self.text = text
        self.unit = unit
        self.at_end = at_end
        by_sentence = unit in (Unit.SENTENCE, Unit.SENTENCE_WRAPPED)
        self.events = _LINE_BREAKS_AND_STOPS if by_sentence else _LINE_BREAKS
        self.gap = _GAP if unit is Unit.SENTENCE_WRAPPED else _GAP_IN_LINE
        self.cap = MAX_DOCUMENT_BYTES if unit is Unit.DOCUMENT else MAX_PARAGRAPH_BYTES

    def next_start(self, start: int) -> int:
        """Find the end of the paragraph that begins at `start`, or UNKNOWN."""
        boundary = None if self.unit is Unit.DOCUMENT else self.boundary(start)
        if boundary is not None:
            return boundary
        if len(self.text) - start > self.cap:
            return _cut(self.text, start, self.cap)
        return len(self.text) if self.at_end else UNKNOWN

    def boundary(self, start: int) -> int | None:
        """Find the first boundary in (start, start + cap].

        Returns:
            Its offset; UNKNOWN if text to come may make one; None if there is none.
        """
        limit = start + self.cap
        position = start
        while (event := self.events.search(self.text, position)) and event.start() < limit:
            if event[0][:1] in (b"\r", b"\n"):
                found, position = self.after_lines(start, event.start(), event.end()), event.end()
            else:
                found, position = self.after_stop(start, event.start(), event.end())
            if found is not None and found <= limit:
                return found
        return None if self.at_end or len(self.text) > limit else UNKNOWN

    def after_lines(self, start: int, break_start: int, break_end: int) -> int | None:
        """Judge white space with line ends in it: does the line after it start a paragraph?

        The look ahead is bounded: a line that begins with MAX_PARAGRAPH_BYTES of white space starts none.
        """
        run = self.text[break_start:break_end]
        line = break_start + len(run.rstrip(b" \t\v\f"))
        if break_end - line >= MAX_PARAGRAPH_BYTES or (break_end == len(self.text) and self.at_end):
            return None
        if break_end == len(self.text):
            return UNKNOWN if line <= start + self.cap else None
        if self.unit in (Unit.LINE, Unit.SENTENCE) or len(_LINE_END.findall(run)) > 1:
            return line
        leading = _SPACE.match(self.text, start).end() == break_end  # type: ignore[union-attr]  # it always matches
        indented = self.unit is Unit.INDENT and self.text[line] in b" \t"
        return line if leading or indented else None

    def after_stop(self, start: int, stop: int, stop_end: int) -> tuple[int | None, int]:
        """Judge full stops: does a sentence start after them?

        Returns:
            Its start, UNKNOWN or None as in `boundary`, and where to go on looking.
        """
        text = self.text
        closed = _end(_CLOSERS, text, stop_end)
        after = _end(self.gap, text, closed)
        latin = _LATIN_STOPS.fullmatch(text, stop, stop_end) is not None
        spaced = after > closed or text[closed : closed + 1] in (b"\r", b"\n", b"")
        if latin and not spaced:
            return None, closed
        for lines in _LINE_BREAKS.finditer(text, closed, after):
            if after < len(text) and (line := self.after_lines(start, lines.start(), lines.end())) is not None:
                return line, closed
        if after > start + self.cap or text[after : after + 1] in (b"\r", b"\n", b""):
            return None, closed
        opened = _end(_OPENERS, text, after)
        if not self.at_end and len(text) - opened < 3:
            return UNKNOWN, closed
        if latin and _LOWER.match(text, opened):
            return None, closed
        abbreviation = closed - stop == 1 and text[stop] == ord(".") and self.is_abbreviation(start, stop, opened)
        return None if abbreviation else after, closed

    def is_abbreviation(self, start: int, stop: int, opened: int) -> bool:
        """Tell whether the one full stop at `stop` belongs to what stands before: `Sen.`, `U.S.`, `No. 5`."""
        window = self.text[max(start, stop - MAX_TOKEN_BYTES) : stop]
        token = _PUNCTUATION.split(_TOKEN.search(window)[0])[-1]  # type: ignore[index]  # it always matches
        if _LETTERS_WITH_DOTS.fullmatch(token) or token.lower() in ABBREVIATIONS:
            return True
        if token.lower() in ABBREVIATIONS_BEFORE_DIGIT:
            return self.text[opened : opened + 1].isdigit()
        return bool(_NUMBER.fullmatch(token)) and stop - len(token) == _end(_SPACE, self.text, start)


def _end(pattern: re.Pattern[bytes], text: bytes, start: int) -> int:
    """Give the end of the match at `start`, which is `start` where nothing matches."""
    match = pattern.match(text, start)
    return match.end() if match else start


def _cut(text: bytes, start: int, cap: int) -> int:
    """Cut a paragraph that is too long: after its last white space, else between characters if possible."""
    window = text[start : start + cap]
    leading = _end(_SPACE, window, 0)
    last = max(window.rfind(bytes([space])) for space in b" \t\v\f\r\n")
    if last > leading:
        return start + last + 1
    positions = range(start + cap, start + cap - 4, -1)
    return next((position for position in positions if text[position] & 0xC0 != 0x80), start + cap)


class LineStatistics(NamedTuple):
    """What the choice of a unit is made from; lines are non-blank ones."""

    lines: int
    words: int
    """By white space; two Han or Kana characters count as one more."""
    longest_words: int
    """Words of the longest line."""
    blank_runs: int
    """Runs of blank lines between lines."""
    indented: int
    """Lines that begin with a space or a tab."""
    pairs: int
    """Neighbouring lines without a blank one between."""
    continued: int
    """Pairs in which a sentence visibly goes on from the first line to the second."""
    cut: int = 0
    """Pairs in runs of lines that one width has cut throughout."""


def line_statistics(head: bytes, whole: bool) -> LineStatistics:
    """Count the lines of the first 64 KiB of a document.

    Args:
        head: the beginning of the document.
        whole: the document ends with it; else its last line is left out, unless it is the only one.
    """
    lines = _LINE_END.split(head[:HEAD_BYTES])
    if (not whole or len(head) > HEAD_BYTES) and any(line.strip() for line in lines[:-1]):
        lines.pop()
    filled = [i for i, line in enumerate(lines) if line.strip()]
    words = [_count_words(lines[i]) for i in filled]
    pairs = [(lines[i], lines[j]) for i, j in pairwise(filled) if j == i + 1]
    return LineStatistics(
        lines=len(filled),
        words=sum(words),
        longest_words=max(words, default=0),
        blank_runs=max(len(filled) - 1, 0) - len(pairs),
        indented=sum(lines[i][:1] in (b" ", b"\t") for i in filled),
        pairs=len(pairs),
        continued=sum(_goes_on(first, second) for first, second in pairs),
        cut=count_cut_pairs(lines),
    )


def _count_words(line: bytes) -> int:
    """Count words by white space, and two characters of a script without spaces as one."""
    return len(line.split()) + len(_HAN_OR_KANA.findall(line)) // 2


def _goes_on(first: bytes, second: bytes) -> bool:
    """Tell whether the second line visibly continues a sentence of the first; no line goes on from its own copy."""
    seems = first.rstrip().endswith((b",", b"-", b";")) or bool(_LOWER.match(second.lstrip(b" \t")))
    return seems and first.strip() != second.strip()


def choose_unit(statistics: LineStatistics) -> Unit:
    """Choose what a paragraph is.

    Hard-wrapped lines are no paragraphs; where a line holds an article, it has to be read by sentences to
    find a repeat inside it.
    """
    if not statistics.lines:
        return Unit.LINE
    wrapped = is_wrapped(statistics)
    if _has_article_on_line(statistics):
        return Unit.SENTENCE_WRAPPED if wrapped else Unit.SENTENCE
    if not wrapped:
        return Unit.LINE
    some_indented = statistics.indented >= 2 and 2 * statistics.indented < statistics.lines
    return Unit.INDENT if some_indented and statistics.indented > statistics.blank_runs else Unit.BLANK


def _has_article_on_line(statistics: LineStatistics) -> bool:
    """Tell whether lines are long on the whole, or one of them is long and a good part of the text.

    The smaller of the two releases in the Senate corpus that the last clause finds doubled has 149 words.
    """
    words, longest = statistics.words, statistics.longest_words
    if words > 200 * statistics.lines:
        return True
    return (longest > 200 and 4 * longest >= words) or (longest > 100 and 3 * longest >= 2 * words)


def is_wrapped(statistics: LineStatistics) -> bool:
    """Tell whether the lines are cut by width: at least half of the pairs go on.

    Where paragraphs of one line and blank lines surround a pasted page, its few pairs tell less by what they say:
    an eighth of them goes on, and nearly all lines are as full as one width allows. Lists, addresses and tables
    are not.
    """
    pairs, continued = statistics.pairs, statistics.continued
    if pairs >= 2 and 2 * continued >= pairs:
        return True
    return 0 < pairs <= 8 * continued and statistics.blank_runs > 0 and 10 * statistics.cut >= 9 * pairs


def detect_unit(head: bytes, whole: bool) -> Unit:
    """Choose what a paragraph of a document is by its first 64 KiB.

    >>> detect_unit(b"One headline\\nAnother headline\\nAnd a third\\n", whole=True).label
    'line'
    """
    return choose_unit(line_statistics(head, whole))


def resolve_unit(name: str, head: bytes, whole: bool) -> Unit:
    """Turn the option into a unit: `auto` looks at the text, `sentence` at whether its lines are wrapped.

    Raises:
        KeyError: there is no such unit.
    """
    if name == "auto":
        return detect_unit(head, whole)
    if name == "sentence":
        return Unit.SENTENCE_WRAPPED if is_wrapped(line_statistics(head, whole)) else Unit.SENTENCE
    return Unit[name.upper()]


def resolve_units(name: str, text: bytes | memoryview, ends: list[int]) -> list[Unit]:
    """Turn the option into the unit of each of several documents that lie end to end.

    Args:
        name: of the option.
        text: whole documents.
        ends: where each ends.
    """
    if name not in ("auto", "sentence"):
        return [Unit[name.upper()]] * len(ends)
    return [
        resolve_unit(name, bytes(text[start : min(end, start + HEAD_BYTES)]), end - start <= HEAD_BYTES)
        for start, end in pairwise([0, *ends])
    ]
