"""What git ignores or does not track below a folder. Git itself is asked: its rules stand in many files."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

_INDEX = b"GIT_INDEX_FILE"
_OF_ANOTHER = (b"GIT_DIR", b"GIT_WORK_TREE", _INDEX, b"GIT_PREFIX", b"GIT_COMMON_DIR", b"GIT_OBJECT_DIRECTORY")
"""A hook of git has these for its own repository, and git would take the folder for a part of that."""
_UNTRACKED = ("ls-files", "--others", "--directory", "-z")
_IGNORED = (*_UNTRACKED, "--ignored", "--exclude-standard")
WHOLE = b"./"
"""The path of the folder itself, where git tracks nothing in it."""


class Ignored(NamedTuple):
    """What git says of one folder."""

    paths: frozenset[bytes]
    """From the folder on; of folders that are ignored whole the folder alone, with a slash at its end."""
    refusal: str = ""
    """Why git does not say anything of a repository that is there."""


def ignored_below(folder: bytes, *, untracked: bool = False) -> Ignored:
    """What git ignores below a folder, but for the folder itself, which was named; or all that it does not track.

    Nothing without git or outside of a repository. A repository inside this one has to be asked for itself.

    Cost: one process; git looks into no folder that is ignored whole.
    """
    try:
        told = _ask(folder, *(_UNTRACKED if untracked else _IGNORED), index=_index_of(folder))
    except OSError:
        return Ignored(frozenset())
    if told.returncode:
        # Of another owner, as the folders of containers are. Git fails as well in a folder that is itself ignored.
        owner = b"safe.directory" in told.stderr
        return Ignored(frozenset(), "the repository belongs to somebody else (safe.directory)" if owner else "")
    return Ignored(frozenset(told.stdout.split(b"\0")) - ({b""} if untracked else {b"", WHOLE}))


def _ask(folder: bytes, *arguments: str, index: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What git says in the repository that the folder is in. Raises OSError where there is none."""
    environment = {name: value for name, value in os.environb.items() if name not in _OF_ANOTHER}
    if index:
        environment[_INDEX] = index
    return subprocess.run(
        ["git", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=folder,
        env={**environment, b"LC_ALL": b"C"},
        check=False,
    )


def _index_of(folder: bytes) -> bytes:
    """The index that a hook was given, if it is one of the folder's own repository; empty where git finds it itself.

    `git commit FILE` commits FILE alone: its hook gets an index without what else was added. It lies in the
    directory of the repository.
    """
    given = os.environb.get(_INDEX, b"")
    if not given or os.path.basename(given) == b"index":
        return b""
    asked = _ask(folder, "rev-parse", "--absolute-git-dir")
    where = os.path.realpath(given)
    return where if os.path.dirname(where) == os.path.realpath(asked.stdout.rstrip(b"\n")) else b""
