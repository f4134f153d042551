"""Plain text for people: a finding a line, as compilers and linters write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.report.finding import iterate
from dedup.report.phrases import excerpt, message, visible

if TYPE_CHECKING:
    from dedup.report.model import Report


def render(report: Report) -> Iterator[str]:
    """Each finding with its place first, so that editors and terminals can jump there, and how it begins."""
    for finding in iterate(report):
        yield f"{visible(str(finding.place))}: {message(finding)} [{finding.id}]\n"
        text = excerpt(finding, 100)
        if text:
            yield f"    {text}\n"
