"""Files below a folder that take their places together, or none of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dedup.errors import UsageError
from dedup.sinks.atomic import open_staged
from dedup.sinks.compression import compressed
from dedup.sinks.made_folders import MadeFolders
from dedup.sinks.stage import Stage, Staged

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dedup.sinks import Sink


class FolderFiles:
    """Opens one file after the other; folders that are missing are made, and go again if the files do not come."""

    def __init__(self, folder: str, roots: Collection[str] = (), folders: MadeFolders | None = None) -> None:
        """
        Args:
            folder: may be missing.
            roots: folders that are read, with a slash at their ends: new folders are as private as those in them.
            folders: that the run has made so far.
        """
        self.replaced: list[str] = []
        """Places where there is a file already."""
        self._folder = folder
        self._stage = Stage()
        self._roots = roots
        self._folders = folders or MadeFolders()
        self._open: Staged | None = None

    def open(self, name: str, compression: str, inputs: Sequence[str]) -> Sink:
        """The sink of the next file, created beside its place.

        Args:
            name: below the folder.
            compression: of what is written.
            inputs: names of what it is made of: who cannot read them cannot read it, if it is new.
        Raises:
            WriteError: it or a folder cannot be created, or something stands there that is no regular file.
            UsageError: the name leads out of the folder.
        """
        path = self._place(name)
        for one in inputs:
            root = one.removesuffix(name)
            if root in self._roots or (root != one and os.sep in name):
                self._folders.limit(self._folder, root, name)
        file = open_staged(path)
        file.limit_each(inputs)
        if file.links:
            self.replaced.append(path)
        self._open = Staged(file, compressed(file, compression), path)
        return self._open.sink

    def end(self) -> None:
        """The file in hand is whole, and waits for the others. Raises WriteError."""
        assert self._open is not None
        staged, self._open = self._open, None
        self._stage.add(staged)

    def drop(self) -> None:
        """Forget the file in hand, if there is one."""
        if self._open is not None:
            self._open.sink.abort()
            self._open = None

    def prepare(self) -> None:
        """As `Stage`."""
        self._stage.prepare()

    def commit(self) -> None:
        """As `Stage`."""
        self._stage.commit()
        self._folders.keep()

    def abort(self) -> None:
        """Leave nothing, and no folder that was made."""
        self.drop()
        self._stage.abort()
        self._folders.remove_empty()

    def _place(self, name: str) -> str:
        """The path of a file; folders that are missing are made."""
        if os.path.isabs(name) or ".." in name.split(os.sep):
            raise UsageError(f"{name} is not below {self._folder}", "Check the names.")
        path = os.path.join(self._folder, name)
        self._folders.make(os.path.dirname(path))
        return path
