"""What the page says before any script runs: the headline, the figures, the worst documents, the longest repeats."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dedup.counts import count, percent
from dedup.flat import DOCUMENT, ORIGINAL, PARAGRAPHS, WORDS, Blocks
from dedup.report.compiled import tables
from dedup.report.finding import Finding, Side
from dedup.report.html.chosen import Chosen
from dedup.report.html.labels import Labels
from dedup.report.phrases import excerpt, not_counted, unread, visible
from dedup.settings import flag

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_ROWS = 5
"""Worst documents and longest repeats on the first screen."""
MOST_SKIPPED = 20
MOST_SAID = 200
"""Characters of a text, of which a wide screen shows some 160."""


def view(report: Report, findings: Chosen, labels: Labels, left_out: int) -> dict[str, Any]:
    """All values of the template that are not code or data.

    Args:
        report: the whole.
        findings: those that the page has.
        labels: the names of their documents.
        left_out: the number of smaller ones that it has not.
    """
    totals = report.totals
    blocks = tables(report)[0]
    repeated = sum(blocks.column(WORDS))
    exact, near, variant = findings.counts()
    several = totals.documents > 1
    left = [{"path": visible(name), "reason": visible(reason)} for name, reason in unread(report)]
    worst = _worst(report, blocks, labels) if several else []
    longest = _largest(findings, labels if several else None)
    failed = [visible(one) for one in (report.check or {}).get("failed", [])]
    return {
        "version": report.version,
        "name": _title(report.names),
        "several": several,
        "any": len(findings) > 0,
        "headline": {
            "words": repeated,
            "share": percent(repeated, totals.words),
            "sentence": _sentence(report, blocks, repeated),
        },
        "figures": _pairs(_figures(report, blocks, repeated)),
        "counts": {"exact": exact, "near": near, "variant": variant},
        "counted": {"exact": f"{exact:,}", "near": f"{near:,}", "variant": f"{variant:,}"},
        "worst": worst,
        "any_worst": bool(worst),
        "largest": longest,
        "any_largest": bool(longest),
        "skipped": left[:MOST_SKIPPED],
        "any_skipped": bool(left),
        "skipped_sentence": _not_read(report),
        "failed": failed,
        "any_failed": bool(failed),
        "left_out": _left_out(left_out, len(findings)),
        "map_title": _map_title(report),
        "map_label": _map_label(report, len(findings)),
        "settings": _pairs((flag(name), value) for name, value in report.settings.answer_settings().items()),
    }


def _pairs(facts: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Facts by their names, as a template takes them."""
    return [{"name": name, "value": value} for name, value in facts]


def _title(names: Sequence[str]) -> str:
    """What was read, in one line."""
    files = list(dict.fromkeys(names))
    if not files:
        return "nothing"
    first = visible(os.path.basename(files[0]) or files[0])
    return first if len(files) == 1 else f"{first} and {len(files) - 1:,} more"


def _not_read(report: Report) -> str:
    """How much was not read."""
    passed = sum(sum(file.passed.values()) for file in report.files) if report.files.any_passed else 0
    parts = [f"{count(len(report.skipped), 'input')} that could not be read"] * (len(report.skipped) > 0)
    parts += [f"{count(passed, 'record')} without text"] * (passed > 0)
    return f"Not in this report: {' and '.join(parts)}."


def _sentence(report: Report, blocks: Blocks, repeated: int) -> str:
    totals = report.totals
    if not repeated:
        compared = f"{count(totals.words, 'word')} in {count(totals.paragraphs, 'paragraph')} were compared."
        return f"{compared} {_what_is_near(report)}".rstrip()
    removed = _what_went(report, repeated)
    return (
        f"{repeated:,} of {count(totals.words, 'word')}, in {_runs(blocks)}. {removed} {_what_is_near(report)}".rstrip()
    )


def _runs(found: Blocks) -> str:
    single = found.column(PARAGRAPHS).count(1)
    blocks = len(found) - single
    parts = [count(blocks, "block")] * bool(blocks) + [count(single, "single paragraph")] * bool(single)
    return " and ".join(parts)


def _what_went(report: Report, repeated: int) -> str:
    removed = report.totals.removed_words
    if report.check is not None:
        return _what_did_not_count(report.check)
    if not removed:
        return "None of it is removed: a paragraph alone that two documents share proves little."
    if removed >= repeated:
        return "All of it is removed; one copy of each stays."
    share = percent(removed, report.totals.words)
    kept = f"the other {repeated - removed:,} are too short to remove"
    return f"{removed:,} of these are removed, {share} of all; {kept}."


