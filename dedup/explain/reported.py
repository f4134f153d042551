"""Explanations of what a report has found, with the text read again from its sources."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import xxhash

from dedup.counts import count, line_span
from dedup.engine.select import select
from dedup.errors import InputSkipped, IntegrityError, ReadError, UsageError
from dedup.explain.judge import Setting, adds, how_near
from dedup.explain.model import Explanation, Pair, make_pair
from dedup.findings import Repeat
from dedup.matching.nearness import Similarity
from dedup.report.finding import VARIANT, Finding, Side, both_sides, findings
from dedup.report.model import Report
from dedup.rule.novelty import Addition, added
from dedup.sources.paths import list_files
from dedup.sources.walk import walk

_COMPARED = 10_000
"""So many ids are looked through for one that is close: a second."""


def find_by_id(report: Report, wanted: str) -> list[Finding]:
    """The finding with this id, also as text reports print it, in brackets; its beginning will do if no other has it.

    Raises:
        UsageError: there is none, or several begin so.
    """
    known, wanted = _findings(report), wanted.strip("[]").lower()
    found = [one for one in known if one.id == wanted] or [one for one in known if one.id.startswith(wanted)]
    if not found:
        raise UsageError(
            f"the report has no finding {wanted}: it has {count(len(known), 'finding')}", _close(wanted, known)
        )
    if len(found) > 1:
        several = ", ".join(one.id for one in found[:3])
        raise UsageError(f"{len(found):,} findings begin with {wanted}: {several}", "Give more of the id.")
    return found


def no_id(report: Report, name: str, wanted: str) -> UsageError:
    """The error of what was given beside a report, can be no id, and is none of its files either."""
    remedy = _close(wanted.strip("[]").lower(), _findings(report))
    return UsageError(f"{wanted} is neither the id of a finding in {name} nor a file in it", remedy)


def _close(wanted: str, known: Sequence[Finding]) -> str:
    """What to do about an id that is none."""
    from difflib import get_close_matches

    close = get_close_matches(wanted, [one.id for one in known[:_COMPARED]], n=3)
    meant = f"Did you mean {' or '.join(close)}? " if close else ""
    return f"{meant}Run dedup explain REPORT.json to list {'all' if close else 'them'}."


def name_in(report: Report, wanted: str) -> str | None:
    """The input of a report that is meant: by its path, however it is written, or by the end of it.

    Raises:
        UsageError: several end so.
    """
    wanted, place = os.path.normpath(wanted), os.path.abspath(wanted)
    names = list(dict.fromkeys(report.names))
    same = [name for name in names if os.path.normpath(name) == wanted]
    found = same or [name for name in names if os.path.abspath(name) == place]
    found = found or [name for name in names if name.endswith(f"/{wanted}")]
    if len(found) > 1:
        several = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        raise UsageError(f"{len(found):,} files of the report end with {wanted}: {several}", "Give more of the name.")
    return found[0] if found else None


def find_by_file(report: Report, name: str | None = None) -> list[Finding]:
    """The findings in the file of this name, or all; none where nothing repeats.

    Raises:
        UsageError: the report was made without details.
    """
    found = _findings(report)
    return found if name is None else [one for one in found if one.place.file == name]


def find_by_lines(report: Report, lines: tuple[int, int], name: str | None = None) -> list[Finding]:
    """The findings in these lines, first and last, of any file or of one; records count that begin in them.

    Raises:
        UsageError: there is none.
    """
    first, last = lines
    found = [one for one in find_by_file(report, name) if _is_within(one.place, first, last)]
    if not found:
        where = line_span(first, last) + (f" of {name}" if name else "")
        raise UsageError(
            f"nothing in {where} repeats or nearly repeats an earlier paragraph",
            "They were kept. To compare two passages: dedup explain a.txt:18-34 b.txt:1-17",
        )
    return found


def _is_within(place: Side, first: int, last: int) -> bool:
    begin, end = place.file_lines if place.record_line else (place.line, place.last_line)  # Parquet has no lines
    return begin <= last and first <= end


def _findings(report: Report) -> list[Finding]:
    """All findings.

    Raises:
        UsageError: the report was made without details.
    """
    if not report.detailed:
        raise UsageError(
            "the report has no list of findings",
            "Write it with dedup clean --report FILE, or dedup check --report FILE.",
        )
    return findings(report)


def explain(report: Report, found: Sequence[Finding], sources: Sequence[str]) -> list[Explanation]:
    """Explain findings.

    Args:
        report: what was found.
        found: some of its findings.
        sources: the inputs in the order of the run; the names in the report if empty.
    Raises:
        ReadError: a source cannot be read.
        IntegrityError: the sources are not what the report was made from.
    """
    wanted = {number for one in found for number in _documents(one)}
    texts = read_documents(report, sources, wanted)
    return [_explain(report, one, texts) for one in found]


def _documents(found: Finding) -> Iterator[int]:
    yield found.place.document
    yield found.original.document
    yield from (repeat.original.document for repeat in found.repeats)


def read_documents(report: Report, sources: Sequence[str], wanted: Iterable[int]) -> dict[int, bytes]:
    """Read the sources through, keep some of them, and check that all are what they were.

    Raises:
        ReadError, IntegrityError: as `explain` says.
    """
    known = file_names(report)
    sources = list(sources) or known
    if len(sources) != len(known):
        raise UsageError(
            f"the report is about {count(len(known), 'input')}, and {len(sources):,} were given",
            "Give them all, in the order of the run: " + " ".join(known[:3]),
        )
    if "<stdin>" in sources:
        raise ReadError("the report is about standard input", "Give the file that was piped in: --source FILE")
    skipped: list[InputSkipped] = []
    kept: dict[int, list[bytes]] = {number: [] for number in wanted}
    sizes: Counter[int] = Counter()
    hashed, size = xxhash.xxh3_128(), 0
    for batch in walk(list_files(sources), report.settings, select("auto", report.settings), skipped):
        text = memoryview(batch.text)[: batch.size]
        hashed.update(text)
        size += len(text)
        for piece in batch.pieces:
            sizes[piece.document] += piece.end - piece.start
            if piece.document in kept:
                kept[piece.document].append(bytes(batch.text[piece.start : piece.end]))
    if skipped:
        reason = skipped[0]
        raise ReadError(f"cannot read {reason.path}: {reason.reason}", "Say where the inputs are now: --source FILE")
    if (size, hashed.hexdigest()) != (report.input.bytes, report.input.xxh3_128):
        command = "clean" if report.check is None else "check"
        raise IntegrityError(_changed(known, report, sizes), f"Write the report again with dedup {command} --report.")
    return {number: b"".join(parts) for number, parts in kept.items()}


def file_names(report: Report) -> list[str]:
    """The files with documents in them, in the order of the run: a file of records is one."""
    names: list[str] = []
    before = -1
    for number, name in enumerate(report.names):
        record = report.origins[number].record
        if not names or record is None or record <= before or name != names[-1]:
            names.append(name)
        before = -1 if record is None else record
    return names


def _changed(known: Sequence[str], report: Report, sizes: Counter[int]) -> str:
    """Which inputs are not what they were, as far as their sizes tell; where they do not, all that it may be."""
    size, before = sizes.total(), report.input.bytes
    names = list(
        dict.fromkeys(report.names[one.document] for one in report.documents if sizes[one.document] != one.bytes)
    )
    shown = ", ".join((names or known)[:3]) + (", ..." if len(names or known) > 3 else "")
    one_of = "" if names or len(known) == 1 else f"one of {len(known):,} inputs ("
    changed = f"{one_of}{shown}{')' if one_of else ''} changed since the report was written"
    if size == before:
        return f"{changed}: as many bytes ({size:,}), but others"
    return f"{changed}: {before:,} bytes then, {size:,} now"


def _explain(report: Report, found: Finding, texts: dict[int, bytes]) -> Explanation:
    pairs = (
        [_variant_pair(report, found, texts)]
        if found.kind == VARIANT
        else [_repeat_pair(report, found, repeat, texts) for repeat in found.repeats]
    )
    checked = report.check is not None
    summary = _summary(found, checked)
    return Explanation(found.id, found.kind, found.place, found.original, summary, pairs, [], checked)


def _summary(found: Finding, checked: bool) -> str:
    if found.kind == VARIANT:
        return f"{found.place} is near to {found.original} and stays"
    what = f"{count(found.paragraphs, 'paragraph')}, {found.words:,} words"
    gone = "all" if found.removed_paragraphs == found.paragraphs else f"{found.removed_paragraphs:,}"
    fate = "counted (a check removes nothing)" if checked else "removed"
    return f"{found.place} repeats {found.original}: {what}, {f'{gone} {fate}' if found.removed else 'kept'}"


def _variant_pair(report: Report, found: Finding, texts: dict[int, bytes]) -> Pair:
    sides = (found.place, found.original)
    both = tuple(texts[one.document][one.start : one.end] for one in sides)
    setting = Setting(found.place.document == found.original.document, found.words)
    # A report without text has no words here; the sources have them.
    addition = None if found.new else added(both[0], both[1])
    outcome = (VARIANT, False, adds(addition or Addition(found.rule, found.new)))
    return make_pair(sides, (both[0], both[1]), report.settings, setting, outcome)


def _repeat_pair(report: Report, found: Finding, repeat: Repeat, texts: dict[int, bytes]) -> Pair:
    places = (repeat.place, repeat.original)
    both = tuple(texts[one.document][one.start : one.end] for one in places)
    sides = both_sides(*places, report.names, report.origins)
    same = repeat.place.document == repeat.original.document
    shown = repeat.removed and not same and found.words < report.settings.min_block_words
    setting = Setting(same, found.words, shown)
    outcome = (repeat.kind, repeat.removed, _why(report, found, repeat))
    return make_pair(sides, (both[0], both[1]), report.settings, setting, outcome)


def _why(report: Report, found: Finding, repeat: Repeat) -> str:
    """Why a repeat went, or stayed all the same."""
    settings = report.settings
    if not repeat.removed:
        return (
            f"too short to remove: its block has {found.words:,} words, and --min-block-words is "
            f"{settings.min_block_words:,} for repeats of other documents"
        )
    if repeat.kind == "short":
        return "a short paragraph: goes with its block, since the one at the same place says the same"
    if repeat.kind == "exact":
        return "the same words in the same order"
    return how_near(Similarity(repeat.intersection, repeat.union), settings)
