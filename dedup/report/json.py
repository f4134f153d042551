"""The report as JSON, schema 1; docs/report.md says what every field means.

The file is made of canonical pieces (keys sorted, no spaces, ASCII), one document and one block a
line, so that two reports can be compared with `diff` and each piece is encoded only once for the
file and for the digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING, Any

from dedup.findings import Block, DocumentTotals, Repeat, Variant
from dedup.report.compiled import Pieces, Rows, names_of, rows_of
from dedup.report.finding import add_up
from dedup.report.model import SCHEMA

if TYPE_CHECKING:
    from dedup.report.content import Content, Passage, Texts
    from dedup.report.model import InputFile, Report

Names = Sequence[str] | Mapping[int, str]
"""The names of documents by number, as JSON."""
Canonical = Mapping[str, str | Iterable[str] | memoryview]
"""Values of the report as canonical JSON; a list as its members, or as these with commas between them."""
encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
REPEAT_COLUMNS = (
    *("start", "end", "line", "last_line"),
    *("original_document", "original_start", "original_end", "original_line", "original_last_line"),
    *("kind", "words", "intersection", "union", "removed"),
)
"""What the numbers of a repeat are. They are many, and as objects were a quarter of the file."""
_ORDER = (
    *("schema", "tool", "version", "digest", "run", "settings", "method", "input", "output", "totals", "check"),
    "repeat_columns",
)
_REMOVED = ("paragraphs", "words", "bytes", "exact", "near", "short")
_LISTS = ("skipped", "files", "documents", "blocks", "variants")


def to_dict(report: Report) -> dict[str, Any]:
    """The whole report as plain values, in the order of the file: what `json.load` makes of it."""
    facts: dict[str, Any] = json.loads("".join(_lines(report)))
    return facts


def render(report: Report) -> Iterator[str]:
    """The report as JSON, in pieces."""
    return _lines(report)


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    blocks, variants = make_rows(report, rows)
    pieces = {**_pieces(report, findings=False), "blocks": blocks, "variants": variants}
    yield _opening(report, pieces).encode("ascii")
    for name in _LISTS[:-2]:
        yield _list(name, pieces[name]).encode("ascii")
    for name, found in (("blocks", blocks), ("variants", variants)):
        yield f',\n"{name}":['.encode("ascii") + b"\n" * bool(found)
        yield from rows.json_rows(name == "variants")
        yield b"\n]"
    yield b"\n}\n"


def make_rows(report: Report, rows: Rows) -> tuple[memoryview, memoryview]:
    """The rows of the blocks and of the variants without texts, in canonical JSON with commas between them."""
    made: tuple[memoryview, memoryview] = rows.make_json(names_of(report, rows, lambda side: encode(side.file)))
    return made


def digest(report: Report) -> str:
    """xxh3_128, in 32 hexadecimal digits, of the canonical JSON without `run`, `digest` and every `texts`.

    To recompute it: load the file, drop those, dump with sorted keys and separators "," and ":".
    """
    if "digest" not in report.views:
        rows = rows_of(report) if report.detailed else None
        if rows is None:
            return _digest(report, _pieces(report))
        blocks, variants = make_rows(report, rows)
        return _digest(report, {**_pieces(report, findings=False), "blocks": blocks, "variants": variants})
    made: str = report.views["digest"]
    return made


def _lines(report: Report) -> Iterator[str]:
    pieces = _pieces(report)
    yield _opening(report, pieces)
    for name in _LISTS:
        if name in pieces:
            yield _list(name, _with_texts(report, name, pieces[name]))
    yield "\n}\n"


def _opening(report: Report, pieces: Canonical) -> str:
    strings = {
        **{name: piece for name, piece in pieces.items() if isinstance(piece, str)},
        "run": encode(run(report)),
        "digest": encode(_digest(report, pieces)),
    }
    return "{\n" + ",\n".join(f'"{name}":{strings[name]}' for name in _ORDER if name in strings)


def _list(name: str, rows: Iterable[str]) -> str:
    return f',\n"{name}":[' + ",".join("\n" + row for row in rows) + "\n]"


def _with_texts(report: Report, name: str, rows: Any) -> Iterator[str]:
    """The rows of a list as the file has them: texts are beside the answer, and stand last in their row."""
    count = len(report.blocks)
    parts = {"blocks": slice(0, count), "variants": slice(count, None)}
    if name not in parts:
        yield from rows
        return
    for row, texts in zip(rows, text_rows(report)[parts[name]], strict=True):
        yield f"{row[:-1]}{texts}}}" if texts else row


def text_rows(report: Report) -> list[str]:
    """The texts of blocks, then variants, as a last member of their rows; kept for the next who asks."""
    if "texts" not in report.views:
        report.views["texts"] = [texts_member(content.texts) for content in report.contents]
    rows: list[str] = report.views["texts"]
    return rows


def texts_member(texts: Texts | None) -> str:
    """The texts of a finding as a last member of its row; empty if there are none.

    Without what is empty, and without the text of an original that is that of the repeat.
    """
    if texts is None:
        return ""
    repeat, original = texts
    same = (original.text, original.cut) == (repeat.text, repeat.cut)
    return f',"texts":{{"original":{_passage(original, not same)},"repeat":{_passage(repeat, True)}}}'


def _passage(passage: Passage, told: bool) -> str:
    beside = (("after", passage.after), ("before", passage.before))
    members = [f'"{name}":{quote(text)}' for name, text in beside if text]
    if told:
        members += ['"cut":true'] * passage.cut + [f'"text":{quote(passage.text)}']
    return f"{{{','.join(members)}}}"


def _pieces(report: Report, *, findings: bool = True) -> dict[str, Any]:
    """Every top-level value of the answer in canonical JSON; a list as the JSON of its members."""
    pieces: dict[str, Any] = {name: encode(value) for name, value in head(report).items()}
    return {**pieces, **_lists(report, findings)}


def _digest(report: Report, pieces: Canonical) -> str:
    """The digest, which is kept for the next who asks."""
    if "digest" not in report.views:
        report.views["digest"] = _hash(pieces)
    made: str = report.views["digest"]
    return made


def _hash(pieces: Canonical) -> str:
    import xxhash

    hashed = xxhash.xxh3_128()
    for position, name in enumerate(sorted(pieces)):
        piece = pieces[name]
        hashed.update(f'{"," if position else "{"}"{name}":'.encode("ascii"))
        if isinstance(piece, str):
            hashed.update(piece.encode("ascii"))
        else:
            hashed.update(b"[")
            hashed.update(piece if isinstance(piece, memoryview) else ",".join(piece).encode("ascii"))
            hashed.update(b"]")
    hashed.update(b"}")
    return hashed.hexdigest()


def head(report: Report) -> dict[str, Any]:
    """What is said of the whole answer."""
    return {
        "schema": SCHEMA,
        "tool": "dedup",
        "version": report.version,
        "settings": report.settings.answer_settings(),
        "method": report.method._asdict(),
        "input": report.input._asdict(),
        "output": report.output._asdict(),
        "totals": _totals(report),
        "repeat_columns": REPEAT_COLUMNS,
        **({} if report.check is None else {"check": report.check}),
    }


def run(report: Report) -> dict[str, Any]:
    """What is said of this run, and is no part of the answer."""
    return {
        "engine": report.run.engine,
        "threads": report.run.threads,
        "seconds": round(report.run.seconds, 3),
        **({"left_out": dict(report.run.left_out)} if report.run.left_out else {}),
    }


def _totals(report: Report) -> dict[str, Any]:
    facts = report.totals._asdict()
    removed = {name: facts.pop(f"removed_{name}") for name in _REMOVED}
    variants = {"paragraphs": facts.pop("variants"), "by_rule": facts.pop("variants_by_rule")}
    return {**facts, "removed": removed, "variants": variants}


def _lists(report: Report, findings: bool) -> dict[str, list[str]]:
    skipped = [{"path": one.path, "reason": one.reason} for one in report.skipped]
    lists = {
        "skipped": list(map(encode, skipped)),
        "files": [encode(_file(file)) for file in report.files],
    }
    if report.detailed:
        lists["documents"] = list(map(encode, document_rows(report)))
    if report.detailed and findings:
        rows, count = finding_rows(report, [encode(name) for name in report.names]), len(report.blocks)
        lists["blocks"], lists["variants"] = rows[:count], rows[count:]
    return lists


def finding_rows(report: Report, names: Sequence[str]) -> list[str]:
    """Blocks, then variants, without their texts; kept for the next who asks. `names` are JSON already."""
    if "rows" not in report.views:
        count = len(report.blocks)
        blocks = zip(report.blocks, report.contents[:count], strict=True)
        variants = zip(report.variants, report.contents[count:], strict=True)
        report.views["rows"] = [
            *(block_json(block, content, names) for block, content in blocks),
            *(variant_json(variant, content, names) for variant, content in variants),
        ]
    rows: list[str] = report.views["rows"]
    return rows


def document_rows(report: Report) -> Iterator[dict[str, Any]]:
    """What is said of each document."""
    return (_document(report, one) for one in report.documents)


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
    '"paragraphs":%d,"removed":{"paragraphs":%d,"words":%d},"repeats":[%s],'
    '"rule":"%s","similarity":%s,"words":%d}'
)
_REPEAT = '[%d,%d,%d,%d,%d,%d,%d,%d,%d,"%s",%d,%d,%d,%s]'
_VARIANT = (
    '{"bytes":[%d,%d],"document":%d,"id":"%s","intersection":%d,"lines":[%d,%d],"name":%s,"new":%s,'
    '"original":{"bytes":[%d,%d],"document":%d,"lines":[%d,%d],"name":%s},'
    '"rule":%s,"similarity":%s,"union":%d,"words":%d}'
)


def block_json(block: Block, content: Content, names: Names) -> str:
    """A block without its texts; `names` are JSON already."""
    place, original, paragraphs, words, removed_paragraphs, removed_words, repeats = block
    document, start, end, line, last_line = place
    origin, origin_start, origin_end, origin_line, origin_last = original
    first = (start, end, document, content.id, line, last_line, names[document])
    second = (origin_start, origin_end, origin, origin_line, origin_last, names[origin])
    inner = ",".join(map(_repeat, repeats))
    rule, intersection, union = add_up(repeats)
    counts = (paragraphs, removed_paragraphs, removed_words)
    return _BLOCK % (*first, *second, *counts, inner, rule, _similarity(intersection, union), words)


def variant_json(variant: Variant, content: Content, names: Names) -> str:
    """A variant without its texts; `names` are JSON already."""
    place, original, rule, new, words, intersection, union = variant
    document, start, end, line, last_line = place
    origin, origin_start, origin_end, origin_line, origin_last = original
    first = (start, end, document, content.id, intersection, line, last_line, names[document], encode(new))
    second = (origin_start, origin_end, origin, origin_line, origin_last, names[origin])
    return _VARIANT % (*first, *second, encode(rule), _similarity(intersection, union), union, words)


def _repeat(repeat: Repeat) -> str:
    place, original, kind, words, intersection, union, removed = repeat
    return _REPEAT % (*place[1:], *original, kind, words, intersection, union, "true" if removed else "false")


def _similarity(intersection: int, union: int) -> str:
    return repr(round(intersection / union, 4)) if union else "null"
