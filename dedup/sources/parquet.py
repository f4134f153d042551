"""Parquet: each row is a record, and one column of text is the document. Read by pyarrow, a stretch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from dedup.errors import InputSkipped, ReadError
from dedup.parts import Product, Records, Span
from dedup.settings import Settings
from dedup.sources.arrow import import_compute, import_parquet
from dedup.sources.container import Chunk, Problem, RecordFormat, columns_beside, list_columns
from dedup.sources.physical import int96_unit, options_like
from dedup.sources.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 1 << 16
AT_ONCE = 2
"""So many times as much as other formats is read at once: each step goes from thread to thread."""
LONG_VALUE = 256
"""Bytes that a value has in the mean, so that a dictionary of them is a waste of time."""
READ_BYTES = 1 << 20
"""Buffer for each column: without one, pyarrow reads a row group's columns whole."""


class Layout(NamedTuple):
    """What a Parquet file is beside its rows: enough to write one like it."""

    schema: pa.Schema
    options: dict[str, Any]
    """Of pyarrow, for the same physical types."""
    compression: dict[str, str]
    """Of each column, by its path."""
    dictionaries: list[str]
    """Columns that are written with a dictionary of their values."""
    path: tuple[str, ...]
    """Where the text is: a column, or a field inside one."""


class _Stretch(NamedTuple):
    """Some rows of a row group."""

    batch: pa.RecordBatch
    bytes: int
    """Their share of its size in the file, uncompressed: in sum the same, however it is cut."""
    last: bool
    """It ends here."""


