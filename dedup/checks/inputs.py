"""What `check` reads: the input as it is, and as it was in a git revision."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.checks.git import Change, Repository
from dedup.checks.pointers import is_pointer, is_pointer_file
from dedup.errors import InputSkipped, UsageError
from dedup.sources.detect import BINARY_BYTES
from dedup.sources.globs import Globs
from dedup.sources.paths import STANDARD_INPUT, Listing, Part, Selection
from dedup.sources.source import Source, from_bytes, open_source

if TYPE_CHECKING:
    from dedup.checks.git import Selects
    from dedup.checks.texts import Binaries


def compare(listing: Listing, selection: Selection, revision: str) -> tuple[Repository, Change]:
    """Compare an input with a revision. Raises UsageError: no git, no repository, no such revision, or a stream."""
    named = [name for folder, names in listing.parts if not folder for name in names]
    for name in named:
        _refuse_stream(name)
    repository = Repository(revision)
    arguments = [*listing.folders, *named]
    return repository, repository.change([found.path for found in listing], arguments, selects(selection))


def _refuse_stream(name: str) -> None:
    """Raise UsageError for what can be read once: it would be at its end when it is its turn after the revision."""
    if name == STANDARD_INPUT or (os.path.exists(name) and not os.path.isfile(name)):
        shown = "standard input" if name == STANDARD_INPUT else name
        raise UsageError(
            f"--since needs files: git knows nothing of what comes from elsewhere, and {shown} is read once",
            "Give paths, or check it without --since.",
        )


def in_order(change: Change, listing: Listing) -> Listing:
    """The same files, those that have not changed first."""
    return replace(listing, parts=[Part("", change.new)] if change.new else [])


class OldInputs:
    """The documents of the revision, each opened when it is its turn."""

    def __init__(self, repository: Repository, change: Change, binaries: Binaries) -> None:
        self._repository = repository
        self._change = change
        self._binaries = binaries
        self.skipped: list[InputSkipped] = []
        """Nothing: what cannot be read now is told when the input as it is now is read."""

    def sources(self) -> Iterator[Source]:
        """All of them, from the beginning every time."""
        blobs = self._repository.read(blob for _, blob in self._change.old if blob)
        for path, blob in self._change.old:
            if blob:
                data = next(blobs)
                if is_pointer(data):
                    data = self._behind(path, data)
                if not self._binaries.has(path, data[:BINARY_BYTES]):
                    yield from_bytes(data, path)
            elif not self._binaries.has_file(path):
                with suppress(InputSkipped):
                    yield open_source(path)

    def _behind(self, path: str, pointer: bytes) -> bytes:
        """The text that a pointer of Git LFS stands for. Raises UsageError if it is not to be had and is asked for."""
        found = self._repository.behind(pointer)
        if found is not None:
            return found
        if not os.path.isfile(path) or is_pointer_file(path) or self._binaries.has_file(path):
            return pointer  # it has gone, as pictures go, or is no text here either
        raise UsageError(
            f"--since: in the revision {path} is a pointer of Git LFS, and git-lfs cannot give the text behind it",
            "Install git-lfs, and git lfs fetch the revision; or use --baseline. Else all of the file would be new.",
        )


def selects(selection: Selection) -> Selects:
    """Whether a path below a folder is read: what `dedup.sources.paths` decides on the disk, for a name alone."""
    include, exclude = (Globs(one) if one else None for one in (selection.include, selection.exclude))

    def select(path: str) -> bool:
        if not selection.hidden and any(part.startswith(".") for part in path.split("/")):
            return False
        if exclude is not None and exclude.decide(path)[0]:
            return False
        return include is None or include.match(path)

    return select
