"""Everything that can go wrong, each with what to do about it and the exit status of the command.

    DedupError                 message, remedy, exit_status
    ├── UsageError         2   an option or its value is wrong; nothing was done
    │   ├── NothingToRead      the folders that were given hold no file to read
    │   └── EngineUnavailable  the engine asked for by name cannot run here
    ├── InputSkipped       3   one input cannot be opened; recorded, and the run goes on
    ├── ReadError          4   reading failed in the middle; no target is replaced
    ├── WriteError         4   writing failed; no target is replaced
    ├── IntegrityError     4   a check of the answer failed; no target is replaced
    ├── Interrupted      130   Ctrl-C
    └── ReaderGone         0   the program that reads our output has closed the pipe

Status 1 belongs to `dedup check`; 70 is any exception that is not in this tree: a bug of ours.
"""

from __future__ import annotations

OUR_BUG = 70
"""Exit status for an exception that nobody foresaw (EX_SOFTWARE of sysexits.h)."""


class DedupError(Exception):
    """A foreseen failure: `message` says what and where, `remedy` what to do."""

    exit_status = 4

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(DedupError):
    """An option or its value is wrong; nothing was read or written."""

    exit_status = 2


class NothingToRead(UsageError):
    """No file is in the folders that were given, or none is selected."""


class EngineUnavailable(UsageError):
    """The engine asked for by name cannot run here; the message says why."""


class InputSkipped(DedupError):
    """One input cannot be opened. Raised by a source, recorded by the run, listed in the report."""

    exit_status = 3

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"skipped {path}: {reason}", "Check the name and the permissions, then run again.")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[InputSkipped], tuple[str, str]]:
        return type(self), (self.path, self.reason)  # what pickle would call it with are the arguments of the base


class ReadError(DedupError):
    """Reading failed after the run had begun."""

    exit_status = 4


class WriteError(DedupError):
    """The output or the report could not be written whole."""

    exit_status = 4


class IntegrityError(DedupError):
    """A check of the answer against its own promises failed."""

    exit_status = 4


class Interrupted(DedupError):
    """The user pressed Ctrl-C."""

    exit_status = 130


class ReaderGone(DedupError):
    """The reader of the output closed the pipe: it has what it wanted, and so have we."""

    exit_status = 0

    def __init__(self) -> None:
        super().__init__("the reader of the output closed the pipe")

    def __reduce__(self) -> tuple[type[ReaderGone], tuple[()]]:
        return type(self), ()


_WRITE_REMEDIES = {
    "ENOSPC": "Free some space or write to another disk.",
    "EDQUOT": "The quota is used up: free some space or write to another disk.",
    "ENAMETOOLONG": "Give a shorter name.",
    "ENOENT": "Create the directory first, or check the name.",
    "EACCES": "Choose a place you may write to.",
    "EPERM": "Choose a place you may write to.",
    "EROFS": "The disk is read-only: write to another one.",
    "EISDIR": "Give the name of a file, not of a directory.",
    "ENOTDIR": "A part of the path is not a directory: check the name.",
}


def write_error(name: str, error: OSError) -> WriteError:
    """The `WriteError` for what the system said about writing to `name`."""
    import errno

    symbol = errno.errorcode.get(error.errno or 0, "")
    reason = error.strerror or str(error)
    remedy = _WRITE_REMEDIES.get(symbol, "Check the disk, or write elsewhere.")
    return WriteError(f"cannot write {name}: {reason}", remedy)


def read_error(name: str, error: OSError | EOFError) -> ReadError:
    """The `ReadError` for what the system, or a file object, said about reading from `name`."""
    reason = getattr(error, "strerror", None) or str(error)
    return ReadError(f"cannot read {name}: {reason}", "Check the file and the disk; no target was replaced.")


def changed_error(name: str, what: str) -> ReadError:
    """The `ReadError` for a file that did not stay as it was while it was read."""
    return ReadError(
        f"{name} changed while it was read: {what}", "Run again when nobody writes to it; no target was replaced."
    )


def output_as_well(name: str) -> ReadError:
    """The `ReadError` for an input that is written to while it is read."""
    return ReadError(
        f"{name} is the output as well", "Give its name as the output (-o): then it is replaced when all is read."
    )
