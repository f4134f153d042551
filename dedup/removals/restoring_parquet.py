"""The way back for Parquet: the values, the schema and the row groups of the input."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from dedup.errors import InputSkipped, IntegrityError
from dedup.removals.file import Operation, edited_error, read_varint
from dedup.settings import Settings
from dedup.sinks import Sink
from dedup.sinks import removals as log
from dedup.sinks.parquet import ParquetWriter, TextDigest, with_text
from dedup.sinks.removals import Digest
from dedup.sources.parquet import Layout, Parquet, flat, nulls, text_column
from dedup.sources.source import DescriptorSource, Source

BLOCK_BYTES = 1 << 20


def restore_parquet(cleaned: Source, text_field: str, sink: Sink, operations: Iterator[Operation]) -> int:
    """Restore one file; gives the bytes of its texts.

    Args:
        cleaned: the cleaned file; what comes from a pipe is copied first.
        text_field: as it was cleaned with.
        sink: gets the restored file; committed by the caller.
        operations: those of this file come next.
    Raises:
        IntegrityError: the cleaned file was changed, or the removals are damaged.
    """
    with cleaned.file() as file:
        rows = _Rows(DescriptorSource(file.fileno(), cleaned.name, owned=False), text_field, sink)
        try:
            return rows.follow(operations)
        except BaseException:
            rows.abandon()
            raise


def digest_of_texts(cleaned: Source, text_field: str) -> tuple[dict[str, Any], int]:
    """The digest of all texts of a file, as the removals file has it, and their bytes; of nothing if it has none."""
    texts, size = TextDigest(), 0
    with suppress(InputSkipped):
        for batch, layout in Parquet(cleaned, Settings(text_field=text_field)).batches():
            size += _add(texts, batch, layout.path)
    return texts.facts(), size


class _Rows:
    """The rows of a cleaned file, and the file that is made of them."""

    def __init__(self, cleaned: Source, text_field: str, sink: Sink) -> None:
        """
        Args:
            cleaned: it can be read again.
            text_field: as it was cleaned with.
            sink: gets the restored file.
        """
        self._name = cleaned.name
        self._digest = _digest_of(cleaned)
        self._rows = Parquet(cleaned, Settings(text_field=text_field)).batches()
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

    def abandon(self) -> None:
        """Wait until the thread has let go of the sink."""
        self._writer.abandon()

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
            raise edited_error(self._name) from None
        except InputSkipped as reason:  # no Parquet file, or one without the text
            raise edited_error(self._name) from reason
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
        self._bytes += _add(self._texts, batch, self._path_of_text)
        self._writer.add(batch, batch.nbytes)

    def _end(self, facts: dict[str, Any]) -> None:
        if self._layout is None:
            self._load()
        if self._digest != facts["output"] or self._texts.facts() != facts["input"]:
            raise edited_error(self._name)
        self._writer.close()


def _add(texts: TextDigest, batch: Any, path: tuple[str, ...]) -> int:
    """Digest the texts of some rows that are not null; gives their bytes."""
    column = text_column(batch, path)
    text, ends = flat(column)
    absent, start = {*nulls(column)}, 0
    for row, end in enumerate(ends):
        if row not in absent:
            texts.add(text[start:end])
        start = end
    return len(text)


def _digest_of(source: Source) -> dict[str, Any]:
    digest = Digest()
    with source.file() as file:
        while block := file.read(BLOCK_BYTES):
            digest.add(block)
    return digest.facts()


def _number(stream: BinaryIO) -> int:
    return read_varint(lambda: stream.read(1)[0])
