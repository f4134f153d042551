"""Inputs that a run would replace although nobody asked for it, or although they have changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress

from dedup.errors import output_as_well
from dedup.sources.source import Facts

_Identity = tuple[int, int]


class Replaced:
    """An input that the output takes the place of: what somebody writes to it from now on would be gone.

    One of the things that are committed together, of which this one only refuses.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._facts = Facts.of(os.stat(path))

    def prepare(self) -> None:
        """Raise ReadError if it is not what it was."""
        self._facts.refuse_changed_at(self._path)

    def commit(self) -> None:
        """Nothing: the output does it."""

    def abort(self) -> None:
        """Nothing."""


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


def refuse_appending(inputs: Iterable[str], identity: _Identity | None) -> None:
    """Raise ReadError if an input is written to while it is read.

    Cost: a call to the system for each, if there is such a file.

    Args:
        inputs: paths; `-` is standard input.
        identity: of the file that the output goes to, as `StreamSink` has it.
    """
    for path in inputs if identity is not None else ():
        if _identity(path) == identity:
            raise output_as_well("<stdin>" if path == "-" else path)


def _identity(path: str) -> _Identity | None:
    """Device and inode; None for what cannot be asked."""
    with suppress(OSError):
        facts = os.stat(0 if path == "-" else path)
        return facts.st_dev, facts.st_ino
    return None
