"""Which output of a run a cleaned file is, and which part of its outputs a folder: told by their paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

Outputs = Iterator[tuple[str, dict[str, Any]]]
"""Each output with its digest, as the removals file has it."""


def section_of(cleaned: str, outputs: Outputs, digest_of: Callable[[str], dict[str, Any]]) -> str | None:
    """Which of the outputs of a run a file is: one that its path ends with, or else the one that has its digest.

    `a.txt` and `b/a.txt` are both what the name `cleaned/b/a.txt` ends with: it is the one that has its digest, and the
    longest path where that does not tell. None if there is none, or if a file of another name could be several.
    """
    known = list(outputs)
    fitting = [one for one in known if is_path_of(cleaned, one[0])]
    if known and len(fitting) != 1:
        digest = digest_of(cleaned)
        alike = [one for one in fitting or known if one[1] == digest]
        if not fitting and len(alike) > 1:
            return None
        fitting = alike or fitting
    return max((output for output, _ in fitting), key=len, default=None)


def folder_of(cleaned: str, outputs: Outputs) -> str | None:
    """Which part of the outputs a folder is: one that its path ends with and whose files are there; None for all.

    Where files are missing it is all, if the first is there, and else the longest path.
    """
    paths = [output for output, _ in outputs]
    folders = {path[:at] for path in paths for at, letter in enumerate(path) if letter == "/"}
    fitting = sorted((folder for folder in folders if is_path_of(cleaned, folder)), key=len, reverse=True)
    if not fitting or _has_all(cleaned, paths):
        return None
    for folder in fitting:
        if _has_all(cleaned, [path[len(folder) + 1 :] for path in paths if path.startswith(f"{folder}/")]):
            return folder
    return None if _has_all(cleaned, paths[:1]) else fitting[0]


def is_path_of(path: str, output: str) -> bool:
    """Whether a path ends with that of an output.

    >>> is_path_of("/cleaned/b/a.txt", "b/a.txt"), is_path_of("/cleaned/b/a.txt", "txt")
    (True, False)
    """
    return absolute(path).endswith(os.sep + output)


def absolute(path: str) -> str:
    """A path from the root; as it is where the working directory was deleted."""
    try:
        return os.path.abspath(path)
    except FileNotFoundError:
        return path


def _has_all(folder: str, paths: list[str]) -> bool:
    return all(os.path.lexists(os.path.join(folder, path)) for path in paths)
