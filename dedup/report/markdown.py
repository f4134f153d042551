"""Markdown: for a pull request's comment, a job's summary or a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dedup.report.finding import VARIANT, Finding, findings
from dedup.report.phrases import count, excerpt, message, percent, title, totals_line, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_DOCUMENTS = 10
MOST_FINDINGS = 100
"""The largest are told one by one; a job's summary may have 1 MiB."""


def render(report: Report) -> Iterator[str]:
    """Headline, the documents that repeat most, the findings."""
    yield f"# Repeated text\n\n{_upper(totals_line(report))}.\n"
    yield from _documents(report)
    found = findings(report)
    repeats = [one for one in found if one.kind != VARIANT]
    yield from _section("Repeats", repeats)
    yield from _section("Variants: near, but with something new", [one for one in found if one.kind == VARIANT])
    if report.skipped:
        yield "\n## Not read\n\n"
        yield from (f"- {escape(one.path)}: {escape(one.reason)}\n" for one in report.skipped)
    digest = f", digest `{report.digest}`" if report.detailed else ""
    yield f"\n---\n\ndedup {report.version}{digest}\n"


def _documents(report: Report) -> Iterator[str]:
    worst = sorted((one for one in report.documents if one.removed_words), key=lambda one: -one.removed_words)
    if not worst:
        return
    yield "\n## Documents that repeat most\n\n| document | words | repeated | share | blocks |\n|---|--:|--:|--:|--:|\n"
    for one in worst[:MOST_DOCUMENTS]:
        share = percent(one.removed_words, one.words)
        name = escape(report.names[one.document])
        yield f"| {name} | {one.words:,} | {one.removed_words:,} | {share} | {one.blocks:,} |\n"
    if len(worst) > MOST_DOCUMENTS:
        yield f"\nAnd {count(len(worst) - MOST_DOCUMENTS, 'more document')}.\n"


def _section(heading: str, found: list[Finding]) -> Iterator[str]:
    if not found:
        return
    yield f"\n## {heading}\n\n"
    shown = largest(found, MOST_FINDINGS)
    for one in shown:
        yield f"- **{escape(str(one.place))}** {escape(message(one))} ({title(one).lower()} `{one.id}`)\n"
        text = excerpt(one)
        if text:
            yield f"\n  > {escape(text)}\n\n"
    if len(found) > len(shown):
        yield f"\nThese are the {len(shown)} largest; {count(len(found) - len(shown), 'more finding')} not shown.\n"


def largest(found: Iterable[Finding], most: int) -> list[Finding]:
    """The findings with the most words, in the order of the input."""
    found = list(found)
    ranked = sorted(range(len(found)), key=lambda i: (-found[i].words, i))[:most]
    return [found[i] for i in sorted(ranked)]


def escape(text: str) -> str:
    r"""Text as Markdown that shows it as it is.

    >>> escape("a_b <script> | [x](y) ![] @someone #1")
    'a\\_b &lt;script&gt; \\| \\[x\\](y) !\\[\\] @\u200bsomeone #\u200b1'
    """
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A mention would send mail to a person, and #1 would link an issue.
    return re.sub(r"([@#])(?=\w)", "\\1\u200b", re.sub(r"([\\`*_\[\]|~])", r"\\\1", plain))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
