"""JUnit XML: a suite for each document with repeats, a failed case for each of the largest, and one for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from dedup.counts import count
from dedup.report.compiled import REMOVED, Pieces, Rows, names_of
from dedup.report.finding import VARIANT
from dedup.report.phrases import Told, largest, tell, title, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_CASES = 5_000
"""Those who read it hold all of it in memory and show it on one page; the largest are taken."""


def render(report: Report) -> Iterator[str]:
    """The suites. What is no failure is not in it: variants, repeats that stay, those of a check that passed."""
    repeats = [] if _passed(report) else tell(report)
    found = [one for one in repeats if one.finding.kind != VARIANT and one.finding.removed]
    shown = largest(found, MOST_CASES)
    more = len(found) - len(shown)
    yield _opening(report, len(shown), more)
    for name, group in groupby(shown, key=lambda one: one.finding.place.file):
        yield from _suite(name, list(group))
    yield _closing(report, len(shown), more)


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    if _passed(report):
        yield "".join(render(report)).encode("utf-8", "replace")
        return
    shown = rows.which(REMOVED, MOST_CASES)
    more = len(rows.which(REMOVED)) - len(shown)
    yield _opening(report, len(shown), more).encode("ascii")
    yield from rows.junit(names_of(report, rows, lambda side: escape(visible(side.file))), shown)
    yield _closing(report, len(shown), more).encode("utf-8", "replace")


def _opening(report: Report, shown: int, more: int) -> str:
    failures = shown + (more > 0) or len(_failed(report))
    tests = max(failures, 1)  # some readers take a file without a test for a broken run
    counts = f'tests="{tests}" failures="{failures}" errors="0" time="{report.run.seconds:.3f}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dedup" {counts}>\n'


def _failed(report: Report) -> list[str]:
    """Why a check did not pass; where nothing repeats, because it had nothing to look at."""
    return [] if report.check is None else list(report.check["failed"])


def _passed(report: Report) -> bool:
    """Whether a check let all pass: to those who read it, a failed case is a failed check."""
    return report.check is not None and not report.check["failed"]


def _closing(report: Report, shown: int, more: int) -> str:
    what = count(more, "more repeat")
    rest = (
        '<testsuite name="dedup" tests="1" failures="1" errors="0" skipped="0">\n'
        f'<testcase name="{what}" classname="dedup">\n<failure message="{what}" type="more">'
        f"Only the {shown:,} largest are cases.</failure>\n</testcase>\n</testsuite>\n"
    )
    return _nothing(report, _failed(report)) * (not shown) + rest * (more > 0) + "</testsuites>\n"


def _nothing(report: Report, failed: list[str]) -> str:
    """The suite where nothing fails for its repeats: one case that passes, or what a check did not pass for."""
    if not failed:
        blocks = report.totals.blocks if _passed(report) else 0
        name = f"{count(blocks, 'repeat')} within the limits" if blocks else "no repeated text"
        return (
            '<testsuite name="dedup" tests="1" failures="0" errors="0" skipped="0">\n'
            f'<testcase name="{name}" classname="dedup"/>\n</testsuite>\n'
        )
    cases = "".join(
        '<testcase name="check" classname="dedup">\n'
        f'<failure message="{escape(visible(one))}" type="check"/>\n</testcase>\n'
        for one in failed
    )
    counts = f'tests="{len(failed)}" failures="{len(failed)}" errors="0" skipped="0"'
    return f'<testsuite name="dedup" {counts}>\n{cases}</testsuite>\n'


def _suite(name: str, found: list[Told]) -> Iterator[str]:
    file = escape(visible(name))
    yield f'<testsuite name="{file}" tests="{len(found)}" failures="{len(found)}" errors="0" skipped="0">\n'
    for finding, place, message, excerpt in found:
        name = escape(f"{title(finding)} {finding.id} at {place}")
        yield f'<testcase name="{name}" classname="{file}">\n'
        text = escape(f"{place}: {message}\n{excerpt}".rstrip())
        yield f'<failure message="{escape(message)}" type="{finding.kind}">{text}</failure>\n</testcase>\n'
    yield "</testsuite>\n"


def escape(text: str) -> str:
    """Text for an element or a quoted attribute. (`xml.sax.saxutils` imports a web client: 40 ms.)

    >>> escape('a < "b" & c')
    'a &lt; &quot;b&quot; &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
