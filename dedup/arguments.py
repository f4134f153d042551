"""What callers of the library give: paths, binary file objects and bytes, told from what only looks like them."""

from __future__ import annotations

import io
import os

from dedup.errors import UsageError

_A_PATH = "Give a str or a pathlib.Path; os.fsdecode makes a str of bytes."
_A_SOURCE = "Give a path or several, the contents of one as bytes, or a binary file object."
_A_TARGET = "Give a path or a binary file object: io.BytesIO(), open(name, 'wb') or sys.stdout.buffer."


def path_of(value: object, what: str) -> str:
    """A path as a string.

    Args:
        value: what was given.
        what: it is to be, such as `the output`.
    Raises:
        UsageError: it is no path, or has a NUL.
    """
    path = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    if not isinstance(path, str):
        raise UsageError(f"{what} cannot be {_kind(value)}: it is a path", _A_PATH)
    if "\0" in path:
        raise UsageError(f"{what} cannot be {path!r}: no path has a NUL", "Look where the name comes from.")
    return path


def check_target(value: object, what: str = "the output") -> None:
    """Raise UsageError if an output is neither a path nor a binary file object."""
    if isinstance(value, (str, os.PathLike)):
        path_of(value, what)
    elif isinstance(value, io.TextIOBase):
        raise UsageError(f"{what} cannot be {_kind(value)}: it takes str, and bytes are written", _A_TARGET)
    elif not hasattr(value, "write"):
        raise UsageError(f"{what} cannot be {_kind(value)}", _A_TARGET)


def check_source(value: object) -> None:
    """Raise UsageError if an input is neither paths, nor bytes, nor a binary file object."""
    if isinstance(value, (str, os.PathLike)):
        _refuse_text(path_of(value, "the input"))
    elif isinstance(value, io.TextIOBase):
        raise text_not_bytes(value)
    elif not isinstance(value, memoryview) and not hasattr(value, "read") and not hasattr(value, "__iter__"):
        raise UsageError(f"the input cannot be {_kind(value)}", _A_SOURCE)


def _refuse_text(path: str) -> None:
    """Raise UsageError if a path is an article: a file of such a name could be, and there is none."""
    if "\n" in path and not os.path.lexists(path):
        raise UsageError(
            f"no file has the name {path[:40]!r}{'...' if len(path) > 40 else ''}",
            "A str is a path: give text to dedup.clean_text, or as bytes.",
        )


def check_suffix(value: object) -> None:
    """Raise UsageError if the names of backups cannot end so."""
    if not isinstance(value, str) or "\0" in value:
        raise UsageError(f"the suffix of backups cannot be {value!r}: it is a str without a NUL", 'Such as ".bak".')


def name_of(file: object) -> str:
    """The name of a file object: a path, or a word in angle brackets if it has none.

    >>> name_of(io.BytesIO())
    '<file>'
    """
    name = getattr(file, "name", None)
    return os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) and name else "<file>"


def check_named(source: object) -> None:
    """Raise UsageError if bytes or a file object have no name that a file below an output directory could have."""
    if name_of(source).startswith("<"):
        raise UsageError(
            f"{_kind(source)} has no name for a file below the output directory",
            "Give an output for it, a path or a binary file object, or give the path of the input.",
        )


def text_not_bytes(file: object) -> UsageError:
    """The error of a file object that gives text."""
    return UsageError(
        f"the input cannot be {_kind(file)}: it gives str, and bytes are read",
        "Open it with 'rb', or give its .buffer; dedup.clean_text takes a str.",
    )


def _kind(value: object) -> str:
    return "None" if value is None else f"an object of type {type(value).__name__}"
