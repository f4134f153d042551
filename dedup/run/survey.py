"""The first of two readings: every text in a file without a name, to be read again in the order of preference."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from dedup.batches import Batch
from dedup.errors import UsageError, read_error, write_error
from dedup.findings import DocumentTable
from dedup.run.dates import OLDEST, read_date
from dedup.settings import Settings
from dedup.sinks.stream import write_all
from dedup.sources.bundles import BUNDLE_BYTES, SMALL_BYTES, Bundle
from dedup.sources.container import Container
from dedup.sources.reader import Reader
from dedup.sources.source import Source

if TYPE_CHECKING:
    from dedup.engine.contract import Engine
    from dedup.report.markers import Marker

_SHOWN = 40
"""Characters of a date that a note shows."""


class Survey:
    """The first reading: the texts end to end in a file without a name, and what each document is ranked by."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._by_date = settings.prefer in ("newest", "oldest")
        self.file: IO[bytes] | None = None
        self.containers: list[Container] = []
        self.ends = array("q")
        """Where each document ends in the file."""
        self._ranks: list[float] = []
        self._unread = ""
        """What the first record has in its field for the date that is none."""

    def __enter__(self) -> Survey:
        import tempfile

        try:
            self.file = tempfile.TemporaryFile(prefix="dedup-", buffering=0)
        except OSError as error:
            raise write_error(f"a copy in {os.environ.get('TMPDIR', '/tmp')}", error) from error
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.file is not None
        self.file.close()

    def read(
        self,
        sources: Iterable[Source | Bundle],
        engine: Engine,
        batch_bytes: int,
        observe: Callable[[int], None] | None,
        accept: Callable[[Container], None] | None = None,
    ) -> None:
        """Read everything that is accepted. Raises UsageError for what cannot be read again."""
        reader = Reader(
            sources,
            engine,
            self._settings,
            batch_bytes=batch_bytes,
            observe=observe,
            accept=accept,
            dated=self._by_date,
        )
        self.containers = reader.containers
        size = 0
        try:
            for batch in reader:
                if reader.containers:
                    self._refuse_once_only(reader.containers[-1])
                if batch is None:
                    continue
                self._keep(batch)
                for piece in batch.pieces:
                    size += piece.end - piece.start
                    if piece.last:
                        self.ends.append(size)
            reader.check_unchanged()
        finally:
            reader.close()
        if self._by_date:
            self._ranks = [self._date(reader, number) for number in range(len(self.ends))]

    def order(self) -> list[int]:
        """The documents, the preferred first; among equals the earlier."""
        if not self._by_date:
            self._ranks = [end - start for start, end in pairwise([0, *self.ends])]
        return sorted(range(len(self._ranks)), key=lambda number: -self._ranks[number])

    def notes(self) -> list[str]:
        """How many records have no date, and the first that has one that cannot be read."""
        undated = self._ranks.count(OLDEST)
        if not undated:
            return []
        records, name = len(self._ranks), self._settings.date_field
        last = "newest" if self._settings.prefer == "oldest" else "oldest"
        such = f" in ISO 8601, as in mail or in Unix time (one has {self._unread!r})" if self._unread else ""
        return [f"{undated:,} of {records:,} records have no date in {name}{such}: they count as the {last}"]

    def text(self, number: int) -> bytes:
        """The text of a document, read again."""
        start, size = self.span(number)
        return self.part(start, size)

    def read_markers(self, documents: DocumentTable) -> list[Marker]:
        """The marks in the documents."""
        from dedup.report.markers import read_markers

        return read_markers(documents, self.text_of)

    def text_of(self, document: int, start: int, end: int) -> bytes:
        """Bytes [start, end) of a document; what lies past its end is left out."""
        first, size = self.span(document)
        return self.part(first + start, min(end, size) - start)

    def span(self, number: int) -> tuple[int, int]:
        """Where a document begins in the file, and its size."""
        start = self.ends[number - 1] if number else 0
        return start, self.ends[number] - start

    def part(self, start: int, size: int) -> bytes:
        """Some bytes of the file. Raises ReadError."""
        assert self.file is not None
        try:
            parts = []
            while size and (part := os.pread(self.file.fileno(), size, start)):
                parts.append(part)
                start, size = start + len(part), size - len(part)
        except OSError as error:
            raise read_error("the copy in the temporary directory", error) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _keep(self, batch: Batch) -> None:
        assert self.file is not None
        text = memoryview(batch.text)[: batch.size]
        write_all(self.file.fileno(), text, "a copy in the temporary directory (TMPDIR)")

    def _date(self, reader: Reader, number: int) -> float:
        """The rank of a record: the higher goes first, and one without a date last."""
        origin = reader.origins[number]
        date = read_date(origin.id)
        if date == OLDEST and origin.record is None:
            raise UsageError(
                f"{reader.origins.name(number)} is a text and has no date: "
                f"--prefer {self._settings.prefer} chooses between records",
                "Use --prefer longest, or records: JSON Lines, CSV, TSV, Parquet or WARC.",
            )
        if date == OLDEST and not self._unread:
            self._unread = (origin.id or "").strip()[:_SHOWN]
        return -date if self._settings.prefer == "oldest" and date != OLDEST else date

    def _refuse_once_only(self, container: Container) -> None:
        if container.facts is None and not container.is_buffer:
            raise UsageError(
                f"{container.name} can be read once only, and --prefer {self._settings.prefer} reads twice",
                "Write it to a file first.",
            )


class PreferredReader(Reader):
    """Reads the documents of a survey in another order."""

    def __init__(self, survey: Survey, order: list[int], engine: Engine, settings: Settings, batch_bytes: int) -> None:
        super().__init__((), engine, settings, batch_bytes=batch_bytes, merge=True)
        self._survey = survey
        self._order = order

    def __iter__(self) -> Iterator[Batch | None]:
        texts: list[bytes] = []
        size = 0
        for number in self._order:
            start, document_bytes = self._survey.span(number)
            if document_bytes > SMALL_BYTES:
                yield from self._from_texts(texts)
                texts, size = [], 0
                source = _CopySource(self._survey, start, document_bytes)
                yield from self._from_container(Container(source, format_name="text", compression="", encoding="utf-8"))
                continue
            texts.append(self._survey.text(number))
            size += document_bytes
            if size >= BUNDLE_BYTES:
                yield from self._from_texts(texts)
                texts, size = [], 0
        yield from self._from_texts(texts)
        yield from self._filling.flush()

    def _from_texts(self, texts: list[bytes]) -> Iterator[Batch]:
        facts = [(len(text), 0, 0, 0) for text in texts]
        yield from self._from_plain(Bundle("", [""] * len(texts), b"".join(texts), facts), 0, len(texts))


class _CopySource(Source):
    """A large document of a survey."""

    def __init__(self, survey: Survey, start: int, size: int) -> None:
        self.name = "a document"
        self._survey = survey
        self._at = start
        self._end = start + size

    def read(self, size: int) -> bytes:
        """The next bytes."""
        part = self._survey.part(self._at, min(size, self._end - self._at))
        self._at += len(part)
        return part
