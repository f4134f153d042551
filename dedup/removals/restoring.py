"""The way back: a cleaned file and its removals give the input, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.arguments import check_target, path_of
from dedup.counts import count
from dedup.errors import InputSkipped, IntegrityError, ReadError, UsageError
from dedup.removals.file import EDITED, Operation, edited_error, read_removals
from dedup.removals.locate import Outputs, absolute, folder_of, is_path_of, section_of
from dedup.sinks import Sink, Target, open_sink
from dedup.sinks import removals as log
from dedup.sinks.folder import FolderFiles
from dedup.sinks.likeness import limit
from dedup.sinks.removals import Digest
from dedup.sinks.replaced import first_replaced, refuse_appending
from dedup.sinks.stream import identity_of, standard_output
from dedup.sources import detect
from dedup.sources.paths import place_of
from dedup.sources.source import Peeked, Source, open_source

if TYPE_CHECKING:
    from dedup.sinks.destination import Held

Path = str | os.PathLike[str]
BLOCK_BYTES = 1 << 20
_AS_IT_WAS = (log.COPY, log.ROWS, log.GROUP, log.END)


class Restored(NamedTuple):
    """What was given back."""

    files: int
    bytes: int
    """Uncompressed."""


def restore(cleaned: Path, removals: Path, output: Target | None = None, *, output_dir: Path | None = None) -> Restored:
    """Give back what `clean` read.

    Args:
        cleaned: a cleaned file (`-` is standard input), or the folder that was the output directory.
        removals: the removals file of the run that wrote it.
        output: gets the inputs, end to end; compressed if its name says so.
        output_dir: instead: gets every input under its own name, compressed as it was.
    Returns:
        How much was restored. What was compressed has the same contents, compressed anew; Parquet has the
        same values, schema and row groups.
    Raises:
        IntegrityError: a cleaned file is not as it was written; nothing is put in the place of `output`, and
            nothing below `output_dir`.
        ReadError, WriteError: a file could not be read or written. What already has its place below `output_dir`
            stays, and another run goes on with the rest, also where the cleaned files lie there.
        UsageError: output and output_dir are both given, or neither; a folder would go into one output, or two
            inputs have one name below output_dir; the output, or a file below output_dir, is the removals file; a
            file below output_dir is another cleaned file of the run.
    """
    if (output is None) == (output_dir is None):
        raise UsageError("restore needs an output or an output directory", "Give -o FILE or --output-dir DIR.")
    cleaned, removals = path_of(cleaned, "the cleaned file"), path_of(removals, "the removals file")
    if output_dir is not None:
        output_dir = path_of(output_dir, "the output directory")
    else:
        check_target(output)
    if cleaned == removals == "-":
        raise UsageError("standard input cannot be both the cleaned file and its removals", "Give one of them a file.")
    if cleaned != "-" and os.path.isdir(cleaned) and output_dir is None:
        raise UsageError(f"{cleaned} is a folder: its files do not go into one", "Give --output-dir DIR.")
    if isinstance(output, (str, os.PathLike)) and os.fspath(output) != "-" and _is_one_file(output, removals):
        raise _taken(removals, "the output", "Give -o another name.")
    if output is not None:
        refuse_appending((cleaned, removals), _identity_of(output))
    section = _section_of(cleaned, removals)
    source = _open(removals)
    try:
        return _Restoring(cleaned, removals, section, output, output_dir).run(read_removals(source))
    finally:
        source.close()


def _section_of(cleaned: str, removals: str) -> str | None:
    """The output that a file is, or the folder of outputs that a folder is; None if that cannot be told, or is all."""
    if cleaned == "-" or not os.path.isfile(removals):
        return None
    with closing(_open(removals)) as source:
        outputs = _outputs(read_removals(source))
        return folder_of(cleaned, outputs) if os.path.isdir(cleaned) else section_of(cleaned, outputs, digest_of)


def _outputs(operations: Iterator[Operation]) -> Outputs:
    """All outputs of a run; none where all went into one."""
    path = ""
    for operation in operations:
        if operation.kind == log.BEGIN and not (path := operation.facts()["output"]):
            return
        if operation.kind == log.END:
            yield path, operation.facts()["output"]


def _root_of(cleaned: str, section: str | None) -> str:
    """The folder that the outputs of a run are below; of a file that has another name now, the one it lies in."""
    if section is None:
        return cleaned
    return absolute(cleaned)[: -len(section)] if is_path_of(cleaned, section) else os.path.dirname(absolute(cleaned))


def _is_one_file(one: Path, other: Path) -> bool:
    return os.path.isfile(other) and place_of(one) == place_of(other)


def _identity_of(output: Target) -> tuple[int, int] | None:
    """Of the file that what is restored is appended to; None for a path, which is replaced."""
    if output == "-":
        return standard_output().identity
    return None if isinstance(output, (str, os.PathLike)) else identity_of(output)


def _taken(removals: str, what: str, remedy: str) -> UsageError:
    return UsageError(f"{removals} is the removals file: {what} would take its place", remedy)


def _open(path: str) -> Source:
    try:
        return open_source(path)
    except InputSkipped as reason:
        raise ReadError(f"cannot read {path}: {reason.reason}", reason.remedy) from reason


def _expanded(path: str) -> Source:
    """A cleaned file below its compression. Raises ReadError."""
    source = Peeked(_open(path))
    compression = detect.compression_of(source.peek(detect.undecided))
    if not compression:
        return source
    from dedup.sources.compression import Expanded

    return Expanded(source, compression)


def digest_of(path: str) -> dict[str, Any]:
    """The digest of a file below its compression, as the removals file has it. Raises ReadError."""
    digest = Digest()
    with closing(_expanded(path)) as source:
        while part := source.read(BLOCK_BYTES):
            digest.add(part)
    return digest.facts()


class _Restoring:
    """One run of `restore`: the cleaned file in hand and the sink it goes to."""

    def __init__(
        self, cleaned: str, removals: str, section: str | None, output: Target | None, output_dir: Path | None
    ) -> None:
        self._cleaned = cleaned
        self._removals = removals
        self._section = section
        """The output that the file is, or the folder of outputs that the folder is; None for all of them."""
        self._folder = cleaned if cleaned != "-" and os.path.isdir(cleaned) else None
        self._output = output
        self._output_dir = "" if output_dir is None else os.fspath(output_dir)
        roots = [] if self._folder is None else [os.path.join(self._folder, "")]
        self._files_below = None if output_dir is None else FolderFiles(self._output_dir, roots)
        self._file: Cleaned | None = None
        self._sink: Sink | None = None
        """Of the one output."""
        self._done = Restored(0, 0)
        self._names: set[str] = set()
        """Of the files below the output directory."""
        self._root = _root_of(cleaned, section)
        self._outputs: list[str] = []
        """All outputs of the run, asked for or not."""
        self._elsewhere: list[str] = []
        """Files that get another's place, as far as one is there."""

    def run(self, operations: Iterator[Operation]) -> Restored:
        """Follow all operations; what is not finished leaves nothing behind."""
        try:
            for operation in operations:
                if operation.kind != log.BEGIN:
                    raise IntegrityError("the removals file is damaged: a file does not begin", EDITED)
                self._restore_file(operation.facts(), _Section(operations))
            if not self._done.files:
                raise self._unknown()
            if self._file is not None and self._folder is None and not self._file.at_end():
                raise edited_error(self._file.name)
            if self._held is not None:
                self._refuse_cleaned()
                self._held.prepare()
                self._held.commit()
            return self._done
        finally:
            if self._held is not None:
                self._held.abort()
            if self._file is not None:
                self._file.close()

    def _unknown(self) -> IntegrityError:
        """The error of a cleaned file that is none of the run's several."""
        if self._cleaned == "-":
            return IntegrityError(
                f"the run wrote {count(len(self._outputs), 'file')}: which of them standard input is cannot be told",
                "Give the cleaned file itself.",
            )
        return IntegrityError(f"the removals file knows nothing of {self._cleaned}", EDITED)

    @property
    def _held(self) -> Held | None:
        return self._sink if self._files_below is None else self._files_below

    def _restore_file(self, facts: dict[str, Any], section: _Section) -> None:
        path = self._path_of(facts["output"])
        self._outputs.append(facts["output"])
        if path is None:
            section.end()
            return
        if self._folder is not None and self._section is not None:
            facts["output"] = facts["output"][len(self._section) + 1 :]
        sink = self._sink_for(facts, path)
        try:
            size = self._give_back(path, facts, section, sink)
            if self._files_below is not None:
                self._end(section, path, facts["output"])
        except IntegrityError:
            if self._files_below is None or (known := self._size_in_place(path, facts, section)) is None:
                raise
            self._files_below.drop()
            size = known
        self._done = Restored(self._done.files + 1, self._done.bytes + size)

    def _end(self, section: _Section, path: str, name: str) -> None:
        """The restored file is whole; what lost nothing and is in its place stays as it is there."""
        assert self._files_below is not None
        if not section.changed and place_of(path) == place_of(os.path.join(self._output_dir, name)):
            self._files_below.drop()
        else:
            self._files_below.end()

    def _give_back(self, path: str, facts: dict[str, Any], section: _Section, sink: Sink) -> int:
        """Restore one file; gives its size."""
        if facts["format"] == "parquet":
            from dedup.removals.restoring_parquet import restore_parquet

            with closing(_expanded(path)) as source:
                return restore_parquet(source, facts["text_field"], sink, section)
        if self._file is None or self._file.name != path:
            self._next_file(path)
        assert self._file is not None
        size = _follow(section, self._file, sink)
        if facts["output"] and not self._file.at_end():
            raise edited_error(self._file.name)
        return size

    def _size_in_place(self, path: str, facts: dict[str, Any], section: _Section) -> int | None:
        """The size of a file that has been restored in the place of the cleaned one, by a run that was broken off.

        None if it is something else. Parquet is known by its texts: nothing else of it is in the removals.
        """
        place = os.path.join(self._output_dir, facts["output"])
        if not facts["output"] or place_of(path) != place_of(place):
            return None
        if facts["format"] == "parquet":
            from dedup.removals.restoring_parquet import digest_of_texts

            with closing(_expanded(path)) as source:
                found, size = digest_of_texts(source, facts["text_field"])
        else:
            found = digest_of(path)
            size = found["bytes"]
        return size if found == section.end().get("input") else None

    def _path_of(self, output: str) -> str | None:
        """The cleaned file of a section; None if it is not asked for."""
        if not output:
            if self._folder is not None:
                raise IntegrityError(f"{self._cleaned} is a folder, and the run wrote one file", EDITED)
            return self._cleaned
        if self._folder is not None and self._section is None:
            return os.path.join(self._folder, output)
        if self._folder is not None:
            first, _, rest = output.partition(f"{self._section}/")
            return None if first else os.path.join(self._folder, rest)
        wanted = is_path_of(self._cleaned, output) if self._section is None else output == self._section
        return self._cleaned if wanted else None

    def _next_file(self, path: str) -> None:
        if self._file is not None:
            self._file.close()
        self._file = Cleaned(path)

    def _refuse_cleaned(self) -> None:
        """Raise UsageError if a file would take the place of another's cleaned text, the way back to which it is."""
        cleaned = (os.path.join(self._root, output) for output in self._outputs)
        if found := first_replaced(cleaned, self._elsewhere):
            raise UsageError(
                f"{found[1]} is another cleaned file of the run, which would be replaced",
                "Give --output-dir another folder. No file was replaced.",
            )

    def _sink_for(self, facts: dict[str, Any], path: str) -> Sink:
        if self._files_below is not None:
            name = facts["output"] or os.path.basename(facts["name"])
            if name in self._names:
                raise UsageError(
                    f"two inputs of the run would become {os.path.join(self._output_dir, name)}",
                    "Give -o FILE instead: it gets all of them end to end.",
                )
            self._names.add(name)
            place = os.path.join(self._output_dir, name)
            if _is_one_file(place, self._removals):
                raise _taken(self._removals, f"the input {name}", "Give --output-dir another folder, or move the file.")
            if os.path.lexists(place) and place_of(place) != place_of(path):
                self._elsewhere.append(place)
            return self._files_below.open(name, facts["compression"], [path, self._removals])
        if self._sink is None:
            assert self._output is not None
            self._sink = open_sink(self._output, compress=True, private=True)
        limit([self._sink], [path, self._removals])
        return self._sink