class Parquet(RecordFormat):
    """Reads row groups, some thousand rows at a time."""

    def __init__(self, source: Source, settings: Settings, dated: bool = False, *, written: bool = True) -> None:
        """
        Args:
            source: the file.
            settings: name its columns.
            dated: the id of a record is its date.
            written: its rows are written again: a file of which some cannot be is skipped.
        """
        self._source = source
        self._settings = settings
        self._written = written
        self._id_name = settings.date_field if dated else settings.id_field
        self._id_path: tuple[str, ...] = ()
        """Where the id is, once the file is open; empty if nobody asks for it."""
        self._parquet = import_parquet()
        self._row = 0

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All rows in order, about `size` bytes of them at a time; a file without rows gives one empty chunk."""
        for stretch, layout in self._read(AT_ONCE * size):
            yield self._chunk(stretch, layout)

    def batches(self) -> Iterator[tuple[pa.RecordBatch, Layout]]:
        """All rows in order, with the layout of the file; at least one batch."""
        for stretch, layout in self._read(READ_BYTES):
            yield stretch.batch, layout

    def _read(self, size: int) -> Iterator[tuple[_Stretch, Layout]]:
        with self._source.file() as file:
            opened = self._open(file)
            layout = self._layout(opened)
            beside = {
                name: self._find(layout.schema, name, option)[0] for name, option in columns_beside(self._settings)
            }
            self._id_path = beside.get(self._id_name, ())
            empty = True
            for group in range(opened.num_row_groups):
                for stretch in self._stretches(opened, group, size):
                    yield stretch, layout
                    empty = False
            if empty:
                import pyarrow as pa

                yield _Stretch(pa.RecordBatch.from_pylist([], layout.schema), 0, False), layout

    def _open(self, file: BinaryIO) -> Any:
        import pyarrow as pa

        def open_in(unit: str | None) -> Any:
            return self._parquet.ParquetFile(
                file, buffer_size=READ_BYTES, pre_buffer=False, coerce_int96_timestamp_unit=unit
            )

        try:
            opened = open_in(None)
            unit = int96_unit(self._source.name, opened, open_in) if self._written else None
            return open_in(unit) if unit else opened
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputSkipped(
                self._source.name, f"not a Parquet file that can be read: {_first_line(error)}"
            ) from error

    def _layout(self, opened: Any) -> Layout:
        schema, metadata = opened.schema_arrow, opened.metadata
        columns = []
        if metadata.num_row_groups:
            group = metadata.row_group(0)
            columns = [group.column(i) for i in range(group.num_columns)]
        compression = {one.path_in_schema: one.compression.lower() for one in columns}
        codecs = {name: "none" if codec == "uncompressed" else codec for name, codec in compression.items()}
        dictionaries = [one.path_in_schema for one in columns if _wants_dictionary(one)]
        wanted = self._settings.text_field
        path, kind = self._find(schema, wanted, "--text-field")
        if not is_text(kind):
            raise InputSkipped(self._source.name, f"its column {wanted} holds no text but {kind} (--text-field)")
        return Layout(schema, options_like(opened), codecs, dictionaries, path)

    def _find(self, schema: pa.Schema, wanted: str, option: str) -> tuple[tuple[str, ...], Any]:
        """Where a column is, or a field inside one, and of which type it is."""
        import pyarrow as pa

        path = (wanted,) if wanted in schema.names else tuple(wanted.split("."))
        kind: Any = None
        fields: Any = schema
        for name in path:
            found = _indices(fields, name)
            if len(found) != 1:
                number, remedy = ("more than one", ": rename all but one") if found else ("no", "")
                told = f"it has {number} column {wanted} ({option}); it has {list_columns(schema.names)}{remedy}"
                raise InputSkipped(self._source.name, told)
            kind = fields.field(found[0]).type
            fields = kind if pa.types.is_struct(kind) else None
        return path, kind

    def _stretches(self, opened: Any, group: int, size: int) -> Iterator[_Stretch]:
        """The rows of a row group."""
        import pyarrow as pa

        facts, rows = opened.metadata.row_group(group), 0
        in_all, total_bytes = max(1, facts.num_rows), facts.total_byte_size
        at_once = rows_at_once(in_all, total_bytes, size)
        try:
            for batch in opened.iter_batches(at_once, row_groups=[group], use_threads=False):
                before, rows = rows, rows + batch.num_rows
                share = total_bytes * rows // in_all - total_bytes * before // in_all
                yield _Stretch(batch, share, rows == in_all)
        except (pa.ArrowException, OSError) as error:
            raise ReadError(
                f"cannot read {self._source.name}: row group {group} is damaged: {_first_line(error)}",
                "Fetch the file again; no target was replaced.",
            ) from error

    def _chunk(self, stretch: _Stretch, layout: Layout) -> Chunk:
        batch = stretch.batch
        column = text_column(batch, layout.path)
        text, ends = flat(column)
        first, self._row = self._row, self._row + batch.num_rows
        rows = list(range(batch.num_rows))
        problems = []
        if column.null_count:
            absent = nulls(column)
            rows = sorted({*rows}.difference(absent))
            ends = [ends[row] for row in rows]
            problems = [Problem(0, first + row, "the text is null") for row in absent]
        records = Rows(batch, batch.nbytes, layout, text, ends, rows, stretch.last, self._settings.empty == "drop")
        numbers = [first + row for row in rows]
        return Chunk(text, ends, numbers, [0] * len(rows), self._ids(batch, rows), records, problems, stretch.bytes)

    def _ids(self, batch: pa.RecordBatch, rows: list[int]) -> list[str | None]:
        if not self._id_path:
            return []
        values = python_values(column_at(batch, self._id_path))
        return [None if values[row] is None else str(values[row]) for row in rows]


def rows_at_once(rows: int, total_bytes: int, size: int) -> int:
    """How many rows of a row group are read at once: stretches of about `size` bytes, all of them alike.

    >>> rows_at_once(5000, 15 << 20, 2 << 20), rows_at_once(5, 0, 2 << 20)
    (625, 5)
    """
    stretches = max(1, round(total_bytes / size), -(-rows // MOST_ROWS))
    return max(1, -(-rows // stretches))


class Rows(Records):
    """Some rows, and which of them have a text."""

    def __init__(
        self,
        batch: pa.RecordBatch,
        size: int,
        layout: Layout,
        text: memoryview,
        ends: list[int],
        rows: list[int],
        last: bool,
        drop_empty: bool,
    ) -> None:
        self.batch = batch
        self.size = size
        """In bytes. Arrow lets go of the interpreter's lock to count them: they are counted where nobody waits."""
        self.layout = layout
        self.text = text
        self.ends = ends
        self.rows = rows
        """The row of each record."""
        self.last = last
        """A row group ends here."""
        self.drop_empty = drop_empty

    def write(self, removed: dict[int, list[Span]], product: Product) -> None:
        """Hand them to the product of a Parquet file."""
        product.add_rows(self, removed)  # type: ignore[attr-defined]  # it is a ParquetProduct


