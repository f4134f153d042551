"""Which files of a folder `check` reads: its texts, each once. What is named itself is read whatever it is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from dedup.checks.pointers import FIRST_LINE, is_pointer, is_pointer_file
from dedup.counts import count
from dedup.sources.bundles import Bundle
from dedup.sources.detect import BINARY_BYTES, is_binary
from dedup.sources.paths import STANDARD_INPUT, Part, that_are_special
from dedup.sources.source import PathSource, Source

if TYPE_CHECKING:
    from dedup.errors import InputSkipped
    from dedup.run.start import Opened
    from dedup.settings import Settings
    from dedup.sources.paths import Listing


class Binaries:
    """Tells the binary files of folders."""

    def __init__(self, settings: Settings, named: Iterable[str] = ()) -> None:
        """
        Args:
            settings: with an encoding or a format of records, every file is what they say.
            named: files that were named themselves.
        """
        self._none = bool(settings.encoding) or settings.format not in ("auto", "text")
        self._named = frozenset(named)

    def has(self, name: str, head: bytes) -> bool:
        """Whether a file with these first bytes is one."""
        return b"\0" in head and not self._none and name not in self._named and is_binary(name, head)

    def has_file(self, path: str) -> bool:
        """Whether the file at a path is one; what cannot be read is not."""
        if self._none or path in self._named:
            return False
        with suppress(OSError), open(path, "rb", buffering=0) as file:
            return self.has(path, file.read(BINARY_BYTES))
        return False


class OnlyTexts:
    """Inputs without the binary files among them, which are counted.

    Small files are looked at in the bundle that they were read in, so that none of them is opened twice.
    """

    def __init__(self, opened: Opened, binaries: Binaries) -> None:
        self._opened = opened
        self._binaries = binaries
        self.binary = 0
        """Files left out so far."""
        self.pointers = 0
        """Files so far that are pointers of Git LFS."""

    @property
    def skipped(self) -> list[InputSkipped]:
        """As of the inputs."""
        return self._opened.skipped

    def sources(self) -> Iterator[Source | Bundle]:
        """All that are left, from the beginning."""
        self.binary = self.pointers = 0
        opened = self._opened.sources()
        try:
            for source in opened:
                if isinstance(source, Bundle):
                    yield from self._bundled(source)
                elif isinstance(source, PathSource) and self._binaries.has_file(source.name):
                    self.binary += 1
                else:
                    self.pointers += isinstance(source, PathSource) and is_pointer_file(source.name)
                    yield source
        finally:
            if stop := getattr(opened, "close", None):  # a thread that reads ahead
                stop()

    def _bundled(self, bundle: Bundle) -> Iterator[Bundle]:
        if FIRST_LINE in bundle.text:
            ends = accumulate(one[0] for one in bundle.facts)
            self.pointers += sum(is_pointer(bundle.text[start:end]) for start, end in pairwise([0, *ends]))
        if b"\0" not in bundle.text:
            yield bundle
            return
        spans = list(pairwise([0, *accumulate(one[0] for one in bundle.facts)]))
        heads = [bundle.text[start : min(end, start + BINARY_BYTES)] for start, end in spans]
        kept = [at for at, head in enumerate(heads) if not self._binaries.has(bundle.names[at], head)]
        self.binary += len(spans) - len(kept)
        if len(kept) == len(spans):
            yield bundle
        elif kept:
            text = b"".join(bundle.text[start:end] for start, end in map(spans.__getitem__, kept))
            names, facts = [bundle.names[at] for at in kept], [bundle.facts[at] for at in kept]
            yield Bundle(bundle.folder, names, text, facts)


def each_once(listing: Listing) -> tuple[Listing, set[str]]:
    """Every file under the first of its names alone, so that none repeats itself.

    Returns:
        The listing, and the paths in it of files that were named themselves, there or further on.
    Cost: a call to the system for each file; nothing where one folder or one file was given.
    """
    named: set[str] = set()
    first: dict[object, str] = {}
    parts = []
    several = len(listing.parts) > 1
    for folder, names in listing.parts:
        if folder and not several:
            return listing, named
        kept = []
        for name in names:
            identity = _identity(folder + name)
            if identity not in first:
                first[identity] = folder + name
                kept.append(name)
            if not folder:
                named.add(first[identity])
        parts += [Part(folder, kept)] if kept else []
    return replace(listing, parts=parts), named


def _identity(path: str) -> object:
    """What is the same for two names of one file. Hard links are two files, as they are for git."""
    if path == STANDARD_INPUT:
        return path
    try:
        facts = os.stat(path)
    except OSError:
        return path  # it is told when it is opened
    return (facts.st_dev, facts.st_ino) if facts.st_nlink == 1 else os.path.realpath(path)


def left_out(listing: Listing, binary: int) -> dict[str, int]:
    """How many files were not read, by the reason."""
    counts = {"binary": binary, "ignored": listing.ignored, "untracked": listing.untracked}
    counts |= {"links": listing.links, "special": listing.special}
    return {name: number for name, number in counts.items() if number}


def left_out_words(counts: Mapping[str, int]) -> str:
    """`left out 2 binary files, 3 that git ignores`; empty if nothing was.

    >>> left_out_words({"binary": 2, "ignored": 3, "links": 1})
    'left out 2 binary files, 3 that git ignores, 1 symbolic link'
    """
    words = {
        "binary": lambda number: count(number, "binary file"),
        "ignored": lambda number: f"{number:,} that git ignores",
        "untracked": lambda number: f"{number:,} that git does not track",
        "links": lambda number: count(number, "symbolic link"),
        "special": lambda number: f"{number:,} {that_are_special(number)}",
    }
    told = [words[name](number) for name, number in counts.items() if name in words]
    return f"left out {', '.join(told)}" if told else ""


def pointer_words(pointers: int) -> str:
    """What to say of pointers that were read; empty if there were none.

    >>> pointer_words(1)
    '1 file is a pointer of Git LFS and not the text it stands for: git lfs pull fetches that'
    """
    are = "is a pointer" if pointers == 1 else "are pointers"
    them = "the text it stands for: git lfs pull fetches that" if pointers == 1 else "texts: git lfs pull fetches those"
    return f"{count(pointers, 'file')} {are} of Git LFS and not {them}" if pointers else ""