class _Section:
    """The operations of one file, to the one that ends it and tells the digests of both sides."""

    def __init__(self, operations: Iterator[Operation]) -> None:
        self._operations = operations
        self._told: dict[str, Any] | None = None
        self.changed = False
        """Something of the file was removed or put in, as far as it is read."""

    def __iter__(self) -> Iterator[Operation]:
        return self

    def __next__(self) -> Operation:
        if self._told is not None:
            raise StopIteration
        operation = next(self._operations)
        if operation.kind == log.END:
            self._told = operation.facts()
        self.changed = self.changed or operation.kind not in _AS_IT_WAS
        return operation

    def end(self) -> dict[str, Any]:
        """What the end tells; what is before it is passed over. Empty if there is none."""
        for _ in self:
            pass
        return self._told or {}


class Cleaned:
    """A cleaned file below its compression, read in order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._source = _expanded(name)
        self._ahead = memoryview(b"")

    def read(self, size: int) -> memoryview:
        """At most `size` bytes, at least one. Raises IntegrityError at the end."""
        if self.at_end():
            raise edited_error(self.name)
        part, self._ahead = self._ahead[:size], self._ahead[size:]
        return part

    def at_end(self) -> bool:
        """Whether nothing is left."""
        if not self._ahead:
            self._ahead = memoryview(self._source.read(BLOCK_BYTES))
        return not self._ahead

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()


def _follow(operations: Iterator[Operation], cleaned: Cleaned, sink: Sink) -> int:
    """Restore one file; gives its size."""
    before, after = Digest(), Digest()
    for operation in operations:
        if operation.kind == log.BACK:
            sink.write(operation.data)
            before.add(operation.data)
        elif operation.kind in (log.COPY, log.SKIP):
            left = operation.size
            while left:
                part = cleaned.read(left)
                left -= len(part)
                after.add(part)
                if operation.kind == log.COPY:
                    sink.write(part)
                    before.add(part)
        elif operation.kind == log.END:
            facts = operation.facts()
            if facts["output"] != after.facts() or facts["input"] != before.facts():
                raise edited_error(cleaned.name)
            return before.bytes
        else:
            break
    raise IntegrityError("the removals file is damaged: operations of another format", EDITED)
