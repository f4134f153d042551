"""Inputs that a run would replace although nobody asked for it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress

_Identity = tuple[int, int]


def first_replaced(inputs: Iterable[str], targets: Sequence[str]) -> tuple[str, str] | None:
    """The first input that goes when some files are replaced, and which of them it is; None if none does.

    Two hard links are two files: one of them keeps the old text. Cost: a call to the system for each, and for each
    input none if no target is there.

    Args:
        inputs: paths; `-` is standard input.
        targets: paths that are written to.
    """
    there = {identity: path for path in targets if (identity := _identity(path))}
    places: dict[str, str] = {}
    for path in inputs if there else ():
        if (identity := _identity(path)) in there:
            if path == "-":
                return path, there[identity]
            places = places or {os.path.realpath(target): target for target in targets}
            if (place := os.path.realpath(path)) in places:
                return path, places[place]
    return None


def _identity(path: str) -> _Identity | None:
    """Device and inode; None for what cannot be asked."""
    with suppress(OSError):
        facts = os.stat(0 if path == "-" else path)
        return facts.st_dev, facts.st_ino
    return None
