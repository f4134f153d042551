"""JSON lines: a line for each finding and each document, and the summary last.

Of the texts they have excerpts: which findings would have them whole is known only at the end of a run, and lines that
go out before are to be those that come later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from dedup.findings import Block, Decided, Variant
from dedup.flat import DOCUMENT, ORIGINAL, Blocks, Variants
from dedup.report.compiled import Pieces, Rows, plain_names, read_on, rows_from, sort
from dedup.report.content import Content, Ids, excerpts
from dedup.report.json import (
    block_json,
    document_rows,
    encode,
    finding_rows,
    head,
    make_rows,
    run,
    texts_member,
    variant_json,
)
from dedup.report.reading import TextOf

if TYPE_CHECKING:
    from dedup.report.model import Report
    from dedup.sinks import Sink
PART = 4096
"""Blocks, and variants, that are written at once: so many texts are in memory."""


def render(report: Report) -> Iterator[str]:
    """The lines of a report: findings in input order, documents, summary."""
    found: list[Block | Variant] = [*report.blocks, *report.variants]
    rows = finding_rows(report, [encode(name) for name in report.names])
    for i in sorted(range(len(found)), key=lambda i: found[i].place):
        yield _line(found[i], rows[i], report.contents[i])
    yield from _closing(report, len(found))


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


def _line(found: Block | Variant, row: str, content: Content) -> str:
    texts = texts_member(content.texts and excerpts(found, content.texts))
    return f'{{"kind":"{_kind(found)}",{row[1:-1]}{texts}}}\n'


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
        self._level = "none" if level == "none" else "excerpt"
        # Of documents that have not ended: a block that is found late may begin before another.
        self._blocks, self._variants = Blocks(), Variants()
        self._ids = Ids()
        self._written = 0

    def begin(self, names: Sequence[str], text_of: TextOf) -> None:
        """See `dedup.report.reading.FindingStream`."""
        self._names = names
        self._text_of = text_of

    def take(self, decided: Decided) -> None:
        """Write the findings of the documents that have ended."""
        self._blocks.extend(decided.blocks)
        self._variants.extend(decided.variants)
        if decided.documents:
            self._write(decided.documents[-1].document)

    def close(self, report: Report) -> None:
        """Write the documents and the summary; the caller commits the sink."""
        self._write(None)
        for line in _closing(report, self._written):
            self._sink.write(line.encode("ascii"))

    def _write(self, ended: int | None) -> None:
        blocks, self._blocks = _ended(self._blocks, ended)
        variants, self._variants = _ended(self._variants, ended)
        if self._level == "none":
            variants = variants.without_words()
        sort(blocks)
        sort(variants)
        for part in _parts(blocks, variants):
            self._written += len(part[0]) + len(part[1])
            for piece in self._tell(*part):
                self._sink.write(piece)

    def _tell(self, blocks: Blocks, variants: Variants) -> Pieces:
        """The lines of findings that follow those told before."""
        contents = read_on(blocks, variants, self._text_of, self._level, self._ids)
        rows = rows_from(blocks, variants, contents)
        if rows is not None:
            rows.make_json(plain_names(rows, lambda document: encode(self._names[document])))
            yield from rows.lines()
            return
        count = len(blocks)
        for i in _order(blocks, variants):
            found: Block | Variant = blocks[i] if i < count else variants[i - count]
            names = {number: encode(self._names[number]) for number in (found.place.document, found.original.document)}
            row = block_json if isinstance(found, Block) else variant_json
            yield _line(found, row(found, contents[i], names), contents[i]).encode("ascii")  # type: ignore[arg-type]


Some = TypeVar("Some", Blocks, Variants)


def _ended(table: Some, last: int | None) -> tuple[Some, Some]:
    """The findings in documents up to the last that has ended, and the others; in all of them if it is None."""
    documents = table.column(DOCUMENT)
    if last is None or not documents or max(documents) <= last:
        return table, type(table)()
    count = bisect_right(documents, last)  # a document's findings come before those of the next
    return table.part(0, count), table.tail(count)


def _places(table: Blocks | Variants) -> list[tuple[int, ...]]:
    return list(zip(*(table.column(i) for i in range(ORIGINAL)), strict=True))


def _order(blocks: Blocks, variants: Variants) -> list[int]:
    places = _places(blocks) + _places(variants)
    return sorted(range(len(places)), key=places.__getitem__)


def _parts(blocks: Blocks, variants: Variants) -> Iterator[tuple[Blocks, Variants]]:
    """Both tables, in order, cut at the same places."""
    some, others = _places(blocks), _places(variants)
    cuts = sorted({*some[::PART], *others[::PART]})
    bounds = [(bisect_left(some, cut), bisect_left(others, cut)) for cut in cuts]
    for (first, one), (last, other) in pairwise([*bounds, (len(some), len(others))]):
        yield blocks.part(first, last), variants.part(one, other)
