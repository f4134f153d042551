"""Globs as in .gitignore: of those that match a path the last one decides, and `!` takes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from dedup.errors import UsageError

_REMEDY = "The syntax is that of .gitignore, such as '*.txt' or drafts/; a backslash before [ ! # or \\ means the sign."

_NAMES = "Paths begin below the folder that is read and have one / between names: a/b and not ./a//b; /a is at the top."


class Globs:
    """A list of globs. In paths a folder has a slash at its end."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Raises ValueError: one is no glob."""
        from pathspec import GitIgnoreSpec  # 20 ms, for those who have globs

        # `a/**` is what lies in the folder. For pathspec it is the folder as well, and nothing could be taken back.
        try:
            self._spec = GitIgnoreSpec.from_lines([re.sub(r"/\*\*(/?)$", r"/**/*\1", one) for one in patterns])
        except re.error as error:  # pathspec lets it through
            raise ValueError(error.msg) from error

    @property
    def can_match(self) -> bool:
        """Whether one of them is more than a comment."""
        return any(one.include is not None for one in self._spec.patterns)

    def match(self, path: str) -> bool:
        """Whether a path matches, whatever the folders above it do."""
        return self._spec.match_file(path)

    def decide(self, path: str) -> tuple[bool, int | None]:
        """Whether a file or a folder above it matches, and the number of the glob that says so.

        What lies in a folder that matches cannot be taken back: git does not look into it.
        """
        *folders, _ = path.split("/")
        found = self._spec.check_file(path)
        for folder in accumulate(folders, "{}/{}".format):
            above = self._spec.check_file(f"{folder}/")
            if above.include:
                found = above
                break
        return bool(found.include), found.index


def check_glob(glob: str, option: str, *, useful: bool = True) -> None:
    """Raise UsageError if a glob of an option, or of a file, cannot be understood.

    Args:
        glob: as it was given.
        option: where, such as `--include` or `.dedupignore:3:`.
        useful: one that can match nothing, such as a comment, is refused as well.
    """
    try:
        works = Globs([glob]).can_match
    except ValueError as error:
        raise UsageError(f"{option} {glob!r} is no glob: {_lower(str(error))}", _REMEDY) from error
    if useful and not works:
        raise UsageError(f"{option} {glob!r} matches nothing", _REMEDY)
    if useful and not _names_a_path(glob):
        raise UsageError(f"{option} {glob!r} matches nothing: no file has an empty name, or . or .. for one", _NAMES)


def _names_a_path(glob: str) -> bool:
    """Whether every name of a glob is one that a file or folder can have: not so in `//`, `./a` and `../a`.

    >>> [_names_a_path(one) for one in ("!/a/", "**/.a", "a//b", "./a")]
    [True, True, False, False]
    """
    path = glob.removeprefix("!").rstrip(" ").removeprefix("/").removesuffix("/")
    return not {"", ".", ".."}.intersection(path.split("/"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
