"""Many files that change together: all are written before the first of them takes its place.

A run that fails while it writes has replaced nothing. A kill between two replacements leaves every file the
old or the new one; that is harmless, because what is removed from a file stands in another one, old or new.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from dedup.errors import UsageError, WriteError, write_error
from dedup.sinks import Sink
from dedup.sinks.atomic import sync_directory
from dedup.sources.text import Facts

SYNC_ONE_BY_ONE = 64
"""So many files are put on the disk one after the other; of more, the whole disk is asked at once."""


class Staged(NamedTuple):
    """A file that is written and waits for the others."""

    sink: Sink
    path: str
    """Its place."""
    facts: Facts | None
    """What the file that stands there now was when it was read; None if it may be anything."""
    backup: str
    """Where the old file goes; empty for nowhere."""


class Stage:
    """Takes files that are written, and puts them in their places at the end."""

    def __init__(self) -> None:
        self._files: list[Staged] = []

    def add(self, staged: Staged) -> None:
        """Take a file: it is closed, but not in its place yet. Raises WriteError."""
        self._files.append(staged)
        staged.sink.prepare()

    def prepare(self) -> None:
        """Have everything on the disk, and see that no file changed since it was read.

        Raises:
            ReadError: one did.
            UsageError: a backup would replace another file.
        """
        for one in self._files:
            if one.facts is not None:
                one.facts.refuse_changed(one.path, _facts(one.path))
            if one.backup:
                _refuse_other(one.backup, one.path)
        if len(self._files) > SYNC_ONE_BY_ONE:
            os.sync()
        else:
            for one in self._files:
                one.sink.sync()

    def commit(self) -> None:
        """Put one file after the other in its place. Raises WriteError, which tells how many are."""
        done = 0
        try:
            for one in self._files:
                if one.backup:
                    _back_up(one.path, one.backup)
                one.sink.commit()
                done += 1
        except WriteError as error:
            if done:
                raise WriteError(f"{error.message}; {done:,} of {len(self._files):,} files were replaced before it",
                                 f"{error.remedy} Then run again: it goes on with the rest.") from error
            raise
        finally:
            left, replaced = self._files[done:], self._files[:done]
            self._files = left
            folders = {os.path.dirname(os.path.realpath(one.path)) for one in replaced[:SYNC_ONE_BY_ONE]}
            if len(replaced) > SYNC_ONE_BY_ONE:
                os.sync()
            else:
                for folder in folders:
                    sync_directory(folder)

    def abort(self) -> None:
        """Remove what is not in its place."""
        for one in self._files:
            one.sink.abort()
        self._files = []
