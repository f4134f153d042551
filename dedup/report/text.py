"""Plain text for people: a finding a line, as compilers and linters write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.report.compiled import Pieces, Rows, names_of
from dedup.report.phrases import tell

if TYPE_CHECKING:
    from dedup.report.model import Report


def render(report: Report) -> Iterator[str]:
    """Each finding with its place first, so that editors and terminals can jump there, and how it begins."""
    for finding, place, message, excerpt in tell(report):
        yield f"{place}: {message} [{finding.id}]\n"
        if excerpt:
            yield f"    {excerpt}\n"


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    yield from rows.text(names_of(report, rows, lambda side: side.file))
