"""What git ignores or does not track below a folder. Git itself is asked: its rules stand in many files."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
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
    environment = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    try:
        told = subprocess.run(
            ["git", *(_UNTRACKED if untracked else _IGNORED)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env={**environment, "LC_ALL": "C"},
            check=False,
        )
    except OSError:
        return Ignored(frozenset())
    if told.returncode:
        # Of another owner, as the folders of containers are. Git fails as well in a folder that is itself ignored.
        owner = b"safe.directory" in told.stderr
        return Ignored(frozenset(), "the repository belongs to somebody else (safe.directory)" if owner else "")
    return Ignored(frozenset(told.stdout.split(b"\0")) - ({b""} if untracked else {b"", WHOLE}))
