"""Explanations of two passages, without a report: the second is taken as the original."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from dedup.counts import count
from dedup.errors import InputSkipped, ReadError, UsageError
from dedup.explain.judge import (
    Comparison,
    Setting,
    adds,
    apart,
    chance,
    compare,
    how_near,
    matches,
    must_be_contained,
    too_far,
)
from dedup.explain.model import Explanation, Pair, make_pair
from dedup.paragraphs import resolve_unit, split_paragraphs
from dedup.protection import Protection
from dedup.report.finding import Side
from dedup.run.protection import read_protection
from dedup.settings import Settings
from dedup.sources.container import open_container
from dedup.sources.source import PIPE_BYTES, PathSource
from dedup.unit import Unit
from dedup.words import hash_sequence, hash_words, split_words

_RANGE = re.compile(r"(.+):(\d+)(?:-(\d+))?")
_LINE_END = re.compile(rb"\r\n|[\r\n]")
MOST_BYTES = 4 << 20
"""Passages longer than this are files to clean and not passages to look at."""


class Passage(NamedTuple):
    """Some lines of a file."""

    side: Side
    text: bytes


class Paragraph(NamedTuple):
    """One paragraph of a passage."""

    side: Side
    text: bytes


def read_passage(wanted: str, document: int, settings: Settings) -> Passage:
    """Read `FILE:N-M`, `FILE:N`, or a whole file: lines of its text, below its compression and in UTF-8.

    Raises:
        UsageError: the file has no such lines, or they are too many.
        ReadError: it cannot be read.
    """
    name, span = parse_place(wanted)
    data = _read(name, settings)
    starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
    lines = len(starts) - (starts[-1] == len(data))
    first, last = span or (1, max(lines, 1))
    if not 1 <= first <= last <= max(lines, 1):
        asked = f"{first:,}" if first == last else f"{first:,}-{last:,}"
        raise UsageError(f"{name} has {count(lines, 'line')}, not {asked}", "For example: a.txt:18-34")
    start, end = starts[first - 1], starts[last] if last < len(starts) else len(data)
    if end - start > MOST_BYTES:
        size = f"{(end - start) / 1e6:.1f} MB"
        raise UsageError(f"{wanted} has {size}: too much to look at", "Give lines: FILE:N-M")
    return Passage(Side(name, document, first, last, start, end), data[start:end])


def _read(name: str, settings: Settings) -> bytes:
    """The text of a file, as a run reads it."""
    try:
        container = open_container(PathSource(name), settings)
    except InputSkipped as error:
        raise ReadError(f"cannot read {name}: {error.reason}", "Check the name and its lines.") from error
    try:
        if container.format == "parquet":
            raise UsageError(
                f"{name} is Parquet, which has no lines", "Clean it with --report, and explain the report."
            )
        return b"".join(iter(lambda: container.source.read(PIPE_BYTES), b""))
    finally:
        container.close()


def parse_place(wanted: str) -> tuple[str, tuple[int, int] | None]:
    """Name, and first and last line if they are given.

    >>> parse_place("a.txt:18-34"), parse_place("a.txt:7"), parse_place("a.txt")
    (('a.txt', (18, 34)), ('a.txt', (7, 7)), ('a.txt', None))
    """
    match = _RANGE.fullmatch(wanted)
    if match is None:
        return wanted, None
    return match[1], (int(match[2]), int(match[3] or match[2]))


def explain_passages(repeat: Passage, original: Passage, settings: Settings) -> Explanation:
    """Compare two passages paragraph by paragraph; each with the one that is most like it.

    Cost: every paragraph with every other.
    Raises:
        UsageError: what is protected cannot be read.
    """
    protection = read_protection(settings)
    ours, theirs = _paragraphs(repeat, settings), _paragraphs(original, settings)
    best = [(one, _best(one, theirs, settings)) for one in ours]
    both = [(one, other, _is_protected(protection, one, other)) for one, other in best if other is not None]
    words = sum(compare(other.text, one.text, settings).words for one, other, stays in both if not stays)
    setting = Setting(repeat.side.file == original.side.file, words)
    pairs = [_pair(one, other, settings, setting, protected=stays) for one, other, stays in both]
    alone = [one.side for one, other in best if other is None]
    gone = sum(pair.removed for pair in pairs)
    summary = f"{repeat.side} beside {original.side}: {gone:,} of {len(ours):,} paragraphs would go"
    return Explanation("", "passages", repeat.side, original.side, summary, pairs, alone)


def _paragraphs(passage: Passage, settings: Settings) -> list[Paragraph]:
    """The paragraphs of a passage that are not blank, with their places in the file."""
    text = passage.text
    unit: Unit = resolve_unit(settings.unit, text, True)
    found = []
    for start, end in pairwise(split_paragraphs(text, unit, at_end=True)):
        part = text[start:end]
        if part.strip():
            line = passage.side.line + len(_LINE_END.findall(text[:start]))
            last = line + len(_LINE_END.findall(part.rstrip()))
            at = passage.side.start
            found.append(
                Paragraph(passage.side._replace(line=line, last_line=last, start=at + start, end=at + end), part)
            )
    return found


def _best(one: Paragraph, theirs: list[Paragraph], settings: Settings) -> Paragraph | None:
    """The paragraph with the same words, else the most similar one; None if nothing is in common."""
    if len(theirs) == 1:
        return theirs[0]
    compared = [(compare(other.text, one.text, settings), other) for other in theirs]
    ranked = [(found.same_words, found.jaccard, -place) for place, (found, _) in enumerate(compared)]
    top = max(ranked, default=(False, 0.0, 0))
    return theirs[-top[2]] if top[0] or top[1] > 0 else None


def _is_protected(protection: Protection | None, *paragraphs: Paragraph) -> bool:
    """Whether one of them never goes, nor has another go for it."""
    if protection is None:
        return False
    return any(protection.covers(one.text, hash_sequence(hash_words(split_words(one.text)))) for one in paragraphs)


def _pair(one: Paragraph, other: Paragraph, settings: Settings, setting: Setting, *, protected: bool) -> Pair:
    found = compare(other.text, one.text, settings)
    gone = matches(found, settings)
    kind = "exact" if found.same_words else "near" if gone else "different"
    reason = _why(found, settings)
    if gone:
        reason = "the same words in the same order"
        if not found.same_words:
            reason = f"{how_near(found.similarity, settings)}; {chance(found, settings.threshold, settings)}"
        if not setting.enough(settings.min_block_words):
            gone = False
            reason = f"{setting.block_words:,} words are too few to remove a repeat of another document"
    elif found.addition is not None and settings.remove == "redundant":
        reason = adds(found.addition)
    if protected:
        gone, reason = False, "it is protected, or its original is (--keep-pattern, --protect)"
    pair = make_pair((one.side, other.side), (one.text, other.text), settings, setting, (kind, gone, reason))
    return pair._replace(cases=[]) if protected else pair  # no other option would have it go


def _why(found: Comparison, settings: Settings) -> str:
    if found.words < settings.min_words:
        return f"{found.words:,} words are too few to match alone (--min-words {settings.min_words:,})"
    if settings.remove == "exact":
        return "the words are not all the same"
    if must_be_contained(found, settings):
        return apart(found)
    return too_far(found, settings)
