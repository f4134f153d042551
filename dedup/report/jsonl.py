"""JSON lines: a line for each finding and each document, and the summary last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.findings import Block, Variant
from dedup.report.content import Content
from dedup.report.json import block_json, encode, head, run, texts_json, variant_json

if TYPE_CHECKING:
    from dedup.report.model import Report


def render(report: Report) -> Iterator[str]:
    """The lines of a report: findings, documents, summary."""
    names = [encode(name) for name in report.names]
    found: list[Block | Variant] = [*report.blocks, *report.variants]
    for one, content in sorted(zip(found, report.contents, strict=True), key=lambda pair: pair[0].place):
        yield finding_line(one, content, names)
    yield from closing_lines(report, len(found))


def finding_line(found: Block | Variant, content: Content, names: Sequence[str]) -> str:
    """The line of one finding; `names` are JSON already."""
    if isinstance(found, Block):
        kind, row = "paragraph" if found.paragraphs == 1 else "block", block_json(found, content, names)
    else:
        kind, row = "variant", variant_json(found, content, names)
    texts = "" if content.texts is None else f',"texts":{texts_json(content.texts)}'
    return f'{{"kind":"{kind}",{row[1:-1]}{texts}}}\n'


def closing_lines(report: Report, findings: int) -> Iterator[str]:
    """The documents, and the summary, which tells how many findings came before: no line was lost if they did."""
    for one in report.documents:
        yield encode({"kind": "document", "name": report.names[one.document], **one._asdict()}) + "\n"
    skipped = [{"path": one.path, "reason": one.reason} for one in report.skipped]
    summary = {"kind": "summary", "findings": findings, **head(report), "run": run(report), "skipped": skipped}
    yield encode(summary) + "\n"
