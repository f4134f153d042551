"""JSON lines: a line for each finding and each document, and the summary last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.findings import Block, Decided, Variant
from dedup.report.compiled import Pieces, Rows
from dedup.report.content import TOTAL_BYTES, Content, Ids, TextReader, sides
from dedup.report.json import (
    block_json,
    document_rows,
    encode,
    finding_rows,
    head,
    make_rows,
    run,
    text_rows,
    texts_member,
    variant_json,
)
from dedup.report.reading import Reading, TextOf

if TYPE_CHECKING:
    from dedup.report.model import Report
    from dedup.sinks import Sink


def render(report: Report) -> Iterator[str]:
    """The lines of a report: findings in input order, documents, summary."""
    places = [one.place for one in report.blocks] + [one.place for one in report.variants]
    kinds = [*map(_kind, report.blocks), *map(_kind, report.variants)]
    rows, texts = finding_rows(report, [encode(name) for name in report.names]), text_rows(report)
    for i in sorted(range(len(places)), key=places.__getitem__):
        yield _line(kinds[i], rows[i], texts[i])
    yield from _closing(report, len(places))


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    make_rows(report, rows)
    yield from rows.lines()
    for line in _closing(report, len(rows)):
        yield line.encode("ascii")


def _kind(found: Block | Variant) -> str:
    if isinstance(found, Variant):
        return "variant"
    return "paragraph" if found.paragraphs == 1 else "block"


def _line(kind: str, row: str, texts: str) -> str:
    return f'{{"kind":"{kind}",{row[1:-1]}{texts}}}\n'


def _closing(report: Report, findings: int) -> Iterator[str]:
    for row in document_rows(report):
        yield encode({"kind": "document", **row}) + "\n"
    skipped = [{"path": one.path, "reason": one.reason} for one in report.skipped]
    # A file that lost its end has no summary; one that lost lines has fewer than this.
    summary = {"kind": "summary", "findings": findings, **head(report), "run": run(report), "skipped": skipped}
    yield encode(summary) + "\n"


class FindingLines:
    """Writes findings while the run goes on, in the order that `render` has, and keeps those of one document."""

    def __init__(self, sink: Sink, level: str) -> None:
        self._sink = sink
        self._level = level
        self._found: list[Block | Variant] = []
        """Of documents that have not ended: a block that is found late may begin before another."""
        self._ids = Ids()
        self._left = TOTAL_BYTES
        """For whole texts: the first findings have them, since the longest are not known before the end."""
        self._written = 0

    def begin(self, names: Sequence[str], text_of: TextOf) -> None:
        """See `dedup.report.content.Stream`."""
        self._names = names
        self._reader = TextReader(text_of, Reading(self._level, around=False))

    def take(self, decided: Decided) -> None:
        """Write the findings of the documents that have ended."""
        self._found += decided.blocks
        self._found += decided.variants
        if not decided.documents or not self._found:
            return
        ended = decided.documents[-1].document
        ready = [one for one in self._found if one.place.document <= ended]
        self._found = [one for one in self._found if one.place.document > ended]
        self._write(ready)

    def _write(self, found: list[Block | Variant]) -> None:
        lines = [self._tell(one) for one in sorted(found, key=lambda one: one.place)]
        if lines:
            self._sink.write("".join(lines).encode("ascii"))

    def close(self, report: Report) -> None:
        """Write the documents and the summary; the caller commits the sink."""
        self._write(self._found)
        for line in _closing(report, self._written):
            self._sink.write(line.encode("ascii"))

    def _tell(self, found: Block | Variant) -> str:
        self._written += 1
        self._left -= sum(sides(found.place, found.original))
        content: Content = self._reader.content(self._ids, found, self._left >= 0)
        names = {number: encode(self._names[number]) for number in (found.place.document, found.original.document)}
        row = block_json if isinstance(found, Block) else variant_json
        return _line(_kind(found), row(found, content, names), texts_member(content))  # type: ignore[arg-type]
