"""What a run did in one line: the same on a terminal, in a script's log and at the head of every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.counts import count, percent

if TYPE_CHECKING:
    from dedup.report.model import Report


def headline(report: Report) -> str:
    """`removed 17 of 34 paragraphs, 50 % of the words, in 1 block; 2 variants kept`, or that there are no repeats.

    A check removes nothing: of what counts there it says that it repeats.
    """
    totals, checked = report.totals, report.check is not None
    parts = [_repeats(report, checked)]
    if not checked:
        parts += [f"{count(totals.kept_repeats, 'repeat')} too short to remove"] * (totals.kept_repeats > 0)
        parts += [f"{count(totals.variants, 'variant')} kept"] * (totals.variants > 0)
    return "; ".join(parts)


def _repeats(report: Report, checked: bool) -> str:
    totals = report.totals
    everything, gone = count(totals.paragraphs, "paragraph"), f"{totals.removed_paragraphs:,}"
    if not totals.removed_paragraphs:
        return (
            f"removed nothing in {everything}" if totals.kept_repeats and not checked else f"no repeats in {everything}"
        )
    what = f"{gone} of {everything} repeat" if checked else f"removed {gone} of {everything}"
    return f"{what}, {percent(totals.removed_words, totals.words)} of the words, in {count(totals.blocks, 'block')}"
