"""What blocks are made of: paragraphs by their numbers, repeats among them, and a block that may still grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from dedup.matching.borrowings import Borrowing

SHORT = -1
"""The link of a paragraph that is too short to match on its own."""


@dataclass(slots=True)
class Places:
    """What is known of every paragraph of the run, by its number."""

    document: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    link: list[int] = field(default_factory=list)
    """The original it repeats, itself if it is an original, or SHORT."""


class Member(NamedTuple):
    """One repeat of a block."""

    g: int
    h: int
    """Where the earlier passage has the same."""
    original: int
    """The original it repeats; for a short paragraph the one at h."""
    kind: str
    """`exact`, `near` or `short`."""
    words: int
    intersection: int = 0
    union: int = 0


@dataclass(slots=True)
class OpenBlock:
    """A block that may still grow."""

    number: int
    """Blocks count from 0 in the order they open, which is that of their first paragraphs."""
    first_g: int
    g: int
    h: int
    anchor_g: int
    anchor_h: int
    """The last pair that is sure; (g, h) is the last of any."""
    same_document: bool
    members: list[Member]
    pending: list[Member] = field(default_factory=list)
    """Short members that count only if a long one follows them."""
    following: set[int] = field(default_factory=set)
    """Those of them that directly followed what was borrowed, so that they may become strays."""
    whole: bool = False
    """It is long enough, or in one document: all members are removed."""
    closed: bool = False
    settled: int = 0
    """Members at the head of the list that are counted, and removed if the block is whole."""
    words: int = 0
    reach: int = -1
    """The last stray among them that came to this block, which stays open for what follows it."""
    strays: list[Member] = field(default_factory=list)
    """Those that are removed."""
    borrowing: Borrowing = field(init=False)

    @property
    def parts(self) -> list[Member]:
        """All that is repeated, strays included, in order."""
        return sorted([*self.members, *self.strays])
