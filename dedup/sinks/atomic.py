"""Output files that are complete or absent (guarantee G6 in CONTRIBUTING.md)."""

from __future__ import annotations

import atexit
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress

from dedup.errors import WriteError, write_error
from dedup.sinks import Data, Sink
from dedup.sinks.early import EarlyDisk
from dedup.sinks.stream import StreamSink, write_all, write_parts
from dedup.threads import started

_STANDARD = {"/dev/stdout": 1, "/dev/stderr": 2}
LARGE_BYTES = 1 << 20
"""Old files of this size are freed aside."""
_NUMBERED = ("/dev/fd/", "/proc/self/fd/")
_temporaries: set[str] = set()
"""Temporary files that have neither taken their place nor been removed."""


class FileSink:
    """A regular file that appears under its name at `commit`, whole, and not before.

    The text goes to a hidden temporary file in the same directory, which takes the place of the
    target in one step. The target's permissions (and owner and attributes, where the system lets us) are kept; a
    new file gets what the umask leaves. Other hard links to an old target keep the old text.
    """

    def __init__(
        self, path: str, target: os.stat_result | None, *, staged: bool = False, private: bool = False
    ) -> None:
        """
        Args:
            path: its place.
            target: what stands there.
            staged: it is one of many: `prepare` closes it, and the caller has the disk write them all.
            private: it is read by nobody else until it is whole, and then by those whom `limit` leaves.
        """
        self._staged = staged
        self._name = path
        self._final = os.path.realpath(path)
        self._target = target
        self._prepared = False
        self.syncs_directory = not staged
        """Whether `commit` waits until the disk knows the new name."""
        self._descriptor, self._temporary = _create_beside(self._final, 0o666 if target is None else 0o600)
        self._early = None if staged else EarlyDisk(self._descriptor)
        self._mode = 0o777
        """Of a private file that is new, when it is whole."""
        self.group: int | None = None
        """The group of a private file that is new; None for all others, whose permissions nothing limits."""
        if private and target is None:
            self._hide()

    def _hide(self) -> None:
        facts = os.fstat(self._descriptor)
        self._mode, self.group = stat.S_IMODE(facts.st_mode), facts.st_gid
        with suppress(OSError):  # a file system without permissions
            os.fchmod(self._descriptor, 0o600)

    def limit(self, name: str) -> None:
        """A private file that is new holds text of an input: who cannot read that cannot read this."""
        self.limit_each([name])

    def limit_each(self, names: Iterable[str]) -> None:
        """The same for several inputs. Cost: a call to the system for each."""
        if self.group is not None:
            from dedup.sinks.likeness import allowed_by_each

            self.allow(allowed_by_each(names, self.group))

    def allow(self, mode: int) -> None:
        """A private file that is new gets no more than these permissions."""
        self._mode &= mode

    def write(self, data: Data) -> None:
        """Append to the temporary file. Raises WriteError (disk full, quota, broken disk)."""
        write_all(self._descriptor, data, self._name)
        self._count(len(data))

    def write_many(self, parts: Sequence[Data]) -> None:
        """Append the pieces in order."""
        write_parts(self._descriptor, parts, self._name)
        self._count(sum(map(len, parts)))

    def _count(self, size: int) -> None:
        if self._early is not None:
            self._early.wrote(size)

    def prepare(self) -> None:
        """Set the permissions and wait until the disk has the text. Raises WriteError."""
        if self._prepared:
            return
        try:
            if self._target is not None:
                from dedup.sinks.likeness import take_after

                take_after(self._descriptor, self._final, self._target)
            if self.group is not None:
                with suppress(OSError):
                    os.fchmod(self._descriptor, self._mode)
            if self._staged:
                self._close()
            else:
                self._wait()
                os.fsync(self._descriptor)
        except OSError as error:
            raise write_error(self._name, error) from error
        self._prepared = True

    def commit(self) -> None:
        """Put the file in the target's place; on failure the target is as it was."""
        self.prepare()
        old = self._hold_old()
        try:
            self._close()
            os.replace(self._temporary, self._final)
        except OSError as error:
            raise write_error(self._name, error) from error
        finally:
            if old >= 0:
                _close_aside(old)
        _temporaries.discard(self._temporary)
        self._temporary = ""
        if self.syncs_directory:
            sync_directory(self.directory)

    def _hold_old(self) -> int:
        """A descriptor of a large old file, which then goes when it is closed; -1 for none.

        To free 100 MB takes the system a tenth of a second, in which the next file can take its place.
        """
        if self._target is None or self._target.st_size < LARGE_BYTES:
            return -1
        try:
            return os.open(self._final, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # it may not be read, or has gone
            return -1

    @property
    def directory(self) -> str:
        """Where it stands."""
        return os.path.dirname(self._final)

    @property
    def links(self) -> int:
        """Names that the old file has; 0 if there is none."""
        return 0 if self._target is None else self._target.st_nlink

    def sync(self) -> None:
        """Wait until the disk has the text of a file that was closed. Raises WriteError."""
        try:
            descriptor = os.open(self._temporary, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise write_error(self._name, error) from error

    def abort(self) -> None:
        """Remove the temporary file; the target is as it was."""
        if self._temporary:
            with suppress(OSError):  # an abort reports the error that caused it, not its own
                self._wait()
            with suppress(OSError):
                self._close()
            with suppress(OSError):
                os.unlink(self._temporary)
            _temporaries.discard(self._temporary)
            self._temporary = ""

    def _wait(self) -> None:
        if self._early is not None:
            self._early.wait()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def open_path(path: str, *, private: bool = False) -> Sink:
    """The sink for `-o PATH`; `private` as for `FileSink`.

    A regular file, or a name that is free, becomes a `FileSink`; a symbolic link stays and what it
    points to is replaced. What exists and is no regular file (a device, a FIFO, our own descriptors
    under /dev) is written to directly.

    Raises:
        WriteError: the directory is missing, may not be written to, or the path is a directory.
    """
    try:
        number = _descriptor_named(path)
        if number is not None:
            return StreamSink(os.dup(number), path, owned=True)
        target = _stat(path)
        if target is None or stat.S_ISREG(target.st_mode):
            return FileSink(path, target, private=private)
        return StreamSink(os.open(path, os.O_WRONLY | os.O_CLOEXEC), path, owned=True)
    except OSError as error:
        raise write_error(path, error) from error


@atexit.register
def remove_left() -> None:
    """Remove temporary files that an interruption left to nobody, between two lines that would have known of them."""
    while _temporaries:
        with suppress(OSError):
            os.unlink(_temporaries.pop())


def sync_directories_once(sinks: Sequence[Sink]) -> None:
    """Of files that are committed one after another, the last first, leave a directory to the one committed last."""
    known: set[str] = set()
    for sink in sinks:
        if isinstance(sink, FileSink):
            sink.syncs_directory = sink.directory not in known
            known.add(sink.directory)


def open_staged(path: str) -> FileSink:
    """The sink for a file that takes its place together with others.

    Raises:
        WriteError: it cannot be created there, or something stands there that is no regular file.
    """
    try:
        target = _stat(path)
        if target is not None and not stat.S_ISREG(target.st_mode):
            if stat.S_ISDIR(target.st_mode):
                raise WriteError(f"cannot write {path}: it is a folder", "Move it away, or write below another folder.")
            raise WriteError(f"cannot write {path}: it is not a regular file", "Check the name.")
        return FileSink(path, target, staged=True, private=True)
    except OSError as error:
        raise write_error(path, error) from error


def _descriptor_named(path: str) -> int | None:
    """`/dev/stdout` -> 1: opening the name anew would start at offset 0 of a redirected file."""
    if path in _STANDARD:
        return _STANDARD[path]
    for prefix in _NUMBERED:
        if path.startswith(prefix) and path[len(prefix) :].isdecimal():
            return int(path[len(prefix) :])
    return None


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _create_beside(final: str, mode: int) -> tuple[int, str]:
    """A new file in the directory of `final`, hidden, with a name that no other run has."""
    directory, name = os.path.split(final)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    while True:
        # Cut to 200 bytes: file systems allow 255 for a name.
        stem = os.fsdecode(os.fsencode(name)[:200])
        temporary = os.path.join(directory, f".{stem}.{os.urandom(6).hex()}.dedup")
        _temporaries.add(temporary)  # before it is there: Ctrl-C may come before anybody else knows of it
        try:
            return os.open(temporary, flags, mode), temporary
        except FileExistsError:
            _temporaries.discard(temporary)  # it is another's
        except OSError:
            _temporaries.discard(temporary)
            raise


def _close_aside(descriptor: int) -> None:
    """Close a descriptor in a thread, or here if there can be no more threads: the file has been replaced."""
    if started(os.close, descriptor) is None:
        os.close(descriptor)


def sync_directory(directory: str) -> None:
    """Ask the disk to remember the new name; some file systems cannot, and that is no failure."""
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
