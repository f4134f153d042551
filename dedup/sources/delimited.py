"""CSV and TSV with a header: each row is a record, and one column of it is the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from dedup.counts import count
from dedup.errors import InputSkipped, UsageError
from dedup.parts import Edit, Product, Records, Span, is_emptied, left_of, write_edited
from dedup.settings import Settings
from dedup.sources.container import Chunk, Problem, RecordFormat, columns_beside, list_columns
from dedup.sources.detect import BOM
from dedup.sources.json_fields import Places
from dedup.sources.source import Source

DELIMITERS = (b",", b";", b"\t", b"|")
_END = rb"(\r\n?|\n|\Z)"
_QUOTE = re.compile(b'"')
_QUOTED = re.compile(rb'"((?:[^"]++|"")*+)"')
_DECLARED = re.compile(rb'"?sep=([^"\r\n\x80-\xff])"?[ \t]*+(?:\r\n?|\n)', re.IGNORECASE)
"""The line above a header that tells Excel which delimiter the rows have."""
_BLANK_LINES = re.compile(rb"(?:[ \t]*+(?:\r\n?|\n))*+")


def _field(delimiter: bytes, lines_in_quotes: bool) -> bytes:
    """The pattern of one field. Quotes count only at its start, as in Python's csv module."""
    inner = b'[^"]' if lines_in_quotes else rb'[^"\r\n]'
    quoted = b'"(?:' + inner + b'++|"")*+"'
    plain = b"[^" + re.escape(delimiter) + rb"\r\n]*+"
    return b"(?:" + quoted + plain + (b'|(?!")' if lines_in_quotes else b"|") + plain + b")"


class Dialect:
    """How rows are cut into fields."""

    def __init__(self, delimiter: bytes, lines_in_quotes: bool) -> None:
        """
        Args:
            delimiter: one byte.
            lines_in_quotes: a quoted field may hold line ends. Not in TSV, where a lone quote is just a quote.
        """
        self.delimiter = delimiter
        self.lines_in_quotes = lines_in_quotes
        self._pattern = _field(delimiter, lines_in_quotes)
        self._next = re.compile(b"(" + self._pattern + b")(" + re.escape(delimiter) + rb"|\r\n?|\n|\Z)")

    def fields(self, text: bytes, start: int) -> tuple[list[Span], int]:
        """The fields of the row at `start`, and where it ends: -1 if a quote in it is not closed."""
        spans: list[Span] = []
        while True:
            field = self._next.match(text, start)
            if field is None:
                return spans, -1
            spans.append(field.span(1))
            start = field.end()
            if field[2] != self.delimiter:
                return spans, start

    def row(self, columns: int, wanted: list[int]) -> re.Pattern[bytes]:
        """The pattern of a row with so many columns; groups for the wanted ones, then one for its end."""
        parts = [b"(" + self._pattern + b")" if i in wanted else self._pattern for i in range(columns)]
        return re.compile(re.escape(self.delimiter).join(parts) + _END)


