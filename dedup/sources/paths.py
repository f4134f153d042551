"""From arguments to files: which ones are read, and in which order.

The order decides which copy stays, so it is part of the contract: arguments in the order given, and below a
folder the files sorted by the bytes of their path, as `find FOLDER -type f | LC_ALL=C sort` lists them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dedup.errors import InputSkipped, NothingToRead, UsageError
from dedup.sources.detect import BOM
from dedup.sources.globs import Globs, check_glob

Name = str | os.PathLike[str]
STANDARD_INPUT = "-"
_UNSET = "Is a variable of the shell not set?"


class Selection(NamedTuple):
    """What of a folder is read. A file that is named itself is always read."""

    include: tuple[str, ...] = ()
    """Globs as in .gitignore, relative to the folder; a file must match one, if there are any."""
    exclude: tuple[str, ...] = ()
    """Globs as in .gitignore; files and whole folders that match are left out, whatever `include` says."""
    hidden: bool = False
    """Take names that begin with a dot as well."""
    except_suffix: str = ""
    """Leave out names that end so: backups of an earlier run."""
    follow: bool = False
    """Follow symbolic links; each file and folder is then read once, under the first of its names."""
    gitignore: bool = False
    """Leave out what git ignores, in the working trees of repositories."""
    tracked: bool = False
    """Leave out all that git does not track there."""


class Found(NamedTuple):
    """A file to read."""

    path: str
    """As it is opened and reported: the argument, or the folder's name and the path below it."""
    below: str
    """The path below the folder that was given; the last part of the name of a file that was given itself."""


class Part(NamedTuple):
    """The files that a folder stands for, or files that were given themselves one after another."""

    folder: str
    """With a slash at its end; empty for files that were given themselves."""
    names: list[str]
    """Below the folder."""


@dataclass(slots=True, eq=False, repr=False)
class Listing:
    """The files that arguments stand for, in order, and what was left out on the way."""

    parts: list[Part] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    """Those that were given, also where nothing is read in them."""
    skipped: list[InputSkipped] = field(default_factory=list)
    """Folders that could not be read."""
    hidden: int = 0
    """Files and folders left out for a dot at the beginning of their name."""
    unselected: int = 0
    """Files and folders left out by the globs."""
    links: int = 0
    """Symbolic links that were not followed, or that lead to what is read already."""
    special: int = 0
    """FIFOs, sockets and devices in folders: opening them may wait forever."""
    ignored: int = 0
    """Files and folders left out because git ignores them."""
    untracked: int = 0
    """Files and folders left out because git does not track them."""
    notes: list[str] = field(default_factory=list)
    """What the summary should say besides."""

    def __iter__(self) -> Iterator[Found]:
        for folder, names in self.parts:
            for name in names:
                yield Found(folder + name, name if folder else os.path.basename(name))

    def add(self, file: str) -> None:
        """Append a file that was given itself."""
        if not self.parts or self.parts[-1].folder:
            self.parts.append(Part("", []))
        self.parts[-1].names.append(file)

    def paths(self) -> Iterator[str]:
        """The paths alone; faster than iterating where there are many."""
        for folder, names in self.parts:
            yield from map(folder.__add__, names)

    def __len__(self) -> int:
        return sum(len(part.names) for part in self.parts)

    def left_out(self) -> str:
        """What was left out, in words: `2 hidden, 1 symbolic link`; empty if nothing was.

        >>> Listing(hidden=2, links=1).left_out()
        '2 hidden, 1 symbolic link'
        """
        counts = (
            (self.unselected, "not selected"),
            (self.hidden, "hidden"),
            (self.links, "symbolic link" + "s" * (self.links != 1)),
            (self.special, that_are_special(self.special)),
            (self.ignored, "that git ignores"),
            (self.untracked, "that git does not track"),
        )
        return ", ".join(f"{number:,} {what}" for number, what in counts if number)


def that_are_special(number: int) -> str:
    """What is said behind a number of FIFOs, sockets and devices."""
    return "that is not a regular file" if number == 1 else "that are not regular files"


