"""The way back for Parquet: the values, the schema and the row groups of the input."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any, BinaryIO

from dedup.errors import IntegrityError
from dedup.removals import file as log
from dedup.removals.file import Digest, Operation, edited_error, read_varint
from dedup.settings import Settings
from dedup.sinks import Sink
from dedup.sinks.parquet import ParquetWriter, TextDigest, with_text
from dedup.sources.parquet import Layout, Parquet, flat, nulls, text_column
from dedup.sources.source import Source, open_source

BLOCK_BYTES = 1 << 20


def restore_parquet(path: str, text_field: str, sink: Sink, operations: Iterator[Operation]) -> int:
    """Restore one file; gives the bytes of its texts.

    Args:
        path: the cleaned file.
        text_field: as it was cleaned with.
        sink: gets the restored file; committed by the caller.
        operations: those of this file come next.
    Raises:
        IntegrityError: the cleaned file was changed, or the removals are damaged.
    """
    source = open_source(path)
    try:
        return _Rows(path, text_field, source, sink).follow(operations)
    finally:
        source.close()


class _Rows:
    """The rows of a cleaned file, and the file that is made of them."""

    def __init__(self, path: str, text_field: str, source: Source, sink: Sink) -> None:
        self._path = path
        self._digest = _digest_of(source)
        self._rows = Parquet(source, Settings(text_field=text_field)).batches()
        self._batch: Any = None
        self._layout: Layout | None = None
        self._at = 0
        self._writer = ParquetWriter(sink)
        self._texts = TextDigest()
        self._bytes = 0

    def follow(self, operations: Iterator[Operation]) -> int:
        """Follow the operations of the file to its end."""
        for operation in operations:
            if operation.kind == log.ROWS:
                self._pass(operation.size)
            elif operation.kind == log.EDIT:
                self._edit(operation.data)
            elif operation.kind == log.ROW:
                self._put_back(operation.data)
            elif operation.kind == log.GROUP:
                self._writer.end_group()
            elif operation.kind == log.END:
                self._end(operation.facts())
                return self._bytes
            else:
                break
        raise IntegrityError("the removals file is damaged: operations of another format")

    def _pass(self, rows: int) -> None:
        while rows:
            batch = self._next(rows)
            rows -= batch.num_rows
            self._write(batch)

    def _next(self, most: int) -> Any:
        """At most so many of the next rows, at least one."""
        while self._batch is None or self._at == self._batch.num_rows:
            self._load()
        batch = self._batch.slice(self._at, most)
        self._at += batch.num_rows
        return batch

    def _load(self) -> None:
        try:
            self._batch, self._layout = next(self._rows)
        except StopIteration:
            raise edited_error(self._path) from None
        self._at = 0
        self._writer.expect(self._layout)

    def _edit(self, packed: bytes) -> None:
        import io

        batch = self._next(1)
        text, _ = flat(text_column(batch, self._path_of_text))
        stream, whole, position = io.BytesIO(packed), bytearray(), 0
        while stream.tell() < len(packed):
            kept, size = _number(stream), _number(stream)
            whole += text[position : position + kept]
            whole += stream.read(size)
            position += kept
        whole += text[position:]
        self._write(with_text(batch, self._path_of_text, array("q", [len(whole)]), whole, [0]))

    def _put_back(self, packed: bytes) -> None:
        import pyarrow as pa

        if self._layout is None:
            self._load()
        assert self._layout is not None
        for batch in pa.ipc.open_stream(packed):
            self._write(batch)

    @property
    def _path_of_text(self) -> tuple[str, ...]:
        assert self._layout is not None
        return self._layout.path

    def _write(self, batch: Any) -> None:
        column = text_column(batch, self._path_of_text)
        text, ends = flat(column)
        absent, start = {*nulls(column)}, 0
        for row, end in enumerate(ends):
            if row not in absent:
                self._texts.add(text[start:end])
            start = end
        self._bytes += len(text)
        self._writer.add(batch, batch.nbytes)

    def _end(self, facts: dict[str, Any]) -> None:
        if self._layout is None:
            self._load()
        if self._digest != facts["output"] or self._texts.facts() != facts["input"]:
            raise edited_error(self._path)
        self._writer.close()


def _digest_of(source: Source) -> dict[str, Any]:
    digest = Digest()
    with source.file() as file:
        while block := file.read(BLOCK_BYTES):
            digest.add(block)
    return digest.facts()


def _number(stream: BinaryIO) -> int:
    return read_varint(lambda: stream.read(1)[0])
