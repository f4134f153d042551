"""Where a file stands in its repository: platforms know files by that path, wherever a command was run."""

from __future__ import annotations

import os
from functools import lru_cache


def path_in_repository(name: str) -> str:
    """A name as it was given, seen from the root of the repository that one is in; the name tidied outside of one.

    >>> path_in_repository("/srv/./x/../a.txt"), path_in_repository("<stdin>")
    ('/srv/a.txt', '<stdin>')
    """
    if name == "<stdin>":
        return name
    root, here = _root_and_here()
    whole = os.path.normpath(os.path.join(here, name))
    if root and whole.startswith(root):
        return whole[len(root) :]
    return os.path.normpath(name)


def _root_and_here() -> tuple[str, str]:
    """The root, with a slash behind it, or nothing; and the working directory, or nothing."""
    try:
        here = os.getcwd()
    except OSError:  # it was deleted
        return "", ""
    return _root(here), here


@lru_cache(1)
def _root(folder: str) -> str:
    """As git finds it; in a worktree or a submodule `.git` is a file."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return folder.rstrip("/") + "/"