def list_files(arguments: Name | Iterable[Name], selection: Selection | None = None) -> Listing:
    """Put every folder's files in its place.

    Args:
        arguments: names of files and folders, or one; `-` is standard input. What does not exist stays in the list:
            it is skipped, with the reason, when it is to be opened.
        selection: what of a folder is read.
    Raises:
        UsageError: a glob cannot be understood, or a name is empty or has a NUL.
    Cost: one scan of each folder, O(n log n) for sorting; nothing is opened.
    """
    listing = Listing()
    walk: _Walk | None = None
    for given in [arguments] if isinstance(arguments, (str, os.PathLike)) else arguments:
        argument = given if isinstance(given, str) else _as_path(given)
        if "\0" in argument:
            raise UsageError(f"{argument!r} cannot be a file name: it has a NUL", "Names ended by NUL need -0.")
        if not argument:
            raise UsageError("an input has an empty name", _UNSET)
        if argument != STANDARD_INPUT and os.path.isdir(argument):
            walk = walk or _Walk(listing, selection or Selection())
            listing.folders.append(argument)
            walk.list_folder(argument)
        else:
            listing.add(argument)
    return listing


def _as_path(given: object) -> str:
    from dedup.arguments import path_of

    return path_of(given, "one of several inputs")


def without_products(listing: Listing, *products: object, backup: str = "") -> Listing:
    """The files to read, but for those in folders that the run itself writes, or has written at another time.

    A second run would read what the first one wrote, and find all of it repeated: a backup would lose its text.

    Args:
        listing: the files; those that were given themselves stay.
        products: paths of files and folders; all else among them, and `-`, is passed over.
        backup: suffix of backups.
    Raises:
        NothingToRead: nothing is left.
    """
    places = [place_of(one) for one in products if isinstance(one, (str, os.PathLike)) and str(one) != "-"]
    parts = [_without(part, places, backup) if part.folder else part for part in listing.parts]
    left = replace(listing, parts=[part for part in parts if part.names])
    if not len(left) and len(listing):
        raise NothingToRead("no file to read but those that the run itself writes", "Check the names.")
    return left


def in_a_folder(listing: Listing, product: object) -> bool:
    """Whether a product is among the files that were found in folders."""
    if not isinstance(product, (str, os.PathLike)) or str(product) == "-":
        return False
    place = place_of(product)
    roots = ((part, os.path.join(place_of(part.folder), "")) for part in listing.parts if part.folder)
    return any(place.startswith(root) and place[len(root) :] in part.names for part, root in roots)


def _without(part: Part, places: list[str], backup: str) -> Part:
    root = os.path.join(place_of(part.folder), "")
    below = tuple(place[len(root) :] for place in places if place.startswith(root))
    names = part.names
    if below:
        inside = tuple(name + os.sep for name in below)
        names = [name for name in names if name not in below and not name.startswith(inside)]
    if backup:
        names = [name for name in names if not name.endswith(backup)]
    return part._replace(names=names)


def place_of(path: str | os.PathLike[str]) -> str:
    """Where a path leads to; itself for `-`, and where the working directory was deleted."""
    try:
        return STANDARD_INPUT if path == STANDARD_INPUT else os.path.realpath(path)
    except FileNotFoundError:
        return os.fspath(path)


def read_names(data: bytes, *, null: bool) -> list[str]:
    r"""The file names in a list: one a line, or each ended by a NUL; empty ones are passed over.

    >>> read_names(b"a.txt\nb c.txt\n", null=False), read_names(b"a\nb\0c\0", null=True)
    (['a.txt', 'b c.txt'], ['a\nb', 'c'])
    >>> read_names(b"\xef\xbb\xbfa.txt\r\nb.txt\r\n", null=False)
    ['a.txt', 'b.txt']
    """
    if null:
        return [os.fsdecode(name) for name in data.split(b"\0") if name]
    names = [name for name in data.removeprefix(BOM).split(b"\n") if name]
    if all(name.endswith(b"\r") for name in names):  # written on Windows: no name would be found
        names = [name[:-1] for name in names]
    return [os.fsdecode(name) for name in names if name]