def is_text(kind: Any) -> bool:
    """Whether a type of Arrow is text."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_flat(kind: Any) -> bool:
    """Whether the texts of an array of this type lie end to end: then nothing has to be asked of Arrow."""
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _indices(fields: Any, name: str) -> list[int]:
    """Which of some fields have a name; of no fields none, nor of a name that is no UTF-8."""
    try:
        found: list[int] = [] if fields is None else fields.get_all_field_indices(name)
    except UnicodeEncodeError:
        return []
    return found


def column_at(batch: pa.RecordBatch, path: tuple[str, ...]) -> Any:
    """The values at a path, as one array."""
    column = batch.column(path[0])
    for name in path[1:]:
        column = import_compute().struct_field(column, [name])
    return column


def text_column(batch: pa.RecordBatch, path: tuple[str, ...]) -> Any:
    """The texts at a path, as one array of `string` or `large_string`."""
    import pyarrow as pa

    column = column_at(batch, path)
    return column if is_flat(column.type) else import_compute().cast(column, pa.large_string())


def python_values(column: Any) -> list[Any]:
    """The values of an array. Python has no nanoseconds: those of a date are cut off.

    Where it has no such time at all (of the year 20000, in an unknown zone) they are the texts that Arrow has for them.
    """
    import pyarrow as pa

    kind, cast = column.type, import_compute().cast
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = cast(column, pa.timestamp("us", kind.tz), safe=False)
    try:
        values: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):
        if pa.types.is_timestamp(kind):
            column = cast(column, pa.timestamp(column.type.unit))
        values = cast(column, pa.string()).to_pylist()
    return values


def flat(column: Any) -> tuple[memoryview, list[int]]:
    """The texts of an array end to end where they lie, and where each ends; a null is empty."""
    if not len(column):
        return memoryview(b""), []
    text, borders = _buffers(column)
    if column.null_count and any(borders[row] < borders[row + 1] for row in nulls(column)):
        text, borders = _buffers(import_compute().fill_null(column, ""))
    start, end = borders[0], borders[-1]
    return text[start:end], [end - start for end in borders[1:]] if start else borders[1:].tolist()


def _buffers(column: Any) -> tuple[memoryview, memoryview]:
    """The texts of an array, with others perhaps around them, and the places between them."""
    import pyarrow as pa

    _, offsets, data = column.buffers()
    wide = pa.types.is_large_string(column.type)
    all_borders = memoryview(offsets).cast("B").cast("q" if wide else "i")
    return memoryview(data or b"").cast("B"), all_borders[column.offset : column.offset + len(column) + 1]


def nulls(column: Any) -> list[int]:
    """The rows of an array that are null."""
    bits = column.buffers()[0] if column.null_count else None
    if bits is None:
        return []
    valid, first = memoryview(bits).cast("B"), column.offset
    return [row for row, bit in enumerate(range(first, first + len(column))) if not valid[bit >> 3] >> (bit & 7) & 1]


def _wants_dictionary(column: Any) -> bool:
    """Whether a column has a dictionary that is of use: one of long texts is given up when it has 1 MiB."""
    long = column.total_uncompressed_size > LONG_VALUE * max(column.num_values, 1)
    return bool(column.has_dictionary_page) and not long


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
