"""JSON lines: a line for each finding and each document, and the summary last."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from dedup.findings import Block, Decided, Variant
from dedup.flat import DOCUMENT, END, ORIGINAL, START, Blocks, Variants
from dedup.report.compiled import Pieces, Rows, plain_names, read_on, rows_from, sort
from dedup.report.content import FULL_BYTES, TOTAL_BYTES, Ids
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
from dedup.report.reading import TextOf

if TYPE_CHECKING:
    from dedup.report.model import Report
    from dedup.sinks import Sink
PART = 4096
"""Blocks, and variants, that are written at once: so many texts are in memory."""


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
        # Of documents that have not ended: a block that is found late may begin before another.
        self._blocks, self._variants = Blocks(), Variants()
        self._ids = Ids()
        self._left = TOTAL_BYTES
        """For whole texts: the first findings have them, since the longest are not known before the end."""
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
        sort(blocks)
        sort(variants)
        for part in _parts(blocks, variants):
            self._written += len(part[0]) + len(part[1])
            for piece in self._tell(*part):
                self._sink.write(piece)

    def _tell(self, blocks: Blocks, variants: Variants) -> Pieces:
        """The lines of findings that follow those told before."""
        order = _order(blocks, variants)
        contents = read_on(
            blocks, variants, self._text_of, self._level, self._choose(blocks, variants, order), self._ids
        )
        rows = rows_from(blocks, variants, contents)
        if rows is not None:
            rows.make_json(plain_names(rows, lambda document: encode(self._names[document])))
            yield from rows.lines()
            return
        count = len(blocks)
        for i in order:
            found: Block | Variant = blocks[i] if i < count else variants[i - count]
            names = {number: encode(self._names[number]) for number in (found.place.document, found.original.document)}
            row = block_json if isinstance(found, Block) else variant_json
            text = texts_member(contents[i])
            yield _line(_kind(found), row(found, contents[i], names), text).encode("ascii")  # type: ignore[arg-type]

    def _choose(self, blocks: Blocks, variants: Variants, order: Sequence[int]) -> bytes:
        """1 for each finding that has its texts whole, as long as there is room for them."""
        chosen = bytearray(len(order))
        if self._level == "full" and self._left > 0:
            sizes = [*_sizes(blocks), *_sizes(variants)]
            for i in order:
                self._left -= sizes[i]
                chosen[i] = self._left >= 0
        return bytes(chosen)


Some = TypeVar("Some", Blocks, Variants)


def _ended(table: Some, last: int | None) -> tuple[Some, Some]:
    """The findings in documents up to the last that has ended, and the others; in all of them if it is None."""
    documents = table.column(DOCUMENT)
    if last is None or not documents or max(documents) <= last:
        return table, type(table)()
    ended, others = type(table)(), type(table)()
    for number, document in enumerate(documents):
        (ended if document <= last else others).extend(table.part(number, number + 1))
    return ended, others


def _places(table: Blocks | Variants) -> list[tuple[int, ...]]:
    return list(zip(*(table.column(i) for i in range(ORIGINAL)), strict=True))


def _order(blocks: Blocks, variants: Variants) -> list[int]:
    places = _places(blocks) + _places(variants)
    return sorted(range(len(places)), key=places.__getitem__)


def _sizes(table: Blocks | Variants) -> Iterator[int]:
    """The bytes of both texts of each."""
    columns = (table.column(i) for i in (START, END, ORIGINAL + START, ORIGINAL + END))
    for start, end, first, last in zip(*columns, strict=True):
        yield min(end - start, FULL_BYTES) + min(last - first, FULL_BYTES)


def _parts(blocks: Blocks, variants: Variants) -> Iterator[tuple[Blocks, Variants]]:
    """Both tables, in order, cut at the same places."""
    some, others = _places(blocks), _places(variants)
    cuts = sorted({*some[::PART], *others[::PART]})
    bounds = [(bisect_left(some, cut), bisect_left(others, cut)) for cut in cuts]
    for (first, one), (last, other) in pairwise([*bounds, (len(some), len(others))]):
        yield blocks.part(first, last), variants.part(one, other)