class _Walk:
    """Goes through folders with one stack, so that no depth of folders is too deep.

    Names travel as bytes. On the stack a folder has a slash at its end, which sorts what is in it to its place.
    """

    def __init__(self, listing: Listing, selection: Selection) -> None:
        self._listing = listing
        self._hidden = selection.hidden
        self._follow = selection.follow
        self._except = os.fsencode(selection.except_suffix)
        self._include = _globs("--include", selection.include)
        self._exclude = _globs("--exclude", selection.exclude)
        self._asks_git = selection.gitignore or selection.tracked
        self._tracked = selection.tracked
        self._ignored: set[bytes] = set()
        """Below the folder in hand."""

    def list_folder(self, folder: str) -> None:
        """Append the files below a folder, sorted."""
        root = os.fsencode(folder)
        root = root if root.endswith(b"/") else root + b"/"
        seen = _Seen() if self._follow else None
        self._ignored.clear()
        files: list[bytes] = []
        stack = [b""]
        while stack:
            path = stack.pop()
            if seen and not seen.add(root + path):
                self._listing.links += 1
            elif path and not path.endswith(b"/"):
                files.append(path)
            else:
                stack += sorted(self._scan(root + path, path), reverse=True)
        if files:
            self._listing.parts.append(Part(os.fsdecode(root), _decode(files)))

    def _scan(self, folder: bytes, below: bytes) -> list[bytes]:
        """What is to be visited in one folder."""
        paths = []
        try:
            with os.scandir(folder) as entries:
                for entry in self._after_git(entries, folder, below) if self._asks_git else entries:
                    path = self._visit(entry, below + entry.name)
                    if path:
                        paths.append(path)
        except OSError as error:
            name = os.fsdecode(folder.rstrip(b"/") or b"/")
            self._listing.skipped.append(InputSkipped(name, error.strerror or str(error)))
        return paths

    def _after_git(
        self, entries: Iterable[os.DirEntry[bytes]], folder: bytes, below: bytes
    ) -> list[os.DirEntry[bytes]]:
        """What is in a folder, once git was asked: for the folder that was given, and where a repository begins."""
        from dedup.sources.ignored import WHOLE, ignored_below

        found = list(entries)
        if not below or any(entry.name == b".git" for entry in found):
            paths, refusal = ignored_below(folder, untracked=self._tracked)
            if WHOLE in paths:
                self._listing.untracked += 1
                return []
            self._ignored.update(map(below.__add__, paths))
            if refusal:
                self._listing.notes.append(f"git does not tell what it ignores in {os.fsdecode(folder)}: {refusal}")
        return [entry for entry in found if entry.name != b".git"]

    def _visit(self, entry: os.DirEntry[bytes], path: bytes) -> bytes:
        """The path of an entry that is to be read or scanned; empty if it is left out, which is counted."""
        if not self._hidden and entry.name.startswith(b"."):
            self._listing.hidden += 1
            return b""
        if not self._follow and entry.is_symlink():
            self._listing.links += 1
            return b""
        if not entry.is_file():
            if entry.is_dir():
                path += b"/"
            elif _exists(entry):  # a link that leads nowhere stays, and is skipped with the system's reason
                self._listing.special += 1
                return b""
        if self._ignored and not self._ignored.isdisjoint((path, path.removesuffix(b"/"))):
            self._listing.ignored += not self._tracked
            self._listing.untracked += self._tracked
            return b""
        if self._except and path.endswith(self._except):
            self._listing.unselected += 1
            return b""
        if (self._include or self._exclude) and not self._selects(path):
            self._listing.unselected += 1
            return b""
        return path

    def _selects(self, path: bytes) -> bool:
        name = os.fsdecode(path)
        if self._exclude and self._exclude.match(name):
            return False
        return path.endswith(b"/") or not self._include or self._include.match(name)


class _Seen:
    """Files and folders by what they are on the disk, whatever they are called."""

    def __init__(self) -> None:
        self._known: set[tuple[int, int]] = set()

    def add(self, path: bytes) -> bool:
        """Remember one; False if it is known already. What cannot be looked at is not known."""
        try:
            facts = os.stat(path)
        except OSError:
            return True
        identity = (facts.st_dev, facts.st_ino)
        if identity in self._known:
            return False
        self._known.add(identity)
        return True


def _decode(paths: list[bytes]) -> list[str]:
    """All at once, since no path has a NUL: a call of `fsdecode` each takes a third of the time of a scan."""
    return os.fsdecode(b"\0".join(paths)).split("\0")


def _exists(entry: os.DirEntry[bytes]) -> bool:
    try:
        entry.stat()
    except OSError:
        return False
    return True


def _globs(option: str, patterns: Sequence[str]) -> Globs | None:
    """Patterns as one matcher, each of which can match something."""
    if isinstance(patterns, str):  # each of its letters would be one
        name = option.removeprefix("--")
        raise UsageError(f"{name} cannot be a str: it is several globs", f"For one: {name}=({patterns!r},).")
    for pattern in patterns:
        check_glob(pattern, option)
    return Globs(patterns) if patterns else None
