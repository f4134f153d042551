"""Many files, opened one after the other: small ones are read in bundles, ahead of the rest of the run.

Reading 100,000 files of 2 KB one by one from Python takes as long as cleaning their text. So small files are
read in C where that was built, about a MiB at a time, in one thread beside the others, whatever their number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from dedup.errors import InputSkipped
from dedup.sources.text import SMALL_BYTES, Source, open_source

BUNDLE_BYTES = 1 << 20
GROUP = 1024
"""Names handed to C at once."""
FEW = 16
"""So many files are opened one by one: that is no slower, and needs no further module."""
AHEAD = 4
"""Bundles and open files that may wait for the run."""

Facts = tuple[int, int, int, int]
ReadFiles = Callable[[bytes, int, int, int, int], tuple[bytes, list[Facts], int]]


class Bundle(NamedTuple):
    """Several small files, each a document, read whole."""

    names: list[str]
    text: bytes
    """Of all of them, end to end."""
    facts: list[Facts]
    """Of each its size, the time of its last change in ns, device and inode."""


def open_each(paths: Iterable[str], skipped: list[InputSkipped]) -> Iterator[Source | Bundle]:
    """Open one file after the other, each when it is asked for.

    Args:
        paths: `-` is standard input.
        skipped: gets what cannot be opened.
    Raises:
        ReadError: as `open_source`.
    """
    read_files = None
    rest = iter(paths)
    while group := list(islice(rest, GROUP)):
        if len(group) > FEW:
            read_files = read_files or _native()
        if read_files is None or len(group) <= FEW:
            yield from _one_by_one(group, skipped)
        else:
            yield from _bundled(group, read_files, skipped)


def open_ahead(paths: Iterable[str], skipped: list[InputSkipped]) -> Iterator[Source | Bundle]:
    """The same, with a thread that opens and reads up to four steps ahead. Raises what `open_each` raises."""
    import queue
    import threading

    ready: queue.Queue[Source | Bundle | BaseException | None] = queue.Queue(AHEAD)
    stopped = threading.Event()

    def work() -> None:
        last: BaseException | None = None
        try:
            for opened in open_each(paths, skipped):
                ready.put(opened)
                if stopped.is_set():
                    break
        except BaseException as error:  # handed to the caller's thread
            last = error
        ready.put(last)

    threading.Thread(target=work, daemon=True).start()
    try:
        while (one := ready.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        stopped.set()
        while not ready.empty():
            left = ready.get()
            if isinstance(left, Source):
                left.close()


def _one_by_one(paths: list[str], skipped: list[InputSkipped]) -> Iterator[Source]:
    for path in paths:
        try:
            source = open_source(path)
        except InputSkipped as reason:
            skipped.append(reason)
            continue
        yield source


def _bundled(paths: list[str], read_files: ReadFiles, skipped: list[InputSkipped]) -> Iterator[Source | Bundle]:
    """Bundles as long as files are small; what is not goes the other way, in its place."""
    # No file has an empty name: C stops there, and `open_source` takes standard input.
    names = os.fsencode("\0".join("" if path == "-" else path for path in paths)) + b"\0"
    done = at = 0
    while done < len(paths):
        text, facts, at = read_files(names, at, len(paths) - done, BUNDLE_BYTES, SMALL_BYTES)
        if facts:
            yield Bundle(paths[done : done + len(facts)], text, facts)
            done += len(facts)
        if done < len(paths) and len(text) < BUNDLE_BYTES:
            yield from _one_by_one(paths[done : done + 1], skipped)
            at = names.index(b"\0", at) + 1
            done += 1


def _native() -> ReadFiles | None:
    try:
        from dedup.sources.small_files import read_files
    except ImportError:
        return None
    function: ReadFiles = read_files
    return function
