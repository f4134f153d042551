"""JSON Lines: each line is a record, and one field of it is the document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from dedup.parts import Edit, Product, Span, write_edited
from dedup.settings import Settings
from dedup.sources.container import Chunk, Problem
from dedup.sources.fields import MISSING, NOT_JSON, find_string, literal_edits, loads, lookup, unescape
from dedup.sources.lines import line_blocks
from dedup.sources.text import Source

BOM = b"\xef\xbb\xbf"


class Jsonl:
    """Reads lines; what is no record with a text is passed through as it is."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self._source = source
        self._path = tuple(settings.text_field.split("."))
        self._id_path = tuple(settings.id_field.split(".")) if settings.id_field else ()
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
        texts: list[bytes] = []
        starts: list[int] = []
        numbers: list[int] = []
        at_lines: list[int] = []
        ids: list[str | None] = []
        problems: list[Problem] = []
        parse, path, id_path = self._parse, self._path, self._id_path
        key = path[0] if len(path) == 1 else None
        position = len(BOM) if first and raw.startswith(BOM) else 0
        lines = (raw[position:] if position else raw).split(b"\n")
        record = self._record
        for number, line in enumerate(lines, self._line):
            if not line or line.isspace():
                position += len(line) + 1
                continue
            value = parse(line)
            text = value.get(key, MISSING) if key is not None and type(value) is dict else lookup(value, path)
            if type(text) is str:
                texts.append(_encode(text, line, path))
                starts.append(position)
                numbers.append(record)
                at_lines.append(number)
                if id_path:
                    ids.append(_identity(lookup(value, id_path)))
            else:
                problems.append(Problem(number, record, _reason(value, text, path)))
            record += 1
            position += len(line) + 1
        self._line += len(lines) - 1
        self._record = record
        text, ends = b"".join(texts), list(accumulate(map(len, texts)))
        records = JsonLines(raw, starts, text, ends, path, self._drop_empty, first)
        return Chunk(text, ends, numbers, at_lines, ids, records, problems, len(raw))


class JsonLines:
    """The lines of a chunk and the records among them."""

    def __init__(
        self,
        raw: bytes,
        starts: list[int],
        text: bytes,
        ends: list[int],
        path: tuple[str, ...],
        drop_empty: bool,
        first: bool,
    ) -> None:
        self.ends = ends
        self._text = text
        self._raw = raw
        self._starts = starts
        self._path = path
        self._drop_empty = drop_empty
        self._first = first

    def write(self, removed: dict[int, list[Span]], product: Product) -> None:
        """Write the lines as they were, but for removed text; a file before may have ended without a line end."""
        if self._first and not product.at_line_start:
            product.insert(b"\n")
        edits = [edit for record, spans in removed.items() for edit in self._edits(record, spans)]
        write_edited(self._raw, edits, product)

    def _edits(self, record: int, spans: list[Span]) -> list[Edit]:
        start = self._starts[record]
        line_end = self._raw.find(b"\n", start) + 1 or len(self._raw)
        text = memoryview(self._text)[self.ends[record - 1] if record else 0 : self.ends[record]]
        if self._drop_empty and spans == [(0, len(text))]:
            return [Edit(start, line_end)]
        line = self._raw[start:line_end]
        first, last = find_string(line, self._path)
        return literal_edits(line[first:last], text, spans, start + first)


def _encode(text: str, line: bytes, path: tuple[str, ...]) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # lone surrogates, written out or made of bytes that are no UTF-8
        first, last = find_string(line, path)
        return unescape(line[first:last])


def _identity(value: Any) -> str | None:
    if value is MISSING or value is None:
        return None
    return value if isinstance(value, str) else repr(value)


def _reason(value: Any, text: Any, path: tuple[str, ...]) -> str:
    name = ".".join(path)
    if value is NOT_JSON:
        return "not JSON"
    if not isinstance(value, dict):
        return "not a JSON object"
    return f"no field {name}" if text is MISSING else f"the field {name} is not a text"
