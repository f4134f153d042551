"""Many files that change together: all are written before the first of them takes its place.

A run that fails while it writes has replaced nothing. A kill between two replacements leaves every file the
old or the new one; no text is lost then, since a paragraph is removed only where its original is kept, and
that stands in the old file as in the new one.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from dedup.errors import UsageError, WriteError, write_error
from dedup.sinks import Sink
from dedup.sinks.atomic import FileSink, sync_directory
from dedup.sources.source import Facts

SYNC_ONE_BY_ONE = 64
"""So many files are put on the disk one after the other; with more, the whole system is asked once."""


class Staged(NamedTuple):
    """A file that is written, and waits for the others."""

    file: FileSink
    sink: Sink
    """The file, or a compressor before it."""
    path: str
    """Its place."""
    facts: Facts | None = None
    """What the file that stands there was when it was read; None if it may be anything."""
    backup: str = ""
    """Where the old file goes; empty for nowhere."""


class Stage:
    """Takes files that are written, and puts them in their places at the end."""

    def __init__(self) -> None:
        self._files: list[Staged] = []

    def add(self, staged: Staged) -> None:
        """Take a file and close it. Raises WriteError."""
        self._files.append(staged)
        staged.sink.prepare()
        self._files[-1] = staged._replace(sink=staged.file)  # a compressor that has finished may hold MBs

    def prepare(self) -> None:
        """Have everything on the disk, and see that no file changed since it was read.

        Raises:
            ReadError: one did.
            UsageError: a backup would replace another file.
            WriteError: the disk could not take it.
        """
        for staged in self._files:
            _check(staged)
        if len(self._files) > SYNC_ONE_BY_ONE:
            os.sync()
        else:
            for staged in self._files:
                staged.file.sync()

    def commit(self) -> None:
        """Put one file after the other in its place. Raises WriteError, which tells how many are."""
        done = 0
        try:
            for staged in self._files:
                if staged.backup:
                    _back_up(staged)
                staged.sink.commit()
                done += 1
        except WriteError as error:
            if not done:
                raise
            raise WriteError(
                f"{error.message}, after {done:,} of {len(self._files):,} files had been replaced",
                f"{error.remedy} Then run again: what is done stays, the rest follows.",
            ) from error
        finally:
            replaced, self._files = self._files[:done], self._files[done:]
            _sync_folders([staged.path for staged in replaced])

    def abort(self) -> None:
        """Remove what is not in its place."""
        for staged in self._files:
            staged.sink.abort()
        self._files = []


def _check(staged: Staged) -> None:
    if staged.facts is not None:
        staged.facts.refuse_changed_at(staged.path)
    if staged.backup and _is_there(staged.backup) and not _is_same(staged.path, staged.backup):
        raise UsageError(
            f"{staged.backup} is there already: it would be replaced by the backup of {staged.path}",
            "Move it away, or give --backup another suffix. No file was replaced.",
        )


def _is_there(backup: str) -> bool:
    """Whether the name is taken. Raises WriteError: there can be no file of that name, such as one that is too long."""
    try:
        os.lstat(backup)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise write_error(backup, error) from error
    return True


def _is_same(path: str, other: str) -> bool:
    """A run that was killed after the backup and before the replacement leaves two names of one file.

    A symbolic link is no second name: it would lead to the new file.
    """
    try:
        return os.path.samestat(os.stat(path), os.lstat(other))
    except OSError:
        return False


def _back_up(staged: Staged) -> None:
    """Give the old file a second name, so that at no moment it has none. Raises WriteError."""
    try:
        try:
            os.link(os.path.realpath(staged.path), staged.backup)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            _copy(staged.path, staged.backup)
    except FileExistsError as error:
        if not _is_same(staged.path, staged.backup):
            raise WriteError(
                f"{staged.backup} came to be during the run: it would be replaced by the backup of {staged.path}",
                "Move it away, or give --backup another suffix.",
            ) from error
    except OSError as error:
        raise write_error(staged.backup, error) from error


def _copy(path: str, backup: str) -> None:
    """Raises FileExistsError: another file has the name, and keeps it."""
    import shutil

    file = FileSink(backup, os.stat(path))
    try:
        with open(path, "rb") as old:
            shutil.copyfileobj(old, file, 1 << 20)
        file.prepare()
        os.close(os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC))  # the name is ours from here on
        file.commit()
    except BaseException:
        file.abort()
        raise


def _sync_folders(paths: list[str]) -> None:
    if len(paths) > SYNC_ONE_BY_ONE:
        os.sync()
        return
    for folder in {os.path.dirname(os.path.realpath(path)) for path in paths}:
        sync_directory(folder)
