"""Where a run writes: into one output, below a folder, or in the place of its inputs; and all of it at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dedup.errors import UsageError
from dedup.sinks import Sink, Target, open_sink

if TYPE_CHECKING:
    from dedup.removals.file import Removals
    from dedup.sinks.outputs import Outputs


class Held(Protocol):
    """What is committed or aborted; see `Sink`."""

    def prepare(self) -> None: ...

    def commit(self) -> None: ...

    def abort(self) -> None: ...


class Where(NamedTuple):
    """What the caller says; exactly one of the first three."""

    output: Target | None
    output_dir: str | os.PathLike[str] | None
    in_place: bool
    backup: str

    def check(self) -> Where:
        """Return self. Raises UsageError if it is not one place."""
        if (self.output is not None) + (self.output_dir is not None) + self.in_place != 1:
            raise UsageError(
                "an output, an output directory and in place exclude each other", "Give exactly one of them."
            )
        if self.backup and not self.in_place:
            raise UsageError("--backup goes with --in-place: nothing else replaces an input", "Leave it out.")
        return self

    def open(self, removals: Removals | None) -> tuple[Outputs, Held]:
        """The outputs, and what the caller commits or aborts. Raises UsageError, WriteError."""
        from dedup.sinks.outputs import OneOutput, TreeOutput

        if self.in_place:
            from dedup.sinks.in_place import InPlaceOutput

            in_place = InPlaceOutput(self.backup, removals)
            return in_place, in_place
        if self.output_dir is not None:
            tree = TreeOutput(os.fspath(self.output_dir), removals)
            return tree, tree
        assert self.output is not None
        sink = open_sink(self.output, compress=True)
        path = os.fspath(self.output) if isinstance(self.output, (str, os.PathLike)) else "-"
        name = "" if path == "-" else path
        return OneOutput(sink, removals, name), sink


class Sinks:
    """Several sinks that are committed together, or all aborted when anything goes wrong before."""

    def __init__(self) -> None:
        self._open: list[Held] = []

    def __enter__(self) -> Sinks:
        return self

    def __exit__(self, *_error: object) -> None:
        for sink in self._open:
            sink.abort()

    def add(self, sink: Sink) -> Sink:
        """Take a sink to be committed before those added earlier; gives it back."""
        self._open.append(sink)
        return sink

    def open_outputs(self, where: Where, removals: str | os.PathLike[str] | None) -> tuple[Outputs, Removals | None]:
        """Where the products go, and the removals file, which is committed before them: it is the way back."""
        log = None
        if removals is not None:
            from dedup.removals.file import Removals

            log = Removals(self.add(open_sink(removals)))
        outputs, held = where.open(log)
        self._open.insert(0, held)
        return outputs, log

    def commit(self) -> None:
        """Prepare all before committing any: a full disk leaves every target as it was."""
        for sink in self._open:
            sink.prepare()
        while self._open:
            self._open[-1].commit()
            self._open.pop()


def refuse_same(targets: Iterable[tuple[str, Target | None]]) -> None:
    """Raise UsageError if two targets, each behind what it is for, are one file. A device can be two."""
    paths = [(name, os.fspath(path)) for name, path in targets if isinstance(path, (str, os.PathLike))]
    for (one, first), (other, second) in combinations(paths, 2):
        same = first == second or os.path.realpath(first) == os.path.realpath(second)
        if same and not first.startswith("/dev/"):
            raise UsageError(f"{one} and {other} are the same file: {first}", f"Give the {other} a name of its own.")
