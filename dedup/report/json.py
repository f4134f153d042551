"""The report as JSON, schema 1; docs/report.md says what every field means.

The file is made of canonical pieces (keys sorted, no spaces, ASCII), one document and one block a
line, so that two reports can be compared with `diff` and each piece is encoded only once for the
file and for the digest.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedup.findings import Block, DocumentTotals, Repeat
from dedup.report.model import SCHEMA

if TYPE_CHECKING:
    from dedup.report.model import InputFile, Report
    from dedup.sinks import Sink

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_ORDER = ("schema", "tool", "version", "digest", "run", "settings", "method", "input", "output", "totals")
_LISTS = ("skipped", "files", "documents", "blocks")


def to_dict(report: Report) -> dict[str, Any]:
    """The whole report as plain values, in the order of the file: what `json.load` makes of it."""
    facts: dict[str, Any] = json.loads("".join(_lines(report)))
    return facts


def write_report(report: Report, sink: Sink) -> None:
    """Write the report to a sink; the caller commits it.

    Cost: 50,000 blocks of two repeats take about a second.
    """
    sink.write("".join(_lines(report)).encode("ascii"))


def digest(report: Report) -> str:
    """xxh3_128, in 32 hexadecimal digits, of the canonical JSON without `run` and `digest`.

    To recompute it: load the file, drop the two, dump with sorted keys and separators "," and ":".
    """
    return _digest(_pieces(report))


def block_ids(blocks: list[Block]) -> list[str]:
    """An id for each block that does not change when lines are added before the text or files renamed.

    It is xxh3_64 over the shape of the block (relative spans, kinds, words and shingle counts of its
    repeats); a second block of the same shape gets `-2`, and so on in input order.
    """
    seen: Counter[str] = Counter()
    ids = []
    for block in blocks:
        shape = _shape(block)
        seen[shape] += 1
        ids.append(shape if seen[shape] == 1 else f"{shape}-{seen[shape]}")
    return ids


def _lines(report: Report) -> Iterator[str]:
    pieces = _pieces(report)
    head = {
        **{name: piece for name, piece in pieces.items() if isinstance(piece, str)},
        "run": _encode(_run(report)),
        "digest": _encode(_digest(pieces)),
    }
    yield "{\n" + ",\n".join(f'"{name}":{head[name]}' for name in _ORDER if name in head)
    for name in _LISTS:
        if name in pieces:
            yield f',\n"{name}":[' + ",".join("\n" + row for row in pieces[name]) + "\n]"
    yield "\n}\n"


def _pieces(report: Report) -> dict[str, str | list[str]]:
    """Every top-level value of the answer in canonical JSON; a list as the JSON of its members."""
    head: dict[str, str | list[str]] = {name: _encode(value) for name, value in _head(report).items()}
    return {**head, **_lists(report)}


def _digest(pieces: dict[str, str | list[str]]) -> str:
    import xxhash

    hashed = xxhash.xxh3_128()
    for position, name in enumerate(sorted(pieces)):
        piece = pieces[name]
        value = piece if isinstance(piece, str) else f"[{','.join(piece)}]"
        hashed.update(f'{"," if position else "{"}"{name}":{value}'.encode("ascii"))
    hashed.update(b"}")
    return hashed.hexdigest()


def _head(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "tool": "dedup",
        "version": report.version,
        "settings": report.settings.answer_settings(),
        "method": report.method._asdict(),
        "input": report.input._asdict(),
        "output": report.output._asdict(),
        "totals": _totals(report),
    }


def _run(report: Report) -> dict[str, Any]:
    return {
        "engine": report.run.engine,
        "threads": report.run.threads,
        "seconds": round(report.run.seconds, 3),
    }


def _totals(report: Report) -> dict[str, Any]:
    facts = report.totals._asdict()
    removed = {name: facts.pop(f"removed_{name}") for name in _REMOVED}
    return {**facts, "removed": removed}


def _lists(report: Report) -> dict[str, list[str]]:
    names = [_encode(name) for name in report.names]
    skipped = [{"path": one.path, "reason": one.reason} for one in report.skipped]
    lists = {
        "skipped": list(map(_encode, skipped)),
        "files": [_encode(_file(file)) for file in report.files],
    }
    if report.detailed:
        lists["documents"] = [_encode(_document(report, one)) for one in report.documents]
        ids = block_ids(report.blocks)
        lists["blocks"] = [_block(block, name, names) for block, name in zip(report.blocks, ids, strict=True)]
    return lists


def _file(file: InputFile) -> dict[str, Any]:
    return {**file._asdict(), "first_passed": [one._asdict() for one in file.first_passed]}


def _document(report: Report, totals: DocumentTotals) -> dict[str, Any]:
    """The totals of a document, and where it comes from if it is a record."""
    facts = {"name": report.names[totals.document], **totals._asdict()}
    origin = report.origins[totals.document] if totals.document < len(report.origins) else None
    if origin is None or origin.record is None:
        return facts
    return {**facts, **{name: value for name, value in origin._asdict().items() if value is not None}}


# Blocks and repeats are many and hold numbers: templates in canonical order are faster than dictionaries
# through the encoder (0.8 s instead of 2.0 s for 50,000 blocks of two repeats).
_BLOCK = (
    '{"bytes":[%d,%d],"document":%d,"id":"%s","lines":[%d,%d],"name":%s,'
    '"original":{"bytes":[%d,%d],"document":%d,"lines":[%d,%d],"name":%s},'
    '"paragraphs":%d,"removed":{"paragraphs":%d,"words":%d},"repeats":[%s],"words":%d}'
)
_REPEAT = (
    '{"bytes":[%d,%d],"intersection":%d,"kind":"%s","lines":[%d,%d],'
    '"original":{"bytes":[%d,%d],"document":%d,"lines":[%d,%d]},'
    '"removed":%s,"similarity":%s,"union":%d,"words":%d}'
)


def _block(block: Block, identity: str, names: list[str]) -> str:
    place, original, paragraphs, words, removed_paragraphs, removed_words, repeats = block
    document, start, end, line, last_line = place
    origin, origin_start, origin_end, origin_line, origin_last = original
    first = (start, end, document, identity, line, last_line, names[document])
    second = (origin_start, origin_end, origin, origin_line, origin_last, names[origin])
    inner = ",".join(map(_repeat, repeats))
    return _BLOCK % (*first, *second, paragraphs, removed_paragraphs, removed_words, inner, words)


def _repeat(repeat: Repeat) -> str:
    place, original, kind, words, intersection, union, removed = repeat
    _, start, end, line, last_line = place
    origin, origin_start, origin_end, origin_line, origin_last = original
    similarity = repr(round(intersection / union, 4)) if union else "null"
    first = (start, end, intersection, kind, line, last_line)
    second = (origin_start, origin_end, origin, origin_line, origin_last)
    return _REPEAT % (*first, *second, "true" if removed else "false", similarity, union, words)


def _shape(block: Block) -> str:
    import xxhash

    start = block.place.start
    shape = [block.place.end - start, block.original.end - block.original.start]
    for (_, first, last, *_), (_, origin, origin_end, *_), _, words, shared, union, _ in block.repeats:
        shape += (first - start, last - start, origin_end - origin, words, shared, union)
    return xxhash.xxh3_64_hexdigest(repr(shape).encode("ascii"))


_REMOVED = ("paragraphs", "words", "bytes", "exact", "near", "short")
