"""JSON Lines: each line is a record, and one field of it is the document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dedup.parts import Edit, Product, Records, Span, is_emptied, write_edited
from dedup.settings import Settings
from dedup.sources.container import Chunk, Problem, RecordFormat
from dedup.sources.detect import BOM
from dedup.sources.json_fields import (
    MISSING,
    NOT_JSON,
    edits_between,
    find_string,
    literal_edits,
    loads,
    lookup,
    unescape,
)
from dedup.sources.json_records import Lines, native_scan, read_lines
from dedup.sources.lines import line_blocks
from dedup.sources.source import Source


class Jsonl(RecordFormat):
    """Reads lines; what is no record with a text is passed through as it is."""

    def __init__(self, source: Source, settings: Settings, dated: bool = False) -> None:
        self._source = source
        self._path = tuple(settings.text_field.split("."))
        id_name = settings.date_field if dated else settings.id_field
        self._id_path = tuple(id_name.split(".")) if id_name else ()
        self._drop_empty = settings.empty == "drop"
        self._parse = loads()
        self._line = 1
        self._record = 0

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Whole lines, about `size` bytes of them at a time."""
        first = True
        for raw in line_blocks(self._source, size):
            yield self._chunk(raw, first)
            first = False

    def _chunk(self, raw: bytes, first: bool) -> Chunk:
        start = len(BOM) if first and raw.startswith(BOM) else 0
        found = read_lines(raw, start, self._path, self._id_path, self._line, self._record, self._read)
        self._line += found.line_ends
        self._record += found.records
        problems = [
            Problem(line, record, self._reason(raw[start:end])) for start, end, line, record in found.without_text
        ]
        records = JsonLines(raw, found, self._path, self._drop_empty, first)
        return Chunk(found.text, found.ends, found.numbers, found.lines, found.ids, records, problems, len(raw))

    def _read(self, line: bytes) -> tuple[bytes | None, str | None]:
        value = self._parse(line)
        text = lookup(value, self._path)
        if type(text) is not str:
            return None, None
        return _encode(text, line, self._path), _identity(lookup(value, self._id_path)) if self._id_path else None

    def _reason(self, line: bytes) -> str:
        value = self._parse(line)
        if value is NOT_JSON:
            return "not JSON"
        if not isinstance(value, dict):
            return "not a JSON object"
        name = ".".join(self._path)
        return f"no field {name}" if lookup(value, self._path) is MISSING else f"the field {name} is not a text"


class JsonLines(Records):
    """The lines of a chunk and the records among them."""

    def __init__(self, raw: bytes, found: Lines, path: tuple[str, ...], drop_empty: bool, first: bool) -> None:
        self.ends = found.ends
        self._text = found.text
        self._raw = raw
        self._starts = found.starts
        self._literals = found.literals
        self._path = path
        self._drop_empty = drop_empty
        self._first = first

    def write(self, removed: dict[int, list[Span]], product: Product) -> None:
        """Write the lines as they were, but for removed text."""
        edits = self._start_edits(product) if self._first else []
        for record, spans in removed.items():
            edits += self._edits(record, spans)
        write_edited(self._raw, edits, product)

    def _start_edits(self, product: Product) -> list[Edit]:
        """A byte order mark stays at the start of the output only. A file before may have ended without a line end."""
        if product.header is None:
            product.header = b""
            return []
        if not product.at_line_start:
            product.insert(b"\n")
        return [Edit(0, len(BOM))] if self._raw.startswith(BOM) else []

    def _edits(self, record: int, spans: list[Span]) -> list[Edit]:
        start = self._starts[record]
        line_end = self._raw.find(b"\n", start) + 1 or len(self._raw)
        text = memoryview(self._text)[self.ends[record - 1] if record else 0 : self.ends[record]]
        if self._drop_empty and is_emptied(text, spans):
            return [Edit(start, line_end)]
        first, last = self._literals[record]
        if first < 0:
            first, last = (start + place for place in find_string(self._raw[start:line_end], self._path))
        native = native_scan()
        if native is None:
            return literal_edits(self._raw[first:last], text, spans, first)
        places = native.places(self._raw, first, last, [offset for span in spans for offset in span])
        return edits_between(places, first)


def _encode(text: str, line: bytes, path: tuple[str, ...]) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # lone surrogates, written out or made of bytes that are no UTF-8
        first, last = find_string(line, path)
        return unescape(line[first:last])


def _identity(value: Any) -> str | None:
    """A string as it is, and anything else as JSON has it."""
    if value is MISSING or value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
