"""The check itself: scan, take out what is accepted and what is known, and hold the rest against the gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dedup.checks.gates import Gates, failures
from dedup.checks.known import Known, new_paragraphs
from dedup.checks.repeats import Candidate, candidates
from dedup.checks.suppress import Suppressions
from dedup.counts import count, percent
from dedup.findings import Block, DocumentTotals
from dedup.report.model import Report, Totals, largest_of
from dedup.report.reading import Reading

_COUNTED = (
    *("removed_paragraphs", "removed_words", "removed_bytes"),
    *("removed_exact", "removed_near", "removed_short", "kept_repeats", "blocks"),
)
"""Counts of a document that tell of its findings."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found."""

    report: Report
    """Its blocks are the findings that count, and its totals count only them as repeated."""
    failures: list[str]
    """A line for each gate that was not passed."""
    known: int
    """Repeats that the baseline has."""
    suppressed: int
    """Repeats that are accepted by a rule or a mark."""
    unused: list[str] = field(default_factory=list)
    """Rules and marks that accepted nothing."""
    notes: list[str] = field(default_factory=list)
    """What was not read, and what the summary should say besides."""

    @property
    def exit_status(self) -> int:
        """1 if a gate was not passed, else 3 if inputs were skipped, else 0."""
        return 1 if self.failures else self.report.exit_status

    def headline(self) -> str:
        """`2 repeats, 561 words of 1,122 (50 %); 12 known, 1 accepted`."""
        totals = self.report.totals
        found = "no repeats" if self.known == 0 else "no new repeats"
        if totals.blocks:
            share = percent(totals.removed_words, totals.words)
            noun = "repeat" if self.known == 0 else "new repeat"
            found = f"{count(totals.blocks, noun)}, {count(totals.removed_words, 'word')} of {totals.words:,} ({share})"
        else:
            found += f" in {count(totals.paragraphs, 'paragraph')}"
        others = [
            f"{number:,} {what}" for number, what in ((self.known, "known"), (self.suppressed, "accepted")) if number
        ]
        return "; ".join([found, *([", ".join(others)] if others else [])])


def judge(
    report: Report,
    gates: Gates,
    known: Known | None,
    suppressions: Suppressions,
    left_out: Mapping[str, int],
    level: str,
) -> Verdict:
    """Hold what a scan found against the gates.

    Args:
        report: made with the `reading` that is wanted here.
        gates: what may repeat.
        known: what was there before, if that does not count.
        suppressions: what is accepted.
        left_out: how many files of folders were not read, by the reason.
        level: how much text of the findings is wanted.
    """
    report = replace(report, run=report.run._replace(left_out=left_out))
    found = candidates(report)
    # What is accepted counts when groups are measured: else a new copy could take the room of an accepted one.
    fresh = found if known is None else only_new(found, known)
    left = suppressions.apply(found, report.names, report.markers)
    counted = left if known is None else suppressions.apply(fresh, report.names, report.markers)
    counts = {"known": len(left) - len(counted), "suppressed": len(found) - len(left)}
    limits = gates.in_force()
    judged = with_findings(report, counted, level)
    wrong = failures(judged, limits)
    return Verdict(
        report=replace(judged, check=_facts(limits, counts, wrong)),
        failures=wrong,
        unused=suppressions.unused(report.names, report.markers, report.origins),
        known=counts["known"],
        suppressed=counts["suppressed"],
    )


def reading(suppressions: Suppressions, level: str) -> Reading:
    """What a check wants to know of the text; all of it, for an excerpt would not reach what is left of a block."""
    accepts = suppressions.match_paragraph if suppressions.has_patterns else None
    return Reading("none" if level == "none" else "full", members=True, accepts=accepts, markers=True)


def only_new(found: Sequence[Candidate], known: Known) -> list[Candidate]:
    """The candidates, or what of them is new."""
    new = new_paragraphs(found, known)
    left: list[Candidate] = []
    number = 0
    for one in found:
        numbers = range(number, number + len(one.paragraphs))
        number += len(one.paragraphs)
        kept = one.keep([member in new for member in numbers])
        if kept is not None:
            left.append(kept)
    return left


def with_findings(report: Report, found: Sequence[Candidate], level: str) -> Report:
    """The report with these findings alone: whatever renders it shows them, and counts nothing else as repeated."""
    blocks = [one.as_block() for one in found]
    contents = [one.as_content(level) for one in found]
    documents = _recount(report.documents, blocks)
    summed = {name: sum(getattr(one, name) for one in documents) for name in _COUNTED}
    return replace(
        report,
        blocks=blocks,
        contents=contents,
        variants=[],
        largest=largest_of(blocks),
        documents=documents,
        totals=Totals(**{**report.totals._asdict(), **summed}),
    )


def _recount(documents: Sequence[DocumentTotals], blocks: Iterable[Block]) -> list[DocumentTotals]:
    counts: dict[int, Counter[str]] = {one.document: Counter() for one in documents}
    for block in blocks:
        counted = counts[block.place.document]
        counted["blocks"] += block.removed_paragraphs > 0
        for repeat in block.repeats:
            if repeat.removed:
                counted["removed_paragraphs"] += 1
                counted["removed_words"] += repeat.words
                counted["removed_bytes"] += repeat.place.end - repeat.place.start
                counted[f"removed_{repeat.kind}"] += 1
    return [
        DocumentTotals(**{**one._asdict(), **{name: counts[one.document][name] for name in _COUNTED}})
        for one in documents
    ]


def _facts(gates: Gates, counts: dict[str, int], wrong: list[str]) -> dict[str, Any]:
    limits = {name: value for name, value in gates._asdict().items() if value is not None}
    return {"failed": wrong, "gates": limits, **counts}
