"""JSON lines: a line for each finding and each document, and the summary last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.report.json import document_rows, encode, finding_rows, head, run, text_rows

if TYPE_CHECKING:
    from dedup.report.model import Report


def render(report: Report) -> Iterator[str]:
    """The lines of a report: findings in input order, documents, summary."""
    places = [one.place for one in report.blocks] + [one.place for one in report.variants]
    kinds = [
        *("paragraph" if one.paragraphs == 1 else "block" for one in report.blocks),
        *_VARIANT * len(report.variants),
    ]
    rows, texts = finding_rows(report, [encode(name) for name in report.names]), text_rows(report)
    for i in sorted(range(len(places)), key=places.__getitem__):
        yield f'{{"kind":"{kinds[i]}",{rows[i][1:-1]}{texts[i]}}}\n'
    for row in document_rows(report):
        yield encode({"kind": "document", **row}) + "\n"
    skipped = [{"path": one.path, "reason": one.reason} for one in report.skipped]
    # A file that lost its end has no summary; one that lost lines has fewer than this.
    summary = {"kind": "summary", "findings": len(places), **head(report), "run": run(report), "skipped": skipped}
    yield encode(summary) + "\n"


_VARIANT = ("variant",)
