"""Files that are cleaned where they lie."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dedup.counts import count
from dedup.errors import InputSkipped, UsageError, changed_error
from dedup.sinks import Data, Sink
from dedup.sinks.atomic import FileSink, open_staged
from dedup.sinks.compression import compressed
from dedup.sinks.outputs import Outputs, file_facts, make_product
from dedup.sinks.product import ByteProduct
from dedup.sinks.stage import Stage, Staged
from dedup.sources.container import Container
from dedup.sources.source import Facts, open_source

if TYPE_CHECKING:
    from dedup.sinks.removals import Removals
    from dedup.sinks.side_files import SideFiles
    from dedup.sources.paths import Listing

HELD_BYTES = 1 << 20
"""So much of a file waits in memory: a smaller one that does not change costs no write."""


class InPlaceOutput(Outputs):
    """Replaces every file that changes, all of them at the end; what does not change is not touched.

    A symbolic link stays, and the file behind it is replaced. A file with several hard links becomes one of
    its own under the name that was given; the other names keep the old text.
    """

    breaks = "would be broken in place"

    def __init__(
        self,
        backup: str = "",
        removals: Removals | None = None,
        side_files: SideFiles | None = None,
        listing: Listing | None = None,
    ) -> None:
        """
        Args:
            backup: suffix of the name under which the old file stays; empty for no backup.
            removals: takes down what is needed to undo the run.
            side_files: what else is written: no backup may be in its place.
            listing: the inputs, if they are files.
        """
        if "/" in backup:
            raise UsageError(f"a suffix cannot be {backup!r}: it has a slash", "For example: --backup .bak")
        self._backup = backup
        self._side_files = side_files
        self._removals = removals
        self._stage = Stage()
        self._known: dict[tuple[int, int], str] = {}
        self._held: _HeldSink | None = None
        self._product: ByteProduct | None = None
        self._files = self._replaced = 0
        self._linked: list[str] = []
        parts = [] if listing is None else listing.parts
        self._is_one_folder = len(parts) == 1 and (bool(parts[0].folder) or len(parts[0].names) == 1)
        """All files are below one folder, or there is but one."""
        self._places: set[str] = set()

    def begin(self, container: Container) -> ByteProduct:
        """The product of a file, held until it is known whether it changes. Raises UsageError."""
        facts = container.facts
        if facts is None:
            raise _not_regular(container.name)
        self._refuse_twice(container.name, facts[2:])
        if self._backup and self._side_files is not None:
            self._side_files.refuse_target(container.name + self._backup, f"the backup of {container.name}")
        self._files += 1
        self._held = _HeldSink(container.name, container.compression)
        if self._removals is not None:
            self._removals.begin(file_facts(container, self._place_of(container)))
        self._product = make_product(container, self._held, self._removals)
        return self._product

    def end(self, container: Container) -> None:
        """Stage the file if it changed, forget it if not."""
        product, held = self._product, self._held
        assert product is not None
        assert held is not None
        product.end_file()
        product.close()
        if self._removals is not None:
            facts = product.facts()
            if facts and not product.changed:
                facts["output"] = _digest_of(container)  # it stays: written anew, its rows would have other bytes
            self._removals.end(facts)
        if product.changed:
            file, sink = held.put()
            backup = container.name + self._backup if self._backup else ""
            self._stage.add(Staged(file, sink, container.name, container.facts, backup))
            self._replaced += 1
            if file.links > 1:
                self._linked.append(container.name)
        else:
            held.abort()
        self._held = self._product = None

    def abandon(self) -> None:
        """Nothing more goes to the file in hand."""
        if self._product is not None:
            self._product.abandon()

    def notes(self) -> list[str]:
        """How many files were replaced, and which of them had other names."""
        notes = [f"replaced {self._replaced:,} of {count(self._files, 'file')}"]
        if self._linked:
            first, more = self._linked[0], len(self._linked) - 1
            others = f" and {more:,} more" if more else ""
            notes.append(f"{first}{others} had several hard links: each name that was given is a file of its own now")
        return notes

    def prepare(self) -> None:
        """As `Stage`."""
        self._stage.prepare()

    def commit(self) -> None:
        """As `Stage`."""
        self._stage.commit()

    def abort(self) -> None:
        """Leave every file as it was, and nothing else."""
        if self._held is not None:
            self._held.abort()
        self._stage.abort()

    def _place_of(self, container: Container) -> str:
        """The path by which `restore` knows a file, another for each.

        Below a folder that was cleaned alone it is the path from there; of others the path as it was given.
        """
        place = container.relative if self._is_one_folder else _as_given(container.name)
        if place in self._places:
            place = os.path.abspath(container.name).lstrip("/")
        self._places.add(place)
        return place

    def _refuse_twice(self, name: str, identity: tuple[int, int]) -> None:
        """One file under two names would be cleaned of itself. Two hard links are two files: each has its text."""
        earlier = self._known.setdefault(identity, name)
        if earlier is not name and os.path.realpath(earlier) == os.path.realpath(name):
            raise UsageError(
                f"{name} and {earlier} are the same file: in place it can be cleaned once",
                "Give each file once. No file was replaced.",
            )


def _as_given(path: str) -> str:
    """A path without detours, from the working directory or, if it leads out of that, from the root.

    >>> _as_given("texts/./x.txt"), _as_given("/data/x.txt")
    ('texts/x.txt', 'data/x.txt')
    """
    place = os.path.normpath(path)
    return os.path.abspath(place).lstrip("/") if place.startswith(("/", "../")) else place


def refuse_special(listing: Listing) -> None:
    """Raise UsageError for a FIFO or a device among the names that were given: to open one may wait forever."""
    for part in listing.parts:
        for name in () if part.folder else part.names:
            with suppress(OSError):  # skipped, with the reason, when its turn comes
                if name != "-" and not stat.S_ISREG(os.stat(name).st_mode):
                    raise _not_regular(name)


def _digest_of(container: Container) -> dict[str, Any]:
    """Of the bytes of a file below its compression. Raises ReadError, also if it is not what was read."""
    from dedup.sinks.removals import Digest
    from dedup.sources.compression import Expanded

    assert container.facts is not None
    try:
        source = open_source(container.name)
    except InputSkipped as error:
        raise changed_error(container.name, error.reason) from error
    try:
        container.facts.refuse_changed(container.name, Facts.of(os.fstat(source.descriptor)))
        content = Expanded(source, container.compression) if container.compression else source
        digest = Digest()
        while part := content.read(HELD_BYTES):
            digest.add(part)
        return digest.facts()
    finally:
        source.close()


def _not_regular(name: str) -> UsageError:
    return UsageError(f"{name} cannot be cleaned in place: it is not a regular file", "Give the names of files.")


class _HeldSink:
    """The new text of a file: in memory, and from a MiB on in the file that is to take its place."""

    def __init__(self, path: str, compression: str) -> None:
        self._path = path
        self._compression = compression
        self._parts: list[Data] = []
        self._bytes = 0
        self._file: FileSink | None = None
        self._sink: Sink | None = None

    def write(self, data: Data) -> None:
        """Take bytes. Raises WriteError."""
        self.write_many([data])

    def write_many(self, parts: Sequence[Data]) -> None:
        """Take pieces. Raises WriteError."""
        if self._sink is not None:
            self._sink.write_many(parts)
            return
        self._parts += parts
        self._bytes += sum(memoryview(part).nbytes for part in parts)
        if self._bytes > HELD_BYTES:
            self.put()

    def put(self) -> tuple[FileSink, Sink]:
        """The file with all that was taken, and the compressor before it. Raises WriteError."""
        if self._file is None or self._sink is None:
            self._file = open_staged(self._path)
            self._sink = compressed(self._file, self._compression)
            parts, self._parts = self._parts, []
            self._sink.write_many(parts)
        return self._file, self._sink

    def prepare(self) -> None:
        """Nothing: whoever takes the file does it."""

    def commit(self) -> None:
        """Nothing."""

    def abort(self) -> None:
        """Forget everything."""
        self._parts = []
        if self._sink is not None:
            self._sink.abort()
