"""Where a run writes: into one output, below a folder, or in the place of its inputs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dedup.errors import UsageError
from dedup.sinks import Target

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
        from dedup.sinks import open_sink

        assert self.output is not None
        sink = open_sink(self.output, compress=True)
        name = os.fspath(self.output) if isinstance(self.output, (str, os.PathLike)) else ""
        return OneOutput(sink, removals, name), sink
