"""Markdown: for a pull request's comment, a job's summary or a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedup.counts import count, percent
from dedup.report.compiled import REPEATS, VARIANTS, Pieces, Rows, finding_at
from dedup.report.finding import VARIANT
from dedup.report.headline import headline
from dedup.report.phrases import Told, largest, not_counted, tell, title, told, unread, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_DOCUMENTS = 10
MOST_FINDINGS = 100
"""The largest are told one by one; a job's summary may have 1 MiB."""
_MARKUP = re.compile(r"([\\`*_\[\]|~])")
_MENTION = re.compile(r"([@#])(?=\w)")
"""It would send mail to a person, and #1 would link an issue."""
_HEAD = re.compile(r"^(?:\d+(?=[.)])|(?=[-+#]))")
"""At the beginning of a text it would be a heading or an item of a list."""


def render(report: Report) -> Iterator[str]:
    """Headline, the documents that lose most (in a check: repeat most), the findings."""
    found = tell(report)
    repeats = [one for one in found if one.finding.kind != VARIANT]
    variants = [one for one in found if one.finding.kind == VARIANT]
    yield from _page(report, largest(repeats, MOST_FINDINGS), largest(variants, MOST_FINDINGS))


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`; only the findings that are told are made."""
    repeats, variants = rows.which(REPEATS, MOST_FINDINGS), rows.which(VARIANTS, MOST_FINDINGS)
    shown = ([told(finding_at(report, number)) for number in numbers] for numbers in (repeats, variants))
    for piece in _page(report, *shown):
        yield piece.encode("utf-8", "replace")


def _page(report: Report, repeats: list[Told], variants: list[Told]) -> Iterator[str]:
    yield f"# Repeated text\n\n{_upper(headline(report))}.\n"
    if report.check is not None:
        yield from _verdict(report.check)
    yield from _documents(report)
    yield from _section("Repeats", repeats, len(report.blocks) - len(repeats))
    yield from _section("Variants: near, but with something new", variants, len(report.variants) - len(variants))
    left = unread(report)
    if left:
        yield "\n## Not read\n\n"
        yield from (f"- {escape(name)}: {escape(reason)}\n" for name, reason in left)
    digest = f", digest `{report.digest}`" if report.detailed else ""
    yield f"\n---\n\ndedup {report.version}{digest}\n"


def _verdict(check: dict[str, Any]) -> Iterator[str]:
    others = not_counted(check)
    if others:
        yield f"{_upper(others)}.\n"
    if not check["failed"]:
        yield "\nThe check passed.\n"
        return
    yield "\n**The check did not pass:**\n\n"
    yield from (f"- {escape(line)}\n" for line in check["failed"])


def _documents(report: Report) -> Iterator[str]:
    worst = sorted((one for one in report.documents if one.removed_words), key=lambda one: -one.removed_words)
    if not worst:
        return
    heading, column = ("repeat", "repeated") if report.check is not None else ("lose", "removed")
    yield f"\n## Documents that {heading} most\n\n"
    yield f"| document | words | {column} | share | blocks |\n|---|--:|--:|--:|--:|\n"
    for one in worst[:MOST_DOCUMENTS]:
        share = percent(one.removed_words, one.words)
        name = escape(report.where(one.document))
        yield f"| {name} | {one.words:,} | {one.removed_words:,} | {share} | {one.blocks:,} |\n"
    if len(worst) > MOST_DOCUMENTS:
        yield f"\nAnd {count(len(worst) - MOST_DOCUMENTS, 'more document')}.\n"


def _section(heading: str, shown: list[Told], more: int) -> Iterator[str]:
    if not shown:
        return
    yield f"\n## {heading}\n\n"
    for finding, place, message, excerpt in shown:
        yield f"- **{escape(place)}** {escape(message)} ({title(finding).lower()} `{finding.id}`)\n"
        if excerpt:
            yield f"\n  > {escape(excerpt)}\n\n"
    if more:
        yield f"\nThese are the {len(shown)} largest; {count(more, 'more finding')} not shown.\n"


def escape(text: str) -> str:
    r"""Text as Markdown that shows it as it is.

    >>> escape("a_b <script> | [x](y) ![] @someone #1")
    'a\\_b &lt;script&gt; \\| \\[x\\](y) !\\[\\] @\u200bsomeone #\u200b1'
    >>> escape("# a"), escape("- a"), escape("1. a")
    ('\\# a', '\\- a', '1\\. a')
    """
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _HEAD.sub(r"\g<0>\\", _MENTION.sub("\\1\u200b", _MARKUP.sub(r"\\\1", plain)))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
