"""What a new file takes over from the old one in whose place it goes: owner, permissions, extended attributes; and
what one that holds text of inputs may allow."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress

_ACL = "system.posix_acl_access"
_KEPT = (_ACL, "security.selinux")
"""Who may do what. Others of the system speak of the old bytes (`security.ima`) or are its own."""


def take_after(descriptor: int, path: str, target: os.stat_result) -> None:
    """Make an open file like the one that stands at `path`, as far as the system allows it.

    Raises:
        OSError: the permissions cannot be set.
    """
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (target.st_uid, target.st_gid):
        # Only root may give files away; for others the file is theirs, as after any editor.
        with suppress(PermissionError):
            os.fchown(descriptor, target.st_uid, target.st_gid)
    _take_attributes(descriptor, path)
    os.fchmod(descriptor, stat.S_IMODE(target.st_mode))


def allowed_by(name: str, group: int) -> int:
    """The permissions of a new file that holds text of an input: who cannot read the one cannot read the other.

    Args:
        name: of the input as it was read. What is no regular file, a pipe or bytes, allows everything.
        group: of the new file. If it is another than the input's, its members are to the input what all others are.
    """
    try:
        source = os.stat(0 if name in ("-", "<stdin>") else name)
    except (OSError, ValueError):  # bytes, or an object with a name of its own
        return 0o777
    if not stat.S_ISREG(source.st_mode):
        return 0o777
    return _given(source, group) | 0o600


def allowed_by_each(names: Iterable[str], group: int) -> int:
    """The same of several inputs; asks of no more once nothing is left to be taken. Cost: a call to the system each."""
    mode = 0o777
    for name in names:
        mode &= allowed_by(name, group)
        if not mode & 0o177:
            break
    return mode


def allowed_by_folder(name: str, group: int) -> int:
    """The permissions of a new folder for what stands in another one, which its owner can always write to."""
    try:
        source = os.stat(name)
    except OSError:
        return 0o777
    return _given(source, group) | 0o700


def _given(source: os.stat_result, group: int) -> int:
    """What a file or folder lets its owner, a group and others do."""
    mode = stat.S_IMODE(source.st_mode)
    if source.st_gid != group:
        mode = mode & ~0o070 | (mode & 0o007) << 3
    return mode & 0o777


def limit(sinks: Iterable[object], names: Iterable[str]) -> None:
    """Have what sinks write read by nobody who cannot read some inputs, where it is a private file that is new.

    Cost: a call to the system for each input, however many the sinks are.
    """
    from dedup.sinks.atomic import FileSink
    from dedup.sinks.compression import CompressedSink

    allowed: dict[int, int] = {}
    for sink in sinks:
        target = sink.target if isinstance(sink, CompressedSink) else sink
        if isinstance(target, FileSink) and (group := target.group) is not None:
            if group not in allowed:
                allowed[group] = allowed_by_each(names, group)
            target.allow(allowed[group])


def _take_attributes(descriptor: int, path: str) -> None:
    """Access lists, labels and what users have noted; a list that only the folder gave the new file goes."""
    if sys.platform != "linux":
        return
    with suppress(OSError):  # a file system without them, or the old file has gone
        theirs = os.listxattr(path)
        for name in theirs:
            if name in _KEPT or name.startswith("user."):
                with suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(path, name))
        if _ACL not in theirs and _ACL in os.listxattr(descriptor):
            os.removexattr(descriptor, _ACL)
