"""Pages that blocks of a file are read into: memory that is used again as soon as nobody looks at what it holds.

New memory costs: the system clears it, page by page.
"""

from __future__ import annotations

import mmap
import os
import sys

_references = getattr(sys, "getrefcount", lambda _: sys.maxsize)
"""Where they are not counted, no room is ever free again."""
_probe = [object()]
_OURS: int = _references(_probe[0])
"""References to room that nobody has but a list, as they are counted below."""


class Pages:
    """Reads blocks of files; each stays as it is for as long as something refers to it."""

    def __init__(self) -> None:
        self._rooms: list[mmap.mmap] = []

    def read(self, descriptor: int, size: int, at: int) -> memoryview:
        """All bytes in [at, at + size) that a file has: a short read is no end. Raises OSError, MemoryError."""
        view, read = memoryview(self._room(size)), 0
        while read < size and (more := _read_into(view[read:], descriptor, at + read)):
            read += more
        return view[:read].toreadonly()

    def _room(self, size: int) -> mmap.mmap:
        """Memory of so many bytes that nobody looks at; what was of another size is let go."""
        for number in range(len(self._rooms) - 1, -1, -1):
            if _references(self._rooms[number]) > _OURS:
                continue
            if len(self._rooms[number]) == size:
                return self._rooms[number]
            del self._rooms[number]
        room = _pages(size)
        if sys.maxsize > _OURS:
            self._rooms.append(room)
        return room


def _pages(size: int) -> mmap.mmap:
    try:
        pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"no memory for a block of {size:,} bytes") from error
    if hasattr(mmap, "MADV_HUGEPAGE"):
        pages.madvise(mmap.MADV_HUGEPAGE)
    return pages


def _read_into(view: memoryview, descriptor: int, at: int) -> int:
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, [view], at)
    data = os.pread(descriptor, len(view), at)
    view[: len(data)] = data
    return len(data)
