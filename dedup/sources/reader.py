"""From files to batches: text read in order, cut at paragraph boundaries, with the parts it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from dedup.batches import Batch, Piece, whole_pieces
from dedup.errors import InputSkipped, ReadError, output_as_well
from dedup.origins import Origins
from dedup.parts import Part, RawPart, RecordsPart, TextPart
from dedup.settings import Settings
from dedup.sources import detect
from dedup.sources.bundles import Bundle, BundledSource
from dedup.sources.container import Chunk, Container, PlainFile, Problem, RecordFormat, open_container, open_format
from dedup.sources.documents import TextReader
from dedup.sources.filling import Filling
from dedup.sources.prefetch import Prefetch
from dedup.sources.source import Source
from dedup.unit import HEAD_BYTES, Unit

if TYPE_CHECKING:
    from dedup.engine.contract import Engine

T = TypeVar("T")
BATCH_BYTES = 1 << 20
MOST_BATCHES = 4
"""A chunk of records with so many times the text of a batch is cut."""
OWN_FILE_BYTES = 4 << 20
"""From this size on a file is read again where it lies; smaller ones share batches and are spooled."""
MOST_OWN_FILES = 64


def stopped_error(name: str, problem: Problem) -> ReadError:
    """What `--on-error stop` says of a line, row or record that is not what it should be."""
    where = f"line {problem.line:,}" if problem.line else f"record {problem.record:,}"
    return ReadError(f"{name}, {where}: {problem.reason}", "Without --on-error stop it is passed through as it is.")


class Reader:
    """Gives batches; None where the writer at the other end of a pipe pauses."""

    def __init__(
        self,
        sources: Iterable[Source | Bundle],
        engine: Engine,
        settings: Settings,
        *,
        batch_bytes: int = BATCH_BYTES,
        observe: Callable[[int], None] | None = None,
        merge: bool = False,
        output: tuple[int, int] | None = None,
        accept: Callable[[Container], None] | None = None,
        dated: bool = False,
    ) -> None:
        """
        Args:
            sources: in order; each is asked for when the one before has been read.
            engine: cuts text.
            settings: say what the files are.
            batch_bytes: size of a batch.
            observe: called with bytes read.
            merge: small text files go into one output, and can share a part.
            output: device and inode of a file that is written to while it would be read.
            accept: asked of every file that is opened; raises InputSkipped for one that is not to be read.
            dated: the date of a record comes in the place of its id.
        """
        self._output = output
        self._accept = accept
        self._dated = dated
        self._sources = sources
        self._merge = merge
        self._engine = engine
        self._settings = settings
        self._unit = settings.unit
        self._batch_bytes = batch_bytes
        self._filling = Filling(batch_bytes, observe)
        self._own_files: list[Container] = []
        """Closed at the end: the matcher reads them again."""
        self._open: Container | None = None
        self._begun: Prefetch[Any] | None = None
        """What reads the file in hand in a thread."""
        self.containers: list[Container] = []
        """Every file that was opened, by its number."""
        self.skipped: list[InputSkipped] = []
        self.origins = Origins()
        self._texts = TextReader(self._filling, engine, settings.unit, batch_bytes)

    @property
    def head(self) -> bytes:
        """The start of the document in hand while its unit is not decided."""
        return self._texts.head

    @property
    def document(self) -> int:
        """Number of the text document in hand."""
        return self._texts.document

    def __iter__(self) -> Iterator[Batch | None]:
        for source in self._sources:
            if isinstance(source, Bundle):
                yield from self._from_bundle(source)
            else:
                yield from self._from_source(source)
        yield from self._filling.flush()

    def _from_source(self, source: Source) -> Iterator[Batch | None]:
        try:
            container = open_container(source, self._settings)
        except InputSkipped as reason:
            self._skip(reason)
            return
        self._open = container
        try:
            if self._accept is not None:
                self._accept(container)
        except InputSkipped as reason:
            self._open = None
            container.close()
            self._skip(reason)
            return
        if container.facts is not None:
            self._refuse_output(container.name, container.facts)
        yield from self._from_container(container)
        container.check_unchanged()
        self._open = None
        if not (self._own_files and self._own_files[-1] is container):
            container.close()

    def _skip(self, reason: InputSkipped) -> None:
        """Go on without an input, or not. Raises ReadError."""
        if self._settings.on_error == "stop":
            raise ReadError(f"cannot read {reason.path}: {reason.reason}", "Without --on-error stop it is skipped.")
        self.skipped.append(reason)

    def _refuse_output(self, name: str, facts: tuple[int, int, int, int]) -> None:
        """A text that is appended to the file it is read from has no end. Raises ReadError."""
        if facts[2:] == self._output:
            raise output_as_well(name)

    def check_unchanged(self) -> None:
        """Ask once more, at the end, of files that were read again: repeats may have been verified on other text.

        Raises:
            ReadError: names the file.
        """
        for container in self._own_files:
            container.check_unchanged()

    def close(self) -> None:
        """Close every file."""
        for container in self._own_files:
            container.close()
        if self._begun is not None:
            self._begun.close()
        if self._open is not None:
            self._open.close()
        if stop := getattr(self._sources, "close", None):  # a thread that reads ahead
            stop()

    def _from_container(self, container: Container) -> Iterator[Batch | None]:
        if not container.is_text:
            yield from self._from_records(container)
            return
        self._begin(container)
        self._texts.begin(self._file, self.origins.add(self._file))
        container.documents = 1
        if container.source.descriptor >= 0 and self._rereadable(container):
            yield from self._filling.flush()
            yield from self._texts.from_file(container)
        elif container.source.may_pause:
            yield from self._texts.from_pipe(container)
        else:
            stretches = self._ahead(container, self._texts.stretches(container.source))
            yield from self._texts.from_stream(container, stretches)

    def _begin(self, container: Container) -> None:
        self.containers.append(container)
        self.origins.files.append(container.name)

    @property
    def _file(self) -> int:
        """Number of the file in hand."""
        return len(self.containers) - 1

    def _rereadable(self, container: Container) -> bool:
        large = (container.source.document_bytes or 0) >= OWN_FILE_BYTES
        if large and len(self._own_files) < MOST_OWN_FILES:
            self._own_files.append(container)
            return True
        return False

    # ---- Many small files, read already: runs of plain text share a batch, the others go the way of all files. ----

    def _from_bundle(self, bundle: Bundle) -> Iterator[Batch | None]:
        if self._output is not None:
            for name, facts in zip(bundle.names, bundle.facts, strict=True):
                self._refuse_output(name, facts)
        sizes = [facts[0] for facts in bundle.facts]
        ends = list(accumulate(sizes))
        starts = [0, *ends[:-1]]
        by_itself = self._settings.format == "auto" and not self._settings.encoding
        if by_itself and detect.are_plain_texts(bundle.names, bundle.text, starts, sizes):
            yield from self._from_plain(bundle, 0, len(sizes))
            return
        first = 0
        for number, (name, start, end) in enumerate(zip(bundle.names, starts, ends, strict=True)):
            if not (by_itself and detect.is_plain_text(name, bundle.text[start:end], self._settings.text_field)):
                yield from self._from_plain(bundle, first, number)
                yield from self._from_source(BundledSource(bundle, number, bundle.text[start:end]))
                first = number + 1
        yield from self._from_plain(bundle, first, len(bundle.names))

    def _from_plain(self, bundle: Bundle, first: int, last: int) -> Iterator[Batch]:
        """Files `first` to `last - 1` of a bundle, each a document."""
        if first == last:
            return
        yield from self._filling.flush()
        names, facts = bundle.names[first:last], bundle.facts[first:last]
        ends = list(accumulate(one[0] for one in facts))
        before = sum(one[0] for one in bundle.facts[:first])
        text = bundle.text if len(bundle.text) == ends[-1] else bundle.text[before : before + ends[-1]]
        file = len(self.containers)
        document = self.origins.add_files(names)
        self.containers += [
            PlainFile(bundle.folder, name, fact[0], None if self._merge else fact)
            for name, fact in zip(names, facts, strict=True)
        ]
        units = self._engine.resolve_units(self._unit, text, ends)
        borders = [0, *ends]
        pieces = list(whole_pieces(borders, document, units))
        if self._merge:
            parts: list[Part] = [TextPart(file, 0, ends[-1], last=True)]
        else:
            spans = enumerate(pairwise(borders), file)
            parts = [TextPart(number, start, end, last=True) for number, (start, end) in spans]
        yield self._filling.batch_of(text, len(text), pieces, parts)

    # ---- Records: each is a document; a chunk of them shares a batch. ----

    def _from_records(self, container: Container) -> Iterator[Batch | None]:
        chunks = self._ahead(container, self._with_units(open_format(container, self._settings, self._dated)))
        try:
            found = next(chunks, None)
        except InputSkipped as reason:
            self._skip(reason)
            return
        self._begin(container)
        while found is not None:
            yield from self._add_records(container, *found)
            if container.source.pauses():
                yield from self._filling.flush()
                yield None
            found = next(chunks, None)
        self._filling.parts.append(RawPart(self._file, b"", self._filling.size, last=True))

    def _with_units(self, records: RecordFormat) -> Iterator[tuple[Chunk, list[Unit]]]:
        """Chunks with the unit of each record; of large ones, which are cut, with none."""
        for chunk in records.chunks(self._batch_bytes):
            large = len(chunk.text) > MOST_BATCHES * self._batch_bytes
            yield chunk, [] if large else self._engine.resolve_units(self._unit, chunk.text, chunk.ends)

    def _ahead(self, container: Container, values: Iterator[T]) -> Iterator[T]:
        """The values, made in a thread where another processor may work and nobody waits for a pause."""
        if self._settings.threads == 1 or container.source.may_pause:
            return values
        self._begun = Prefetch(values)
        return self._begun

    def _add_records(self, container: Container, chunk: Chunk, units: list[Unit]) -> Iterator[Batch]:
        first = self.origins.add_records(self._file, chunk.numbers, chunk.lines, chunk.ids)
        container.documents += len(chunk.ends)
        container.bytes += chunk.raw_bytes
        if chunk.problems and self._settings.on_error == "stop":
            raise stopped_error(container.name, chunk.problems[0])
        container.note(chunk.problems)
        if len(units) < len(chunk.ends):
            yield from self._add_large(chunk, first)
        else:
            self._add_small(chunk, first, units)
        if self._filling.is_nearly_full:
            yield from self._filling.flush()

    def _add_small(self, chunk: Chunk, first: int, units: list[Unit]) -> None:
        base = self._filling.append(chunk.text)
        ends = [base + end for end in chunk.ends] if base else chunk.ends
        self._filling.pieces += whole_pieces([base, *ends], first, units)
        self._filling.parts.append(
            RecordsPart(self._file, chunk.records, base, base + len(chunk.text), offset=0, whole=True)
        )

    def _add_large(self, chunk: Chunk, first: int) -> Iterator[Batch]:
        """Records that do not fit a batch are cut as a text is: one part for each piece."""
        previous: RecordsPart | None = None
        view = memoryview(chunk.text)
        for number, (start, end) in enumerate(pairwise([0, *chunk.ends]), first):
            unit = self._engine.resolve_unit(
                self._unit, chunk.text[start : min(end, start + HEAD_BYTES)], end - start <= HEAD_BYTES
            )
            for piece_start, piece_end in self._cut(view, start, end, unit):
                base = self._filling.append(bytes(view[piece_start:piece_end]))
                size = piece_end - piece_start
                self._filling.pieces.append(
                    Piece(base, base + size, number, unit, piece_start == start, piece_end == end)
                )
                whole = number - first == len(chunk.ends) - 1 and piece_end == end
                part = RecordsPart(self._file, chunk.records, base, base + size, offset=piece_start, whole=whole)
                if previous is not None:
                    part.follow(previous)
                self._filling.parts.append(part)
                previous = part
                if self._filling.is_full:
                    yield from self._filling.flush()

    def _cut(self, text: memoryview, start: int, end: int, unit: Unit) -> Iterator[tuple[int, int]]:
        """Spans of at least a batch that begin and end where paragraphs do."""
        want = self._batch_bytes
        while end - start > want:
            size = self._engine.cut(text[start : start + want], unit)
            if size:
                yield start, start + size
                start, want = start + size, self._batch_bytes
            else:
                want *= 2
        yield start, end
