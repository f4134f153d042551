"""The way back: a cleaned file and its removals give the input, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from dedup.errors import InputSkipped, IntegrityError, ReadError, UsageError
from dedup.removals import file as log
from dedup.removals.file import EDITED, Digest, Operation, edited_error
from dedup.sinks import Sink, Target, open_sink
from dedup.sources import detect
from dedup.sources.source import Peeked, Source, open_source

Path = str | os.PathLike[str]
BLOCK_BYTES = 1 << 20


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
        IntegrityError: the cleaned file is not as it was written; nothing is put in the place of `output`.
        ReadError, WriteError: a file could not be read or written.
        UsageError: output and output_dir are both given, or neither; a folder would go into one output, or two
            inputs have one name below output_dir; the output is the removals file.
    """
    if (output is None) == (output_dir is None):
        raise UsageError("restore needs an output or an output directory", "Give -o FILE or --output-dir DIR.")
    cleaned, removals = os.fspath(cleaned), os.fspath(removals)
    if cleaned != "-" and os.path.isdir(cleaned) and output_dir is None:
        raise UsageError(f"{cleaned} is a folder: its files do not go into one", "Give --output-dir DIR.")
    if isinstance(output, (str, os.PathLike)) and os.fspath(output) != "-" and _is_one_file(output, removals):
        raise UsageError(f"{removals} is the removals file: the output would take its place", "Give -o another name.")
    section = _section_of(cleaned, removals)
    source = _open(removals)
    try:
        return _Restoring(cleaned, section, output, output_dir).run(log.read_removals(source))
    finally:
        source.close()


def _section_of(cleaned: str, removals: str) -> str | None:
    """Which of the outputs of a run a file is: the longest path that its own ends with; None if that cannot be told.

    `a.txt` and `b/a.txt` are both what the name `cleaned/b/a.txt` ends with.
    """
    if cleaned == "-" or not os.path.isfile(removals):
        return None
    source = _open(removals)
    try:
        found = ""
        for operation in log.read_removals(source):
            if operation.kind == log.BEGIN:
                output = operation.facts()["output"]
                if not output:
                    return None  # all went into one
                if _is_path_of(cleaned, output):
                    found = max(found, output, key=len)
        return found or None
    finally:
        source.close()


def _is_path_of(path: str, output: str) -> bool:
    whole = os.path.abspath(path)
    return whole == output or whole.endswith(os.sep + output)


def _is_one_file(one: Path, other: Path) -> bool:
    return os.path.isfile(other) and os.path.realpath(one) == os.path.realpath(other)


def _open(path: str) -> Source:
    try:
        return open_source(path)
    except InputSkipped as reason:
        raise ReadError(f"cannot read {path}: {reason.reason}", reason.remedy) from reason


class _Restoring:
    """One run of `restore`: the cleaned file in hand and the sink it goes to."""

    def __init__(self, cleaned: str, section: str | None, output: Target | None, output_dir: Path | None) -> None:
        self._cleaned = cleaned
        self._section = section
        self._folder = cleaned if cleaned != "-" and os.path.isdir(cleaned) else None
        self._output = output
        self._output_dir = None if output_dir is None else os.fspath(output_dir)
        self._file: Cleaned | None = None
        self._sink: Sink | None = None
        self._done = Restored(0, 0)
        self._names: set[str] = set()
        """Of the files below the output directory."""

    def run(self, operations: Iterator[Operation]) -> Restored:
        """Follow all operations; what is not finished leaves nothing behind."""
        try:
            for operation in operations:
                if operation.kind != log.BEGIN:
                    raise IntegrityError("the removals file is damaged: a file does not begin", EDITED)
                self._restore_file(operation.facts(), operations)
            if not self._done.files:
                raise IntegrityError(f"the removals file knows nothing of {self._cleaned}", EDITED)
            if self._file is not None and self._folder is None and not self._file.at_end():
                raise edited_error(self._file.name)
            self._commit()
            return self._done
        finally:
            if self._sink is not None:
                self._sink.abort()
            if self._file is not None:
                self._file.close()

    def _restore_file(self, facts: dict[str, Any], operations: Iterator[Operation]) -> None:
        path = self._path_of(facts["output"])
        if path is None:
            _pass_over(operations)
            return
        if facts["format"] == "parquet":
            from dedup.removals.restoring_parquet import restore_parquet

            size = restore_parquet(path, facts["text_field"], self._sink_for(facts), operations)
        else:
            if self._file is None or self._file.name != path:
                self._next_file(path)
            assert self._file is not None
            size = _follow(operations, self._file, self._sink_for(facts))
            if facts["output"] and not self._file.at_end():
                raise edited_error(self._file.name)
        if self._output_dir is not None or facts["output"]:
            self._commit()
        self._done = Restored(self._done.files + 1, self._done.bytes + size)

    def _path_of(self, output: str) -> str | None:
        """The cleaned file of a section; None if it is not asked for."""
        if not output:
            if self._folder is not None:
                raise IntegrityError(f"{self._cleaned} is a folder, and the run wrote one file", EDITED)
            return self._cleaned
        if self._folder is not None:
            return os.path.join(self._folder, output)
        wanted = _is_path_of(self._cleaned, output) if self._section is None else output == self._section
        return self._cleaned if wanted else None

    def _next_file(self, path: str) -> None:
        if self._file is not None:
            self._file.close()
        self._file = Cleaned(path)

    def _sink_for(self, facts: dict[str, Any]) -> Sink:
        if self._sink is None:
            if self._output_dir is None:
                assert self._output is not None
                self._sink = open_sink(self._output, compress=True)
            else:
                from dedup.sinks.compression import compressed
                from dedup.sinks.outputs import open_below

                name = facts["output"] or os.path.basename(facts["name"])
                if name in self._names:
                    raise UsageError(
                        f"two inputs of the run would become {os.path.join(self._output_dir, name)}",
                        "Give -o FILE instead: it gets all of them end to end.",
                    )
                self._names.add(name)
                self._sink = compressed(open_below(self._output_dir, name), facts["compression"])
        return self._sink

    def _commit(self) -> None:
        if self._sink is not None:
            self._sink.prepare()
            self._sink.commit()
            self._sink = None


class Cleaned:
    """A cleaned file below its compression, read in order."""

    def __init__(self, name: str) -> None:
        self.name = name
        source: Source = Peeked(_open(name))
        assert isinstance(source, Peeked)
        compression = detect.compression_of(source.peek(detect.undecided))
        if compression:
            from dedup.sources.compression import Expanded

            source = Expanded(source, compression)
        self._source = source
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


def _pass_over(operations: Iterator[Operation]) -> None:
    for operation in operations:
        if operation.kind == log.END:
            return
