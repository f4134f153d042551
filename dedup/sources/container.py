"""A file as it is opened: below its compression and its encoding, in its format.

bytes of the file -> [compression] -> [encoding] -> format -> text and parts
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from dedup.errors import InputSkipped, ReadError
from dedup.parts import Records
from dedup.settings import Settings
from dedup.sources import detect
from dedup.sources.source import BufferSource, Facts, Peeked, Source

if TYPE_CHECKING:
    from dedup.sources.encodings import Recoded


MOST_PROBLEMS = 20
"""Problems of one file that the report names one by one; all are counted."""
MOST_NAMED = 12
"""Columns that a message names."""
LONGEST_NAME = 40
"""Characters of a column's name there."""


class Problem(NamedTuple):
    """Something that is no record with a text: it is in the output as it was, and told."""

    line: int
    """First line in the file, from 1; 0 where a format has no lines."""
    record: int
    """Its number among the records, from 0."""
    reason: str


class Chunk(NamedTuple):
    """Some records of a file, in order."""

    text: bytes | memoryview
    """Their texts end to end, in UTF-8."""
    ends: list[int]
    """Where each text ends."""
    numbers: list[int]
    """Of each record in its file, from 0; what holds no text has a number as well."""
    lines: list[int]
    """First line of each record."""
    ids: list[str | None]
    """As long as `lines`, or empty where nobody asked."""
    records: Records
    problems: list[Problem]
    raw_bytes: int
    """Size in the file, uncompressed."""


