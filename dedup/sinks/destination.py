"""Where a run writes: into one output, below a folder, or in the place of its inputs; and all of it at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dedup.errors import UsageError
from dedup.sinks import Sink, Target, open_sink
from dedup.sinks.made_folders import MadeFolders
from dedup.sinks.side_files import SideFiles
from dedup.sources.paths import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.settings import Settings
    from dedup.sinks.outputs import Outputs
    from dedup.sinks.removals import Removals
    from dedup.sinks.replaced import Replaced
    from dedup.sources.paths import Listing


class Held(Protocol):
    """What is committed or aborted; see `Sink`."""

    def prepare(self) -> None: ...

    def commit(self) -> None: ...

    def abort(self) -> None: ...


class Destination(NamedTuple):
    """What the caller says; exactly one of the first three."""

    output: Target | None
    output_dir: str | os.PathLike[str] | None
    in_place: bool
    backup: str
    side_files: SideFiles
    """What is written beside."""

    def check(self) -> Destination:
        """Return self. Raises UsageError if it is not one place."""
        places = (self.output is not None) + (self.output_dir is not None) + bool(self.in_place)
        if not places:
            raise UsageError(
                "clean needs an output, an output directory, or to be in place",
                'For example dedup.clean("a.txt", "clean.txt"); dedup.scan needs none.',
            )
        if places > 1:
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
            if self._replaces_one_of(listing.paths()):
                self.side_files.refuse_old_removals()
        if self.output_dir is not None:
            from dedup.sinks.outputs import refuse_one_name

            refuse_one_name(os.fspath(self.output_dir), listing, settings)
        if self.in_place:
            from dedup.sinks.in_place import refuse_special

            refuse_special(listing)
            self.side_files.refuse_old_removals()

    def replaced(self, listing: Listing) -> Replaced | None:
        """The input that the output takes the place of, if there is one; in folders it is no input.

        Cost: a call to the system for each input that was given itself, where the output is there already.
        """
        given = (name for part in listing.parts if not part.folder for name in part.names)
        if not self._replaces_one_of(given):
            return None
        from dedup.sinks.replaced import Replaced

        assert isinstance(self.output, (str, os.PathLike))
        return Replaced(os.fspath(self.output))

    def _replaces_one_of(self, paths: Iterable[str]) -> bool:
        """Whether the output is one of the inputs."""
        from dedup.sinks.replaced import first_replaced

        if not isinstance(self.output, (str, os.PathLike)) or self.output == "-" or not os.path.isfile(self.output):
            return False  # streams and devices are not replaced
        return first_replaced(paths, [os.fspath(self.output)]) is not None

    def open(self, removals: Removals | None, listing: Listing | None, folders: MadeFolders) -> tuple[Outputs, Held]:
        """The outputs, and what the caller commits or aborts. Raises UsageError, WriteError."""
        from dedup.sinks.outputs import OneOutput, TreeOutput

        if self.in_place:
            from dedup.sinks.in_place import InPlaceOutput

            in_place = InPlaceOutput(self.backup, removals, self.side_files, listing)
            return in_place, in_place
        if self.output_dir is not None:
            tree = TreeOutput(os.fspath(self.output_dir), removals, self.side_files, listing, folders)
            return tree, tree
        assert self.output is not None
        sink = open_sink(self.output, compress=True, private=True)
        path = os.fspath(self.output) if isinstance(self.output, (str, os.PathLike)) else "-"
        name = "" if path == "-" else path
        return OneOutput(sink, removals, name), sink


class Sinks:
    """Several sinks that are committed together, or all aborted when anything goes wrong before."""

    def __init__(self) -> None:
        self._open: list[Held] = []
        self._holding: list[Held] = []
        """Those that hold text of every input."""
        self._folders = MadeFolders()

    def __enter__(self) -> Sinks:
        return self

    def __exit__(self, *_error: object) -> None:
        for sink in self._open:
            sink.abort()
        self._folders.remove_empty()

    def make_folders(self, output_dir: str | os.PathLike[str], paths: Iterable[str | os.PathLike[str]]) -> None:
        """Make the output directory if files are to be written in it that are opened before any product is.

        Args:
            output_dir: may be missing. Folders elsewhere are not made: a name may be misspelt.
            paths: of reports and the removals file.
        """
        root = os.path.join(place_of(output_dir), "")
        for path in paths:
            folder = os.path.dirname(os.fspath(path))
            if os.path.join(place_of(folder), "").startswith(root):
                self._folders.make(folder)

    def add(self, sink: Sink) -> Sink:
        """Take a sink to be committed before those added earlier; gives it back."""
        self._open.append(sink)
        return sink

    def add_report(self, path: Target, *, quotes: bool) -> Sink:
        """Open a report; `quotes` as `dedup.report.formats.quotes` tells it. Raises UsageError, WriteError."""
        sink = self.add(open_sink(path, private=quotes))
        if quotes:
            self._holding.append(sink)
        return sink

    def keep_private(self, names: Sequence[str]) -> None:
        """Have the output, and reports that quote text, read by nobody who cannot read the inputs, where they are new.

        Before any of them is prepared, as reports are that have been written.

        Args:
            names: of the inputs, as they were read.
        """
        from dedup.sinks.likeness import limit

        limit(self._holding, names)

    def open_outputs(
        self, destination: Destination, removals: str | os.PathLike[str] | None, listing: Listing | None
    ) -> tuple[Outputs, Removals | None]:
        """Where the products go, and the removals file, which is committed before them: it is the way back.

        Args:
            destination: as the caller says.
            removals: path of the removals file.
            listing: the inputs, if they are files.
        """
        log = None
        if removals is not None:
            from dedup.sinks.atomic import FileSink
            from dedup.sinks.removals import Removals

            sink = self.add(open_sink(removals, private=True))
            log = Removals(sink, sink.limit if isinstance(sink, FileSink) else None)
        outputs, held = destination.open(log, listing, self._folders)
        self._open.insert(0, held)
        if destination.output is not None:
            self._holding.append(held)
        if listing is not None:
            from dedup.sinks.replaced import refuse_appending

            # What folders have of such is told when its turn comes.
            given = (name for part in listing.parts if not part.folder for name in part.names)
            refuse_appending(given, outputs.identity)
            if replaced := destination.replaced(listing):
                self._open.append(replaced)  # looked at when all others are prepared
        return outputs, log

    def commit(self) -> None:
        """Prepare all before committing any: a full disk leaves every target as it was."""
        for sink in self._open:
            sink.prepare()
        while self._open:
            self._open[-1].commit()
            self._open.pop()
