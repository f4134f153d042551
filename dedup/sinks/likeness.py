"""What a new file takes over from the old one in whose place it goes: owner, permissions, extended attributes."""

from __future__ import annotations

import os
import stat
import sys
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
