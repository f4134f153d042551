"""CSV: a row for each finding, RFC 4180, with a heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.report.finding import Finding, Side, iterate

if TYPE_CHECKING:
    from dedup.report.model import Report

_SIDE = ("file", "document", "line", "last_line", "start_byte", "end_byte")
COLUMNS = (
    *("id", "kind", "rule"),
    *_SIDE,
    *(f"original_{name}" for name in _SIDE),
    *("paragraphs", "words", "removed_paragraphs", "removed_words", "similarity", "new"),
)


def render(report: Report) -> Iterator[str]:
    """The heading, then the findings."""
    yield _line(COLUMNS)
    yield from (_line(_row(finding)) for finding in iterate(report))


def _row(finding: Finding) -> tuple[object, ...]:
    counts = (finding.paragraphs, finding.words, finding.removed_paragraphs, finding.removed_words)
    similarity = "" if finding.similarity is None else finding.similarity
    return (
        *(finding.id, finding.kind, finding.rule),
        *(*_side(finding.place), *_side(finding.original)),
        *(*counts, similarity, " ".join(finding.new)),
    )


def _side(side: Side) -> tuple[object, ...]:
    return side.file, side.document, side.line, side.last_line, side.start, side.end


def _line(row: tuple[object, ...]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow(row)
    return file.getvalue()
