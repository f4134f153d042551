"""Globs as in .gitignore: of those that match a path the last one decides, and `!` takes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate


class Globs:
    """A list of globs. In paths a folder has a slash at its end."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Raises ValueError: one is no glob."""
        from pathspec import GitIgnoreSpec  # 20 ms, for those who have globs

        # `a/**` is what lies in the folder. For pathspec it is the folder as well, and nothing could be taken back.
        self._spec = GitIgnoreSpec.from_lines([re.sub(r"/\*\*(/?)$", r"/**/*\1", one) for one in patterns])

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
