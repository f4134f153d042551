"""Pointers of Git LFS, which stand in the place of texts: in every revision, and here where nothing fetched them."""

from __future__ import annotations

from contextlib import suppress

FIRST_LINE = b"version https://git-lfs.github.com/spec/v1\n"
_MOST_BYTES = 1024
"""A pointer is shorter, says its specification."""


def is_pointer(data: bytes) -> bool:
    """Whether the contents of a file are a pointer."""
    return data.startswith(FIRST_LINE) and len(data) < _MOST_BYTES


def is_pointer_file(path: str) -> bool:
    """Whether the file at a path is one; what cannot be read is not."""
    with suppress(OSError), open(path, "rb", buffering=0) as file:
        return is_pointer(file.read(_MOST_BYTES))
    return False
