"""Files below a folder that take their places together, or none of them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from dedup.errors import UsageError, write_error
from dedup.sinks.atomic import open_staged
from dedup.sinks.compression import compressed
from dedup.sinks.stage import Stage, Staged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.sinks import Sink


class FolderFiles:
    """Opens one file after the other; folders that are missing are made, and go again if the files do not come."""

    def __init__(self, folder: str) -> None:
        self.replaced: list[str] = []
        """Places where there is a file already."""
        self._folder = folder
        self._stage = Stage()
        self._made: list[str] = []
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
        path = _place(self._folder, name, self._made)
        file = open_staged(path)
        for one in inputs:
            file.limit(one)
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
        self._made.clear()

    def abort(self) -> None:
        """Leave nothing, and no folder that was made."""
        self.drop()
        self._stage.abort()
        remove_empty(self._made)


def _place(folder: str, name: str, made: list[str]) -> str:
    """The path of a file below a folder; folders that are missing are made, and added to `made`."""
    if os.path.isabs(name) or ".." in name.split(os.sep):
        raise UsageError(f"{name} is not below {folder}", "Check the names.")
    path = os.path.join(folder, name)
    make_folder(os.path.dirname(path), made)
    return path


def make_folder(path: str, made: list[str]) -> None:
    """Make a folder with those above it, as far as they are missing; they are added to `made`. Raises WriteError."""
    missing = [path]
    while missing[-1] and not os.path.isdir(missing[-1]):
        missing.append(os.path.dirname(missing[-1]))
    for directory in reversed(missing[:-1]):
        try:
            os.mkdir(directory)
        except FileExistsError:
            continue  # another run was faster, or it is a file: then opening says so
        except OSError as error:
            raise write_error(directory, error) from error
        made.append(directory)


def remove_empty(made: list[str]) -> None:
    """Take back folders that were made, the last first; those in which files took their place stay."""
    while made:
        with suppress(OSError):
            os.rmdir(made.pop())
