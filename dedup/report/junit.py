"""JUnit XML: a suite for each document with repeats, a failed case for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from dedup.report.finding import VARIANT, Finding, iterate
from dedup.report.phrases import excerpt, message, title, visible

if TYPE_CHECKING:
    from dedup.report.model import Report


def render(report: Report) -> Iterator[str]:
    """The suites. Variants and repeats that stay are no failures, and not in it."""
    found = [one for one in iterate(report) if one.kind != VARIANT and one.removed]
    tests = max(len(found), 1)  # some readers take a file without a test for a broken run
    seconds = f"{report.run.seconds:.3f}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="dedup" tests="{tests}" failures="{len(found)}" errors="0" time="{seconds}">\n'
    for name, group in groupby(found, key=lambda one: one.place.file):
        yield from _suite(name, list(group))
    if not found:
        yield '<testsuite name="dedup" tests="1" failures="0" errors="0" skipped="0">\n'
        yield '<testcase name="no repeated text" classname="dedup"/>\n</testsuite>\n'
    yield "</testsuites>\n"


def _suite(name: str, found: list[Finding]) -> Iterator[str]:
    yield f"<testsuite name={_quote(name)} "
    yield f'tests="{len(found)}" failures="{len(found)}" errors="0" skipped="0">\n'
    for one in found:
        case = f"{title(one)} {one.id} at {one.place.span}"
        yield f"<testcase name={_quote(case)} classname={_quote(name)}>\n"
        told = message(one)
        text = f"{visible(str(one.place))}: {told}\n{excerpt(one)}".rstrip()
        yield f'<failure message={_quote(told)} type="{one.kind}">{escape(text)}</failure>\n</testcase>\n'
    yield "</testsuite>\n"


def _quote(text: str) -> str:
    return quoteattr(visible(text))