def _what_is_near(report: Report) -> str:
    variants = len(report.variants)
    if not variants:
        return ""
    if variants == 1:
        return "1 passage near to another adds something and stays."
    return f"{variants:,} passages near to others add something and stay."


def _what_did_not_count(check: dict[str, Any]) -> str:
    others = not_counted(check)
    new = "These are the new ones; " if check.get("known") else ""
    return f"{new}{others}." if others else ""


def _figures(report: Report, blocks: Blocks, repeated: int) -> list[tuple[str, str]]:
    totals = report.totals
    touched = len(set(blocks.column(DOCUMENT)))
    figures = [("words repeated", f"{repeated:,}"), _labelled(len(report.blocks) + len(report.variants), "finding")]
    if totals.documents > 1:
        return [*figures, (f"of {count(totals.documents, 'document')}", f"{touched:,}")]
    return [*figures, _labelled(totals.paragraphs, "paragraph")]


def _labelled(number: int, noun: str) -> tuple[str, str]:
    return noun + "s" * (number != 1), f"{number:,}"


def _worst(report: Report, blocks: Blocks, labels: Labels) -> list[dict[str, Any]]:
    """The documents with the most repeated words, and where most of these came from."""
    origins: dict[int, Counter[int]] = {}
    for document, origin, counted in zip(*map(blocks.column, (DOCUMENT, ORIGINAL, WORDS)), strict=True):
        if document in labels and origin in labels:
            origins.setdefault(document, Counter())[origin] += counted
    words = {document: found.total() for document, found in origins.items()}
    worst = sorted(words, key=lambda document: (-words[document], document))[:MOST_ROWS]
    return [
        {
            "name": labels.full(document),
            "short": labels.short(document),
            "origin": _origin(document, origins[document], labels),
            "others": _others(origins[document]),
            "words": count(words[document], "word"),
            "share": percent(words[document], report.documents[document].words),
            "width": round(100 * min(1.0, words[document] / max(1, report.documents[document].words)), 1),
        }
        for document in worst
    ]


def _origin(document: int, origins: Counter[int], labels: Labels) -> str:
    """Where most of the repeats of a document came from."""
    first = min(origins, key=lambda origin: (-origins[origin], origin))
    return "itself" if first == document else labels.short(first)


def _others(origins: Counter[int]) -> str:
    """How many documents more there are that a document has repeats of."""
    others = len(origins) - 1
    return f" and {count(others, 'other')}" if others else ""


def _largest(findings: Chosen, labels: Labels | None) -> list[dict[str, Any]]:
    """The longest repeats; without labels, where there is one document, by their lines alone."""
    return [
        {
            "position": position,
            "place": _place(one.place, labels) if labels else _named("", _lines(one.place).capitalize()),
            "original": _place(one.original, None if _inside(one) else labels),
            "words": count(one.words, "word"),
            "says": excerpt(one, MOST_SAID) if one.texts else "",
        }
        for position, one in findings.longest(MOST_ROWS)
    ]


def _inside(finding: Finding) -> bool:
    return finding.place.document == finding.original.document


def _place(side: Side, labels: Labels | None) -> dict[str, str]:
    """Name and lines; without labels no name."""
    return _named("", _lines(side)) if labels is None else _named(labels.short(side.document), f", {_lines(side)}")


def _named(name: str, lines: str) -> dict[str, str]:
    return {"name": name, "lines": lines}


def _lines(side: Side) -> str:
    text = "text " if side.record is not None else ""
    if side.in_bytes:
        return f"{text}bytes {side.start:,}–{side.end:,}"
    return f"{text}lines {side.span.replace('-', '–')}" if "-" in side.span else f"{text}line {side.span}"


def _map_title(report: Report) -> str:
    totals = report.totals
    return f"Map of the {count(totals.documents, 'document')}" if totals.documents > 1 else "Map of the document"


def _map_label(report: Report, findings: int) -> str:
    return (
        f"{_map_title(report)}: {count(findings, 'finding')} drawn as arches from each repeat to the passage it "
        "repeats. The list of findings below has all of them."
    )


def _left_out(left_out: int, kept: int) -> str:
    if not left_out:
        return ""
    return f"This page has the {kept:,} longest findings; {count(left_out, 'shorter one')} are in the JSON report."
