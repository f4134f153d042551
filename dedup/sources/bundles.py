"""Many files, opened one after the other: small ones are read in bundles, ahead of the rest of the run.

Reading 100,000 files of 2 KB one by one from Python takes as long as cleaning their text. So small files are
read in C where that was built, about a MiB at a time, by one thread beside the others, whatever their number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dedup.sources.paths import STANDARD_INPUT, Listing
from dedup.sources.source import BufferSource, Facts, PathSource, Source

SMALL_BYTES = 64 << 10
"""Files up to this size go into bundles."""
BUNDLE_BYTES = 1 << 20
GROUP = 1024
"""Names handed to C at once."""
FEW = 16
"""So many files are opened one by one: that is no slower, and needs no further module."""

ReadFiles = Callable[[bytes, int, int, int, int], tuple[bytes, list[tuple[int, int, int, int]], int]]


class Bundle(NamedTuple):
    """Several small files, each a document, read whole."""

    folder: str
    """That they were found in, with a slash at its end; empty if they were given themselves."""
    names: list[str]
    text: bytes
    """Of all of them, end to end."""
    facts: list[tuple[int, int, int, int]]
    """Of each what `Facts` has."""


class BundledSource(BufferSource):
    """One file of a bundle, by itself."""

    def __init__(self, bundle: Bundle, number: int, data: bytes) -> None:
        super().__init__(data, bundle.names[number], Facts(*bundle.facts[number]))
        self._folder = bundle.folder

    @property
    def relative(self) -> str:
        """As `PathSource`."""
        return PathSource(self.name, self._folder).relative


def open_each(listing: Listing) -> Iterator[Source | Bundle]:
    """Give one file after the other, to be opened by whoever asks for it, or a bundle of small ones."""
    read_files = _native() if len(listing) > FEW else None
    for folder, names in listing.parts:
        for first in range(0, len(names), GROUP):
            paths = [folder + name for name in names[first : first + GROUP]]
            if read_files is None or len(paths) <= FEW:
                yield from (PathSource(path, folder) for path in paths)
            else:
                yield from _bundled(folder, paths, read_files)


def _bundled(folder: str, paths: list[str], read_files: ReadFiles) -> Iterator[Source | Bundle]:
    """Bundles as long as files are small; what is not goes the other way, in its place."""
    # No file has an empty name: C stops there, and `PathSource` takes standard input.
    names = os.fsencode("\0".join("" if path == STANDARD_INPUT else path for path in paths)) + b"\0"
    done = at = 0
    while done < len(paths):
        text, facts, at = read_files(names, at, len(paths) - done, BUNDLE_BYTES, SMALL_BYTES)
        if facts:
            yield Bundle(folder, paths[done : done + len(facts)], text, facts)
            done += len(facts)
        if done < len(paths) and len(text) < BUNDLE_BYTES:
            yield PathSource(paths[done], folder)
            at = names.index(b"\0", at) + 1
            done += 1


def _native() -> ReadFiles | None:
    try:
        from dedup.sources.small_files import read_files
    except ImportError:
        return None
    function: ReadFiles = read_files
    return function