class Delimited(RecordFormat):
    """Reads rows; what has another number of columns is passed through as it is."""

    def __init__(self, source: Source, settings: Settings, format_name: str, dated: bool = False) -> None:
        self._source = source
        self._name = settings.text_field
        self._beside = dict(columns_beside(settings))
        self._id_name = settings.date_field if dated else settings.id_field
        self._drop_empty = settings.empty == "drop"
        self._tab = format_name == "tsv"
        self._line = 1
        self._record = 0
        self._columns = 0
        self._column = 0
        self._id_column = -1
        self._declared: bytes | None = None
        self._dialect = Dialect(b",", True)
        self._row = self._dialect.row(1, [0])
        self._group = self._id_group = 1
        """Of that pattern: the text, and the id if `_id_column` is not negative."""

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Whole rows, about `size` bytes of them at a time."""
        unread, ended, want, header = bytearray(), False, size, True
        while not ended:
            while not ended and len(unread) < want:
                part = self._source.read(want - len(unread))
                ended = not part
                unread += part
                if self._source.pauses():
                    break
            text = bytes(unread)
            start = self._read_header(text, ended) if header else 0
            if start < 0 or not text:
                want = max(2 * len(text), size)
                continue
            chunk, end = self._chunk(text, start, ended, header)
            header = header and not end
            want = size if end else max(2 * len(text), size)
            if end:
                del unread[:end]
                yield chunk

    # ---- The header ----

    def _read_header(self, text: bytes, ended: bool) -> int:
        """Learn the columns; gives where the first row begins, -1 if the header is not whole."""
        start, self._declared = _before_header(text)
        line = re.match(rb"[^\r\n]*", text[start:])[0]  # type: ignore[index]  # it always matches
        if not ended and start + len(line) >= len(text) - 1:
            return -1
        if text and start == len(text):
            raise InputSkipped(self._source.name, "it has no header, only blank lines")
        delimiter = self._declared or (b"\t" if self._tab else self._guess(line))
        self._dialect = Dialect(delimiter, not self._tab)
        spans, end = self._dialect.fields(text, start)
        if end < 0:
            if ended:
                raise InputSkipped(self._source.name, "a quote in its header is not closed")
            return -1
        names = [_value(text[first:last]).decode("utf-8", "surrogateescape") for first, last in spans]
        if not text:
            return 0
        self._columns = len(names)
        self._column = self._find(names, self._name, "--text-field")
        beside = {name: self._find(names, name, option) for name, option in self._beside.items()}
        self._id_column = beside.get(self._id_name, -1)
        self._row = self._dialect.row(self._columns, [self._column, self._id_column])
        self._group = 2 if 0 <= self._id_column < self._column else 1
        self._id_group = 2 if self._id_column > self._column else 1
        return end

    def _guess(self, line: bytes) -> bytes:
        """The delimiter with which the header has the text column, else the one it has most of."""
        name = self._name.encode("utf-8", "surrogateescape")
        for delimiter in DELIMITERS:
            spans, _ = Dialect(delimiter, True).fields(line, 0)
            if name in [_value(line[first:last]) for first, last in spans]:
                return delimiter
        return max(DELIMITERS, key=line.count)

    def _find(self, names: list[str], wanted: str, option: str) -> int:
        shown = list_columns(names)
        if names.count(wanted) > 1:
            reason = f"its header has more than one column {wanted} ({option}); it has {shown}: rename all but one"
            raise InputSkipped(self._source.name, reason)
        if wanted in names:
            return names.index(wanted)
        told = f", parted by {self._declared.decode()!r} as its first line says" if self._declared else ""
        raise InputSkipped(self._source.name, f"its header has no column {wanted} ({option}); it has {shown}{told}")

    # ---- Rows ----

    def _chunk(self, text: bytes, header_end: int, ended: bool, header: bool) -> tuple[Chunk, int]:
        """The whole rows of a block, and where they end; 0 if there is none.

        Args:
            text: the block.
            header_end: where the header ends; 0 if none is in it.
            ended: nothing follows.
            header: the block begins with the header.
        """
        texts: list[bytes] = []
        rows: list[tuple[int, int, int, int]] = []
        lines: list[int] = []
        numbers: list[int] = []
        number = self._record
        ids: list[str | None] = []
        problems: list[Problem] = []
        line = self._line + _line_ends(text[:header_end])
        start = header_end
        while start < len(text):
            row = self._row.match(text, start)
            end = row.end() if row else self._dialect.fields(text, start)[1]
            if not ended and (end < 0 or (end == len(text) and text[-1:] != b"\n")):
                break  # it may go on
            if end < 0:
                problems.append(self._unclosed(text, start, line, number))
                number += 1
                end = len(text)
            elif text[start] in b"\r\n":
                pass  # a blank line is no row
            elif row is None:
                problems.append(Problem(line, number, "another number of columns than the header"))
                number += 1
            elif (value := _text(row[self._group])) is None:
                problems.append(Problem(line, number, "text behind a closing quote"))
                number += 1
            else:
                texts.append(value)
                rows.append((start, *row.span(self._group), end))
                lines.append(line)
                numbers.append(number)
                number += 1
                if self._id_column >= 0:
                    ids.append(_value(row[self._id_group]).decode("utf-8", "replace"))
            line += _line_ends(text[start:end])
            start = end
        self._line = line
        self._record = number
        records = Rows(text[:start], header_end, rows, self._columns == 1, self._drop_empty)
        records.ends = list(accumulate(map(len, texts)))
        whole = start if start > header_end or (header and (ended or start)) else 0
        return Chunk(b"".join(texts), records.ends, numbers, lines, ids, records, problems, start), whole

    def _unclosed(self, text: bytes, start: int, line: int, number: int) -> Problem:
        """What is wrong with a row in which a quote is never closed: the rest of the file is in it."""
        before, _ = self._dialect.fields(text, start)
        quote = before[-1][1] + len(self._dialect.delimiter) if before else start
        opened = line + _line_ends(text[start:quote])
        lines = count(_line_ends(text[start:]) + (text[-1:] not in b"\r\n"), "line")
        reason = f"a quote opened in line {opened:,} is never closed ({lines} to the end of the file)"
        return Problem(line, number, reason)


class Rows(Records):
    """The rows of a chunk, with the header before them if it is the first."""

    def __init__(
        self, raw: bytes, header_end: int, rows: list[tuple[int, int, int, int]], alone: bool, drop_empty: bool
    ) -> None:
        self.ends: list[int] = []
        self._raw = raw
        self._header_end = header_end
        self._rows = rows
        """Of each record where the row begins, where the field begins and ends, and where the row ends."""
        self._alone = alone
        """There is one column: an empty field needs quotes, or the row would be a blank line."""
        self._drop_empty = drop_empty

    def write(self, removed: dict[int, list[Span]], product: Product) -> None:
        """Write the rows as they were, but for removed text."""
        edits = self._header_edits(product)
        for record, spans in removed.items():
            edits += self._edits(record, spans)
        write_edited(self._raw, edits, product)

    def _header_edits(self, product: Product) -> list[Edit]:
        """The header stays once. A file before may have ended without a line end."""
        header = self._raw[: self._header_end]
        if not header:
            return []
        bare = header.removeprefix(BOM).strip(b"\r\n")
        if product.header is None:
            product.header = header
            return []
        if product.header.removeprefix(BOM).strip(b"\r\n") != bare:
            both = f"{_shown(product.header)} and {_shown(bare)}"
            raise UsageError(
                f"tables with different headers cannot stand in one output: {both}",
                "Give --output-dir DIR for an output file each, or clean them one by one.",
            )
        if not product.at_line_start and self._header_end < len(self._raw):
            product.insert(b"\r\n" if product.header.endswith(b"\r\n") else b"\n")
        return [Edit(0, self._header_end)]

    def _edits(self, record: int, spans: list[Span]) -> list[Edit]:
        start, first, last, end = self._rows[record]
        size = self.ends[record] - (self.ends[record - 1] if record else 0)
        emptied = spans == [(0, size)]
        field = self._raw[first:last]
        if self._drop_empty and is_emptied(_value(field), spans):
            return [Edit(start, end)]
        if field[:1] == b'"' and _QUOTED.fullmatch(field):
            places = Places((quote.start(), quote.end(), 1) for quote in re.finditer(b'""', field[1:-1]))
            return [Edit(first + 1 + places.at(one), first + 1 + places.at(two)) for one, two in spans]
        left = b"".join(field[one:two] for one, two in left_of(0, size, spans))
        if left[:1] == b'"' or (emptied and self._alone):
            return _in_quotes(field, spans, first)
        return [Edit(first + one, first + two) for one, two in spans]


def _in_quotes(field: bytes, spans: list[Span], first: int) -> list[Edit]:
    """What makes a quoted field of what spans leave of one without quotes, which begins at `first` in its stretch.

    Quotes are put beside what stays: written anew, it might have other bytes in the encoding of the file.
    """
    kept = list(left_of(0, len(field), spans))
    inside = [quote.start() for start, end in kept for quote in _QUOTE.finditer(field, start, end)]
    opening = kept[0][0] if kept else len(field)
    added = [Edit(first + at, first + at, b'"') for at in (opening, *inside, len(field))]
    return sorted([*added, *(Edit(first + start, first + end) for start, end in spans)])


def _value(field: bytes) -> bytes:
    """The value of a field."""
    quoted = _QUOTED.match(field)
    return field if quoted is None else quoted[1].replace(b'""', b'"') + field[quoted.end() :]


def _text(field: bytes) -> bytes | None:
    """The value of the text field; None if something follows its closing quote."""
    quoted = _QUOTED.match(field)
    if quoted is None:
        return field
    return quoted[1].replace(b'""', b'"') if quoted.end() == len(field) else None


def _before_header(text: bytes) -> tuple[int, bytes | None]:
    """Where the header begins, behind `sep=;` and blank lines, and the delimiter that was told.

    >>> _before_header(b"sep=;\\r\\n\\r\\nid;text"), _before_header(b"sep=id,text\\n")
    ((9, b';'), (0, None))
    """
    start = len(BOM) if text.startswith(BOM) else 0
    declared = _DECLARED.match(text, start)
    if declared is None:
        return _end_of_blank_lines(text, start), None
    return _end_of_blank_lines(text, declared.end()), declared[1]


def _end_of_blank_lines(text: bytes, start: int) -> int:
    return _BLANK_LINES.match(text, start).end()  # type: ignore[union-attr]  # it always matches


def _line_ends(text: bytes) -> int:
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def _shown(header: bytes) -> str:
    line = header.removeprefix(BOM).strip()[:80].decode("utf-8", "replace")
    return repr(line)
