"""CSV: a row for each finding, RFC 4180, with a heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dedup.report.compiled import Pieces, Rows, names_of
from dedup.report.finding import Finding, Side, findings

if TYPE_CHECKING:
    from dedup.report.model import Report

_AT_ONCE = 1000
_SIDE = ("file", "record", "line", "last_line", "start_byte", "end_byte")
COLUMNS = (
    *("id", "kind", "rule"),
    *_SIDE,
    *(f"original_{name}" for name in _SIDE),
    *("paragraphs", "words", "removed_paragraphs", "removed_words", "similarity", "new"),
)


def render(report: Report) -> Iterator[str]:
    """The heading, then the findings."""
    yield _lines([COLUMNS])
    found = findings(report)
    for start in range(0, len(found), _AT_ONCE):
        yield _lines(map(_row, found[start : start + _AT_ONCE]))


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    yield _lines([COLUMNS]).encode("ascii")
    yield from rows.csv(names_of(report, rows, lambda side: _lines([_side(side)[:2]]).removesuffix("\r\n")))


def _row(finding: Finding) -> tuple[object, ...]:
    counts = (finding.paragraphs, finding.words, finding.removed_paragraphs, finding.removed_words)
    similarity = "" if finding.similarity is None else finding.similarity
    return (
        *(finding.id, finding.kind, finding.rule),
        *(*_side(finding.place), *_side(finding.original)),
        *(*counts, similarity, " ".join(finding.new)),
    )


def _side(side: Side) -> tuple[object, ...]:
    record = side.record_id if side.record_id is not None else side.record
    return side.file, "" if record is None else record, side.line, side.last_line, side.start, side.end


def _lines(rows: Iterable[tuple[object, ...]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()
