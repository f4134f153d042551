"""Parquet out: the schema, the metadata and the other columns as they were, row group by row group."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, Any

from dedup.errors import DedupError, UsageError
from dedup.parts import Span, is_emptied, left_of
from dedup.sinks import Data, Sink
from dedup.sinks import removals as log
from dedup.sinks.background import Background
from dedup.sinks.product import ByteProduct
from dedup.sinks.removals import Digest, Removals, varint
from dedup.sources.arrow import import_compute
from dedup.sources.parquet import is_flat
from dedup.sources.physical import INT96

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.sources.parquet import Layout, Rows

Edit = Callable[[], "pa.RecordBatch"]
MOST_GROUP_BYTES = 16 << 20
"""A row group with more is split: it is held until it is written."""


class ParquetProduct(ByteProduct):
    """Writes rows, with some text of some of them left out."""

    def __init__(self, sink: Sink, removals: Removals | None) -> None:
        super().__init__(sink, None)
        self._removals = removals
        self._written = Digest() if removals is not None else None
        self._file = ParquetWriter(sink, self._written)
        self._texts = TextDigest()
        self._closed = False

    def add_rows(self, rows: Rows, removed: dict[int, list[Span]]) -> None:
        """Write rows. Raises UsageError if their schema is another than that of the rows before."""
        if self._closed:
            raise UsageError(
                "--removals with several Parquet files needs an output file for each", "Give --output-dir DIR."
            )
        self._file.expect(rows.layout)
        if self._removals is not None:
            self._take_down(rows, removed, self._removals)
        if removed:
            self.changed = True
            size = rows.size - sum(end - start for spans in removed.values() for start, end in spans)
            self._file.add(rows.batch, size, partial(edited, rows, removed))
        else:
            self._file.add(rows.batch, rows.size)
        if rows.last:
            self._file.end_group()
            if self._removals is not None:
                self._removals.put(log.GROUP, 0)

    def end_file(self) -> None:
        """With removals, the file is whole: its digest is wanted."""
        if self._removals is not None:
            self.close()

    def facts(self) -> dict[str, Any]:
        """Digests of the texts that were read, and of the file that was written."""
        assert self._written is not None
        return {"input": self._texts.facts(), "output": self._written.facts(), "path": self._file.path}

    def close(self) -> None:
        """Write the footer."""
        if not self._closed:
            self._closed = True
            self._file.close()

    def abandon(self) -> None:
        """Wait until the thread has let go of the sink."""
        self._file.abandon()

    def go_on_from(self, earlier: ByteProduct) -> None:
        """Nothing to take over: all Parquet files of one output share a product."""

    def _take_down(self, rows: Rows, removed: dict[int, list[Span]], removals: Removals) -> None:
        start = kept = row = 0
        for record, end in enumerate(rows.ends):
            text = memoryview(rows.text)[start:end]
            self._texts.add(text)
            spans = removed.get(record)
            if spans:
                at = rows.rows[record]
                kept, row = at - row, at + 1
                if kept:
                    removals.put(log.ROWS, kept)
                if rows.drop_empty and is_emptied(text, spans):
                    removals.put(log.ROW, 0, pack_row(rows.batch.slice(at, 1)))
                else:
                    removals.put(log.EDIT, 0, pack_edit(text, spans))
            start = end
        if rows.batch.num_rows > row:
            removals.put(log.ROWS, rows.batch.num_rows - row)


class ParquetWriter:
    """A Parquet file on its way to a sink."""

    def __init__(self, sink: Sink, digest: Digest | None = None) -> None:
        """
        Args:
            sink: gets the file.
            digest: of what is written, if it is wanted.
        """
        self.path: list[str] = []
        self._sink = sink
        self._digest = digest
        self._layout: Layout | None = None
        self._writer: Any = None
        self._group: deque[_Decided] = deque()
        self._group_bytes = 0
        self._error: DedupError | None = None
        self._background = Background(waiting=1, at_once=False)
        self.closed = False

    def expect(self, layout: Layout) -> None:
        """Begin the file, or make sure that these rows fit in."""
        if self._layout is None:
            self._layout, self.path = layout, list(layout.path)
            self._writer = self._guard(lambda: self._open(layout))
        elif not self._layout.schema.equals(layout.schema) or self._layout.options[INT96] != layout.options[INT96]:
            raise UsageError(
                "Parquet files with different schemas cannot stand in one output",
                "Give --output-dir DIR for an output file each, or clean them one by one.",
            )

    def add(self, batch: pa.RecordBatch, size: int, edit: Edit | None = None) -> None:
        """Rows of the group in hand.

        Args:
            batch: as they were read.
            size: bytes of what is written of them.
            edit: makes that of them, in the thread that writes it: as soon as it can, for at the end all wait for it.
        """
        if batch.num_rows:
            self._group.append(decided := _Decided(batch, edit))
            self._group_bytes += size
            if edit is not None:
                self._background.do_soon(decided.settle)
        if self._group_bytes >= MOST_GROUP_BYTES:
            self.end_group()

    def end_group(self) -> None:
        """Write the row group in hand. Raises what the sink raised."""
        if self._group:
            self._background.do(partial(self._write, self._group))
            self._group, self._group_bytes = deque(), 0

    def _write(self, group: deque[_Decided]) -> None:
        assert self._layout is not None
        table = _table_of(group, self._layout.schema)
        if table.num_rows:
            self._guard(lambda: self._writer.write_table(table, row_group_size=table.num_rows))

    def close(self) -> None:
        """Write what is left and the footer."""
        self.end_group()
        self._background.wait()
        if self._writer is not None:
            self._guard(self._writer.close)
        self.closed = True

    def abandon(self) -> None:
        """Wait until the thread has let go of the sink."""
        with suppress(Exception):  # the error that caused it is told
            self._background.wait()

    # ---- What pyarrow wants of a file ----

    mode = "wb"

    def write(self, data: Any) -> int:
        """Pass bytes on to the sink."""
        block: Data = bytes(data)  # a sink may hold it longer than pyarrow does
        if self._digest is not None:
            self._digest.add(block)
        try:
            self._sink.write(block)
        except DedupError as error:
            self._error = error  # pyarrow would wrap it
            raise OSError(error.message) from error
        return len(block)

    def flush(self) -> None:
        """Nothing is held back."""

    def _guard(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except Exception:
            if self._error is not None:
                raise self._error from None
            raise

    def _open(self, layout: Layout) -> Any:
        import pyarrow as pa

        from dedup.sources.arrow import import_parquet

        return import_parquet().ParquetWriter(
            pa.PythonFile(self, mode="w"),
            layout.schema,
            compression=layout.compression or "snappy",
            use_dictionary=layout.dictionaries,
            **layout.options,
        )


class _Decided:
    """Rows, and what is to become of them."""

    __slots__ = ("_edit", "batch")

    def __init__(self, batch: pa.RecordBatch, edit: Edit | None) -> None:
        self.batch = batch
        self._edit = edit

    def settle(self) -> None:
        """Edit them, and let go of what they were."""
        if self._edit is not None:
            self.batch, self._edit = self._edit(), None


def _table_of(group: deque[_Decided], schema: pa.Schema) -> pa.Table:
    """The rows of a group, which is empty then: they are let go of as soon as they are written."""
    import pyarrow as pa

    batches = [one.batch for one in group]
    group.clear()
    return pa.Table.from_batches(batches, schema)


class TextDigest:
    """A digest of texts that tells where each ends."""

    def __init__(self) -> None:
        self._digest = Digest()

    def add(self, text: Data) -> None:
        """The next text."""
        self._digest.add(len(text).to_bytes(8, "little"))
        self._digest.add(text)

    def facts(self) -> dict[str, Any]:
        """As the removals file has it."""
        return self._digest.facts()


def edited(rows: Rows, removed: dict[int, list[Span]]) -> pa.RecordBatch:
    """The rows without the removed text, and without rows that are dropped."""

    sizes = array("q", map(sub, rows.ends, [0, *rows.ends]))
    cuts: list[Span] = []
    dropped = set()
    for record, spans in removed.items():
        first = rows.ends[record - 1] if record else 0
        if rows.drop_empty and is_emptied(memoryview(rows.text)[first : rows.ends[record]], spans):
            dropped.add(rows.rows[record])
        for start, end in spans:
            cuts.append((first + start, first + end))
            sizes[record] -= end - start
    if len(sizes) < rows.batch.num_rows:
        known = dict(zip(rows.rows, sizes, strict=True))
        sizes = array("q", [known.get(row, 0) for row in range(rows.batch.num_rows)])
    text = b"".join([rows.text[start:end] for start, end in left_of(0, len(rows.text), cuts)])
    batch = with_text(rows.batch, rows.layout.path, sizes, text, rows.rows)
    return without_rows(batch, dropped) if dropped else batch


def without_rows(batch: pa.RecordBatch, dropped: set[int]) -> pa.RecordBatch:
    """The other rows."""
    import pyarrow as pa

    try:
        return import_compute().filter(batch, pa.array([row not in dropped for row in range(batch.num_rows)]))
    except pa.ArrowNotImplementedError:  # views of strings and of lists can be put together, but not picked from
        ends = [*sorted(dropped), batch.num_rows]
        starts = [0, *(row + 1 for row in ends)]
        kept = [batch.slice(start, end - start) for start, end in zip(starts, ends, strict=False)]
        return pa.concat_batches(kept)


def with_text(
    batch: pa.RecordBatch, path: tuple[str, ...], sizes: array[int], text: Data, valid: list[int]
) -> pa.RecordBatch:
    """The rows with another text.

    Args:
        batch: the rows.
        path: where their text is.
        sizes: of the text of each row.
        text: all of it, end to end.
        valid: the rows whose text is not null.
    """
    index = batch.schema.get_field_index(path[0])
    column = _replaced(batch.column(index), path[1:], (sizes, text, valid))
    return batch.set_column(index, batch.schema.field(index), column)


_Texts = tuple["array[int]", "Data", list[int]]


def _replaced(old: Any, path: tuple[str, ...], texts: _Texts) -> Any:
    import pyarrow as pa

    if not path and is_flat(old.type):
        return strings(old.type, *texts)
    pc = import_compute()
    if path:
        fields = list(old.type)
        children = [pc.struct_field(old, [field.name]) for field in fields]
        at = old.type.get_field_index(path[0])
        children[at] = _replaced(children[at], path[1:], texts)
        return pa.StructArray.from_arrays(children, fields=fields, mask=pc.is_null(old))
    column = strings(pa.large_string(), *texts)
    if pa.types.is_dictionary(old.type):
        return pc.cast(pc.dictionary_encode(pc.cast(column, old.type.value_type)), old.type)
    return pc.cast(column, old.type)


def strings(kind: Any, sizes: array[int], text: Data, valid: list[int]) -> Any:
    """An array of `string` or `large_string`: texts of these sizes, which lie end to end; null where not in `valid`."""
    import pyarrow as pa

    mask = None
    if len(valid) < len(sizes):
        bits = bytearray((len(sizes) + 7) // 8)
        for row in valid:
            bits[row >> 3] |= 1 << (row & 7)
        mask = pa.py_buffer(bytes(bits))
    offsets = array("q" if pa.types.is_large_string(kind) else "i", accumulate(sizes, initial=0))
    return pa.Array.from_buffers(kind, len(sizes), [mask, pa.py_buffer(offsets), pa.py_buffer(text)])


def pack_edit(text: Data, spans: list[Span]) -> bytes:
    """Removed spans of a text with what stood there: for each the bytes kept before it, its size, its bytes."""
    packed, position = bytearray(), 0
    view = memoryview(text)
    for start, end in spans:
        packed += varint(start - position) + varint(end - start) + view[start:end]
        position = end
    return bytes(packed)


def pack_row(row: pa.RecordBatch) -> bytes:
    """A row as a stream of Arrow IPC."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, row.schema) as stream:
        stream.write_batch(row)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed
