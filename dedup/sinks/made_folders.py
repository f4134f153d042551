"""Folders that a run makes: as private as those whose files they get, and taken back if the files do not come."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from dedup.errors import write_error
from dedup.sources.paths import place_of


class MadeFolders:
    """Makes folders, and knows which."""

    def __init__(self) -> None:
        self._made: dict[str, None] = {}
        """In order, and asked for each folder that was written to: there may be many."""
        self._like: set[tuple[str, str]] = set()
        """Each folder that was made, and one whose permissions it has no more of."""

    def make(self, path: str) -> None:
        """Make a folder with those above it, as far as they are missing. Raises WriteError."""
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
            self._made[place_of(directory)] = None

    def limit(self, folder: str, source: str, name: str) -> None:
        """Have the folders of `name` below `folder` be as private as those of `name` below `source`, if they are new.

        Args:
            folder: that was written below; it is one of them.
            source: that was read in the same way.
            name: of a file.
        """
        for below in (*folders_of(name), "") if self._made else ():
            pair = os.path.join(folder, below), os.path.join(source, below)
            if pair in self._like:
                break  # and those above it
            self._like.add(pair)
            if (place := place_of(pair[0])) in self._made:
                _limit(place, pair[1])

    def keep(self) -> None:
        """The files are in their places."""
        self._made.clear()

    def remove_empty(self) -> None:
        """Take back what was made, the last first; folders in which there is something stay, and can be tried again."""
        for directory in reversed(list(self._made)):
            with suppress(OSError):
                os.rmdir(directory)
                del self._made[directory]


def folders_of(name: str) -> Iterator[str]:
    """`a/b/c.txt`: `a/b` and `a`."""
    end = name.rfind(os.sep)
    while end > 0:
        yield name[:end]
        end = name.rfind(os.sep, 0, end)


def _limit(place: str, source: str) -> None:
    from dedup.sinks.likeness import allowed_by_folder

    with suppress(OSError):  # a file system without permissions
        facts = os.stat(place)
        os.chmod(place, facts.st_mode & 0o7777 & (~0o777 | allowed_by_folder(source, facts.st_gid)))
