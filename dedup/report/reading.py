"""What of the text a report is to carry, and how it is read again: what a run must know of that before it ends."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from dedup.findings import Decided

LEVELS = ("none", "excerpt", "full")
"""How much text a report carries: none; the beginning of both sides; both sides, with what is around them."""
TextOf = Callable[[int, int, int], bytes]
"""Gives bytes [start, end) of a document, given by its number; what lies past its end is left out."""


class RunText:
    """A `TextOf` for documents that are one text end to end."""

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        starts: array[int],
        reader: object = None,
        at_hand: tuple[int, bytes | memoryview] = (0, b""),
    ) -> None:
        """
        Args:
            read: gives bytes [start, end) of that text; raises OSError.
            starts: of type "Q": where each document begins, and the end of the last.
            reader: does the same for `dedup.report.rows`, if the engine has one.
            at_hand: where in it a part begins that is still in memory, and that part.
        """
        self.read = read
        self.starts = starts
        self.reader = reader
        self.at_hand = at_hand

    def __call__(self, document: int, start: int, end: int) -> bytes:
        base, last = self.starts[document], self.starts[document + 1]
        return self.read(base + start, min(base + end, last))


class Reading(NamedTuple):
    """What to read again at the end of a run."""

    level: str = "none"
    """One of `LEVELS`."""
    members: bool = False
    """Fingerprint every paragraph."""
    accepts: Callable[[bytes], bool] | None = None
    """Asked of every paragraph, if members are read."""
    markers: bool = False
    """Look for the marks that protect text (`dedup.report.markers`)."""
    stream: FindingStream | None = None
    """Takes the findings as they are decided; the run then keeps none."""


class FindingStream(Protocol):
    """Takes findings while the run goes on."""

    def begin(self, names: Sequence[str], text_of: TextOf) -> None:
        """Called once, before the first `take`. `names` grows with the run."""

    def take(self, decided: Decided) -> None:
        """Called with everything that is settled, in order."""