class RecordFormat:
    """Reads records."""

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All records in order, about `size` bytes of the file at a time; more if a record is larger.

        Raises:
            InputSkipped: before the first chunk: the file is not what it should be.
            ReadError: it stops being that in the middle.
        """
        raise NotImplementedError


class Container:
    """One open input file, and what it turned out to be."""

    def __init__(self, source: Source, *, format_name: str, compression: str, encoding: str) -> None:
        self.source = source
        """Gives the bytes in UTF-8 without compression."""
        self.file = source
        """Gives the bytes as they are in the file."""
        self.name = source.name
        self.relative = ""
        """Where it belongs below an output directory."""
        self.text_field = ""
        """Of a file of records."""
        self.format = format_name
        self.compression = compression
        self.encoding = encoding
        """Of the uncompressed bytes; `utf-8` also for bytes that are no text."""
        self.recoding: Recoded | None = None
        """Knows the original bytes of the text, where the encoding is another."""
        self.json = ""
        """What `detect.json_of` says of a file whose name says nothing."""
        self.binary = False
        """It is taken as text for want of anything else, and has a NUL near its start, as no text has."""
        self.written = True
        """What is read of it goes to an output; else it is looked at."""
        self.documents = 0
        self.bytes = 0
        """Uncompressed, so far."""
        self.passed: dict[str, int] = {}
        """How many lines, rows or records were passed through as they are, by the reason."""
        self.problems: list[Problem] = []
        """The first of them."""

    @property
    def is_text(self) -> bool:
        """Whether the whole file is one document."""
        return self.format == "text"

    def note(self, problems: list[Problem]) -> None:
        """Count what was passed through, and remember the first ones."""
        for problem in problems:
            self.passed[problem.reason] = self.passed.get(problem.reason, 0) + 1
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)

    @property
    def facts(self) -> Facts | None:
        """Of the file when it was opened; None if it is no regular file."""
        return self.file.facts

    @property
    def is_buffer(self) -> bool:
        """Whether it is no file, but was in memory from the beginning."""
        return isinstance(self.file, BufferSource)

    def check_unchanged(self) -> None:
        """Raise ReadError if somebody wrote to the file since it was opened."""
        self.file.check_unchanged()

    def close(self) -> None:
        """Let go of the file."""
        self.source.close()


class PlainFile(Container):
    """A small text file in UTF-8 that was read whole. There may be very many: it holds what differs, and no more."""

    __slots__ = ("_facts", "_folder", "bytes", "name")
    format = "text"
    text_field = ""
    json = ""
    binary = False
    written = True
    compression = ""
    encoding = "utf-8"
    recoding = None
    documents = 1
    passed: ClassVar[dict[str, int]] = {}  # type: ignore[misc]  # nothing is ever added
    problems: ClassVar[list[Problem]] = []  # type: ignore[misc]

    def __init__(self, folder: str, name: str, size: int, facts: tuple[int, int, int, int] | None) -> None:
        self._folder = folder
        self.name = name
        self.bytes = size
        self._facts = facts

    @property
    def facts(self) -> Facts | None:
        """Of the file when it was read, if anybody wants to know."""
        return None if self._facts is None else Facts(*self._facts)

    @property
    def relative(self) -> str:  # type: ignore[override]
        """Where it belongs below an output directory."""
        return self.name[len(self._folder) :] if self._folder else os.path.basename(self.name)

    @property
    def is_buffer(self) -> bool:
        """It is a file."""
        return False

    def check_unchanged(self) -> None:
        """It was read in one call."""

    def close(self) -> None:
        """It is closed."""


def open_container(source: Source, settings: Settings) -> Container:
    """Open an input and find out what it is.

    Raises:
        InputSkipped: it cannot be opened, or cannot be what the options say.
        ReadError: its first bytes cannot be read.
    """
    relative = source.relative
    source = source.open()
    try:
        container = _unpack(source, settings)
        container.file = source
        container.relative = relative
        return container
    except BaseException:
        source.close()
        raise


def _unpack(source: Source, settings: Settings) -> Container:
    is_text = source.is_text
    source, head = _peek(source)
    compression = "" if is_text else detect.compression_of(head)
    if compression:
        source, head = _expand(source, compression, settings)
        if inner := detect.compression_of(head):  # nothing could tell `restore` how often to expand what was written
            source.close()
            raise InputSkipped(source.name, f"it is compressed twice, {inner} in {compression}: expand it once before")
    format_name = settings.format if settings.format != "auto" else detect.format_by_name(source.name)
    encoding = _encoding(head, settings)
    json, binary = "", False
    recoding: Recoded | None = None
    if encoding != "utf-8" and format_name not in ("parquet", "warc"):
        from dedup.sources.encodings import Recoded

        recoded = recoding = Recoded(source, encoding)
        source, head = _peek(recoded)
    if not format_name:
        source, head = _peek(source, detect.needs_more)
        json = detect.json_of(head, settings.text_field)
        format_name = detect.format_by_content(head, json)
        binary = format_name == "text" and encoding == "utf-8" and detect.has_nul(head)
    container = Container(source, format_name=format_name, compression=compression, encoding=encoding)
    container.recoding = recoding
    container.json, container.binary = json, binary
    container.text_field = "" if format_name == "text" else settings.text_field
    return container


def _expand(source: Source, compression: str, settings: Settings) -> tuple[Source, bytes]:
    """What is inside a compressed file, and its first bytes. What cannot even begin is skipped."""
    from dedup.sources.compression import Expanded, ReadAhead

    try:
        expanded: Source = Expanded(source, compression)
    except ImportError as error:
        raise InputSkipped(source.name, f"zstd needs Python 3.14 or the package backports.zstd ({error})") from error
    try:
        # What does not pause is read in a thread as a whole, with what follows the expanding.
        return _peek(ReadAhead(expanded) if expanded.may_pause and settings.threads != 1 else expanded)
    except ReadError as error:
        raise InputSkipped(source.name, error.message.removeprefix(f"cannot read {source.name}: ")) from error


def _encoding(head: bytes, settings: Settings) -> str:
    """By the option, else by the byte order mark, else UTF-8."""
    if settings.encoding:
        from dedup.sources.encodings import canonical

        return canonical(settings.encoding, head)
    return detect.encoding_by_mark(head)


def _peek(source: Source, more: object = detect.undecided) -> tuple[Source, bytes]:
    """The first bytes of a source, as many as come at once or as are needed, and the source with them still in it."""
    peeked = source if isinstance(source, Peeked) else Peeked(source)
    head = peeked.peek(more)  # type: ignore[arg-type]
    return peeked.source if peeked.can_forget else peeked, head


def open_format(container: Container, settings: Settings, dated: bool = False) -> RecordFormat:
    """The reader of a file of records.

    Args:
        container: the file.
        settings: name the fields.
        dated: the date of a record is asked for in the place of its id.
    Raises:
        InputSkipped: the file is not of this format, or has no text field.
        ReadError: a package is missing.
    """
    name = container.format
    if name == "jsonl":
        from dedup.sources.jsonl import Jsonl

        return Jsonl(container.source, settings, dated)
    if name in ("csv", "tsv"):
        from dedup.sources.delimited import Delimited

        return Delimited(container.source, settings, name, dated)
    if name == "parquet":
        from dedup.sources.parquet import Parquet

        return Parquet(container.source, settings, dated, written=container.written)
    from dedup.sources.warc import Warc

    return Warc(container.source, settings, dated)


def columns_beside(settings: Settings) -> Iterator[tuple[str, str]]:
    """The columns that options name beside the one of the text, each with its option: a table has to have them."""
    if settings.id_field:
        yield settings.id_field, "--id-field"
    if settings.prefer in ("newest", "oldest"):
        yield settings.date_field, "--date-field"


def list_columns(names: Sequence[str]) -> str:
    """The columns of a file for a message: the first of them, and of each name what can be read at a glance.

    >>> list_columns(["id", "body " * 12]), list_columns(list("abcdefghijklmn"))
    ('id, body body body body body body body body…', 'a, b, c, d, e, f, g, h, i, j, k, l, ...')
    """
    shown = [name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in names[:MOST_NAMED]]
    return ", ".join([*shown, *["..."] * (len(names) > MOST_NAMED)])
