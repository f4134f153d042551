"""Where a run writes: into one output, below a folder, or in the place of its inputs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dedup.errors import UsageError
from dedup.sinks import Target
from dedup.sinks.apart import Apart

if TYPE_CHECKING:
    from dedup.removals import Removals
    from dedup.settings import Settings
    from dedup.sinks.outputs import Outputs
    from dedup.sources.paths import Listing


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
    apart: Apart
    """What is written beside."""

    def check(self) -> Where:
        """Return self. Raises UsageError if it is not one place."""
        if (self.output is not None) + (self.output_dir is not None) + self.in_place != 1:
            raise UsageError(
                "an output, an output directory and in place exclude each other", "Give exactly one of them."
            )
        if "" in (self.output, self.output_dir):
            raise UsageError("the output has an empty name", "Is a variable of the shell not set?")
        if self.backup and not self.in_place:
            raise UsageError("--backup goes with --in-place: nothing else replaces an input", "Leave it out.")
        return self

    def refuse(self, listing: Listing, settings: Settings) -> None:
        """Raise UsageError if the inputs cannot go there, as far as can be seen before they are read."""
        if self.output is not None:
            from dedup.sources.agree import refuse_mixed

            refuse_mixed(listing, settings)
        if self.in_place:
            from dedup.sinks.in_place import refuse_special

            refuse_special(listing)
            self.apart.refuse_old_removals()

    def open(self, removals: Removals | None) -> tuple[Outputs, Held]:
        """The outputs, and what the caller commits or aborts. Raises UsageError, WriteError."""
        from dedup.sinks.outputs import OneOutput, TreeOutput

        if self.in_place:
            from dedup.sinks.in_place import InPlaceOutput

            in_place = InPlaceOutput(self.backup, removals, self.apart)
            return in_place, in_place
        if self.output_dir is not None:
            tree = TreeOutput(os.fspath(self.output_dir), removals, self.apart)
            return tree, tree
        from dedup.sinks import open_sink

        assert self.output is not None
        sink = open_sink(self.output, compress=True)
        name = os.fspath(self.output) if isinstance(self.output, (str, os.PathLike)) else ""
        return OneOutput(sink, removals, name), sink
